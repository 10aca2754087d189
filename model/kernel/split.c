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

static void add_part(text *t, int32_t start, int32_t end) {
    t->parts[t->part_count++] = (part){.start = start, .end = end, .line = (int32_t)t->used_lines};
}

static int32_t count_words(const text *t, int32_t from, int32_t to) { return count(t, words_in, from, to); }

/* Where a boundary may begin: match_boundary says whether one does. Or where the line ends. */
static uint64_t may_cut(const maps *b) { return b->stop | b->line_end | (b->blank & ~AFTER(b, word) & ~BEFORE(b, blank)); }

/* Note a place to cut, which has `words` letters and digits of its line before it. */
static void offer_cut(text *t, cutter *c, int32_t at, int32_t words) {
    if (c->waiting && words - c->until >= SHORTEST) {
        add_part(t, c->start, c->waiting);
        c->start = c->waiting;
        c->before = c->until;
        c->waiting = 0;
    }
    if (!c->waiting && words - c->before >= SHORTEST) {
        c->waiting = at;
        c->until = words;
    }
}

/* Cut a stretch without a boundary. */
static void cut_long(text *t, cutter *c, int32_t end) {
    while (end - c->previous > 2 * LONGEST) {
        int32_t start = c->previous, at = start + LONGEST;
        while (at < start + 2 * LONGEST && POINT(t->cells[at]) != ' ') at++;
        c->previous = at < start + 2 * LONGEST ? at + 1 : at;
        c->passed += count_words(t, start, c->previous);
        offer_cut(t, c, c->previous, c->passed);
    }
}

/* Cut a line into segments, as far as its cells are at hand. */
static void split_line(const model *m, text *t, cutter *c) {
    while ((c->next = find(t, may_cut, c->next, t->size)) < t->size && KIND(t->cells[c->next]) != LINE_END) {
        int32_t after = match_boundary(m, t, c->next);
        if (!after) {
            c->next++;
            continue;
        }
        c->counted += count_words(t, c->at, after);
        cut_long(t, c, after);
        offer_cut(t, c, after, c->counted);
        c->previous = c->at = c->next = after;
        c->passed = c->counted;
    }
    c->counted += count_words(t, c->at, c->next);
    c->at = c->next;
    /* A pause is no end, but what is as long as this is cut whatever follows. */
    if (c->counted) cut_long(t, c, c->next);
}

static void begin_line(const text *t, cutter *c, int32_t start) {
    *c = (cutter){.number = c->number, .start = start, .next = start, .at = start, .previous = start};
    c->first = (int32_t)(t->segment_count + t->part_count);
}

static void end_line(text *t, cutter *c) {
    c->number++;
    if (!c->counted) return;
    if (c->waiting && c->counted - c->until >= SHORTEST) {
        add_part(t, c->start, c->waiting);
        c->start = c->waiting;
    }
    add_part(t, c->start, c->next);
    t->lines[t->used_lines++] = (line){.number = c->number, .first = c->first};
}

static uint64_t line_ends(const maps *b) { return b->line_end; }

/* Make room for the most lines and segments that the cells may hold which have not been looked at. */
static int make_room_for_cuts(text *t, const cutter *c) {
    int64_t cuts = count(t, may_cut, c->next, t->size) + (t->size - c->previous) / LONGEST + 2;
    int64_t ends = count(t, line_ends, c->next, t->size) + 1;
    line *lines = make_room(t->lines, &t->line_space, t->used_lines + ends, likely(t, t->used_lines), sizeof(line));
    if (lines) t->lines = lines;
    part *parts = make_room(t->parts, &t->part_space, t->part_count + cuts, 0, sizeof(part));
    if (parts) t->parts = parts;
    return lines && parts ? 0 : -1;
}

/* Return the cell where the next line begins. */
static int32_t skip_line_end(const text *t, int32_t end) {
    int32_t start = end + 1;
    cell next = cell_at(t, start, t->size);
    if (!(t->cells[end] & CARRIAGE_RETURN) || KIND(next) != LINE_END || (next & (CARRIAGE_RETURN | SEPARATOR))) return start;
    return offset_of(t, start) == offset_of(t, end) + 1 ? start + 1 : start;
}

/* Find the lines that hold words, and their segments, in the cells that have been added. The last line goes on with the
 * next piece, unless there is none. */
int split(const model *m, text *t, int last) {
    cutter c = t->cutter;
    if (make_room_for_cuts(t, &c)) return -1;
    while (c.next < t->size) {
        split_line(m, t, &c);
        if (c.next == t->size && !last) break;
        int32_t end = c.next;
        end_line(t, &c);
        begin_line(t, &c, end < t->size ? skip_line_end(t, end) : end);
    }
    t->cutter = c;
    t->line_count = c.number;
    /* What was dropped at the end of the text is a line of its own. */
    if (last && (t->size == 0 || KIND(t->cells[t->size - 1]) == LINE_END))
        t->line_count += (t->size ? offset_of(t, t->size - 1) + 1 : 0) < t->length;
    return 0;
}
