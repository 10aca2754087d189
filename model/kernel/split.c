/* Lines and segments: model.lines.split_lines and model.segments. */
#include "kernel.h"

#define LONGEST 400
#define SHORTEST 6

static int32_t skip_class(const model *m, const text *t, int32_t at, unsigned classes) {
    while (at < t->size && has_class(m, t->cells[at], classes)) at++;
    return at;
}

static int is_stop(uint32_t p) { return p == '.' || p == ':' || p == ';'; }
static int is_call(uint32_t p) { return p == '!' || p == '?' || p == 0x2026; }
static int is_wide_stop(uint32_t p) { return p == 0x3002 || p == 0xFF01 || p == 0xFF1F || p == 0xFF1B; }
static int is_bar(uint32_t p) { return p == '|' || p == 0x2022 || p == 0xBB || p == 0xB7 || p == '>'; }
static int is_mark(uint32_t p) { return p == '"' || p == '\'' || p == 0x201D || p == 0x2019; }
static int is_bracket(uint32_t p) { return p == ')' || p == ']'; }

/* After stops: closing marks perhaps, and white space for certain. Return where it ends, or 0. */
static int32_t match_close(const model *m, const text *t, int32_t at) {
    int32_t marks = at;
    if (has_class(m, cell_at(t, marks, t->size), BLANK)) marks++;
    int32_t after = marks;
    while (after < t->size && (is_mark(POINT(t->cells[after])) || is_bracket(POINT(t->cells[after])))) after++;
    if (after > marks) {
        int32_t space = skip_class(m, t, after, BLANK);
        if (space > after) return space;
    }
    int32_t space = skip_class(m, t, at, BLANK);
    return space > at ? space : 0;
}

static int follows_words(const text *t, int32_t at) {
    if (at == 0) return 0;
    cell before = t->cells[at - 1];
    uint32_t p = POINT(before);
    if (is_bracket(p) || is_mark(p) || p == '%' || p == '*') return 1;
    return at > 1 && is_name(before) && is_name(t->cells[at - 2]);
}

/* Return the end of the boundary that starts at `at`, or 0. A line end is no BLANK here, so none reaches over it. */
static int32_t match_boundary(const model *m, const text *t, int32_t at) {
    uint32_t p = POINT(t->cells[at]);
    if (p < 128 && is_stop(p)) {
        int32_t after = at + 1, found;
        if (follows_words(t, at)) {
            while (after < t->size && is_stop(POINT(t->cells[after]))) after++;
            if ((found = match_close(m, t, after))) return found;
        }
        if (p != '.' || POINT(cell_at(t, at + 1, t->size)) != '.') return 0;
        for (after = at; after < t->size && POINT(t->cells[after]) == '.';) after++;
        return skip_class(m, t, after, BLANK);
    }
    if (is_call(p)) {
        if (at > 0 && is_call(POINT(t->cells[at - 1]))) return 0;
        int32_t after = at;
        while (after < t->size && is_call(POINT(t->cells[after]))) after++;
        return match_close(m, t, after);
    }
    if (is_bracket(p)) {
        int32_t after = at + 1;
        while (after < t->size && is_mark(POINT(t->cells[after]))) after++;
        int32_t space = skip_class(m, t, after, BLANK);
        return space > after ? space : 0;
    }
    if (is_wide_stop(p)) {
        int32_t after = at;
        while (after < t->size && is_wide_stop(POINT(t->cells[after]))) after++;
        while (after < t->size && (is_mark(POINT(t->cells[after])) || POINT(t->cells[after]) == 0x300D || POINT(t->cells[after]) == 0x300F)) after++;
        return skip_class(m, t, after, BLANK);
    }
    if (has_class(m, t->cells[at], BLANK)) {
        /* Blanks between words begin nothing, nor do those after the first of a run. */
        if (is_word(cell_at(t, at + 1, t->size))) return 0;
        if (at > 0 && has_class(m, t->cells[at - 1], BLANK)) return 0;
        int32_t bars = skip_class(m, t, at, BLANK), after = bars;
        while (after < t->size && is_bar(POINT(t->cells[after]))) after++;
        if (after == bars) return 0;
        int32_t space = skip_class(m, t, after, BLANK);
        return space > after ? space : 0;
    }
    return 0;
}

static void add_segment(text *t, int32_t start, int32_t end) {
    segment *s = &t->segments[t->segment_count++];
    s->start = start;
    s->end = end;
    s->line = (int32_t)t->used_lines;
}

/* A line on its way into segments: where the last cut stands and how many letters and digits lie before it, and the same for
 * the last cut that has enough of them before it and waits to have enough behind it. */
typedef struct {
    int32_t start, before, waiting, until;
} cutter;

static int32_t count_words(const text *t, int32_t from, int32_t to) { return count(t, words_in, from, to); }

/* Where a boundary may begin: match_boundary says whether one does. Or where the line ends. */
static uint64_t may_cut(const maps *b) { return b->stop | b->line_end | (b->blank & ~AFTER(b, word) & ~BEFORE(b, blank)); }

/* Note a place to cut, which has `words` letters and digits of its line before it. */
static void offer_cut(text *t, cutter *c, int32_t at, int32_t words) {
    if (c->waiting && words - c->until >= SHORTEST) {
        add_segment(t, c->start, c->waiting);
        c->start = c->waiting;
        c->before = c->until;
        c->waiting = 0;
    }
    if (!c->waiting && words - c->before >= SHORTEST) {
        c->waiting = at;
        c->until = words;
    }
}

/* Cut a stretch without a boundary; `words` letters and digits of its line stand before it. */
static void cut_long(text *t, cutter *c, int32_t start, int32_t end, int32_t words) {
    while (end - start > 2 * LONGEST) {
        int32_t at = start + LONGEST;
        while (at < start + 2 * LONGEST && POINT(t->cells[at]) != ' ') at++;
        int32_t next = at < start + 2 * LONGEST ? at + 1 : at;
        words += count_words(t, start, next);
        start = next;
        offer_cut(t, c, start, words);
    }
}

/* Cut the line that starts at `start` into segments; return its end. *words tells how many letters and digits it holds. */
static int32_t split_line(const model *m, text *t, int32_t start, int32_t *words) {
    cutter c = {start, 0, 0, 0};
    int32_t at = start, next = start, previous = start, counted = 0, before = 0;
    while ((next = find(t, may_cut, next, t->size)) < t->size && KIND(t->cells[next]) != LINE_END) {
        int32_t after = match_boundary(m, t, next);
        if (!after) {
            next++;
            continue;
        }
        counted += count_words(t, at, after);
        cut_long(t, &c, previous, after, before);
        offer_cut(t, &c, after, counted);
        previous = at = next = after;
        before = counted;
    }
    counted += count_words(t, at, next);
    at = next;
    *words = counted;
    if (!counted) return at;
    cut_long(t, &c, previous, at, before);
    if (c.waiting && counted - c.until >= SHORTEST) {
        add_segment(t, c.start, c.waiting);
        c.start = c.waiting;
    }
    add_segment(t, c.start, at);
    return at;
}

static uint64_t line_ends(const maps *b) { return b->line_end; }

/* Make room for the most lines and segments that there may be: what is not used takes no memory. */
static int make_room(text *t) {
    size_t cuts = (size_t)count(t, may_cut, 0, t->size) + (size_t)t->size / LONGEST;
    t->lines = malloc(sizeof(line) * ((size_t)count(t, line_ends, 0, t->size) + 1));
    t->segments = malloc(sizeof(segment) * (cuts + 1));
    return t->lines == NULL || t->segments == NULL ? -1 : 0;
}

/* Find the lines that hold words, and their segments. */
int split(const model *m, text *t) {
    int32_t start = 0, raw_start = 0, number = 0;
    if (make_room(t)) return -1;
    while (start < t->size) {
        int32_t words, first = (int32_t)t->segment_count, end = split_line(m, t, start, &words);
        int32_t raw_end = offset_of(t, end);
        number++;
        if (words) t->lines[t->used_lines++] = (line){.number = number, .start = raw_start, .end = raw_end, .first = first};
        if (end == t->size) {
            raw_start = t->length;
            break;
        }
        start = end + 1;
        raw_start = raw_end + 1;
        cell next = cell_at(t, start, t->size);
        if ((t->cells[end] & CARRIAGE_RETURN) && KIND(next) == LINE_END && !(next & (CARRIAGE_RETURN | SEPARATOR))
            && offset_of(t, start) == raw_start) {
            start++;
            raw_start++;
        }
    }
    /* What was dropped at the end of the text is a line of its own. */
    t->line_count = raw_start < t->length ? number + 1 : number;
    return 0;
}
