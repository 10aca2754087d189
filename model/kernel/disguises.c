/* Words spelled out and digits for letters: model.normalise.SPELLED_OUT and LEET_WORD. */
#include "kernel.h"

#define WINDOW 40 /* characters that the pattern for digits in words looks ahead, and the longest word it reads */

static int is_sign(const model *m, cell c) {
    return c != NONE && !is_name(c) && KIND(c) != LINE_END && !has_class(m, c, BLANK);
}

/* Return the end of a word spelled out from `at` on, or 0; *step is the distance of its letters. */
static int32_t match_spelled(const model *m, const text *t, int32_t at, int32_t *step) {
    const int32_t size = t->size;
    uint32_t first = POINT(cell_at(t, at + 1, size)), second = POINT(cell_at(t, at + 2, size));
    int length;
    if (first == ' ') length = second == ' ' ? 2 : 1;
    else if (is_sign(m, cell_at(t, at + 1, size))) length = is_sign(m, cell_at(t, at + 2, size)) ? 2 : 1;
    else return 0;
    int32_t last = at, times = 0;
    for (;;) {
        int32_t next = last + 1 + length;
        if (!(cell_at(t, next, size) & PLAIN) || POINT(t->cells[last + 1]) != first) break;
        if (length == 2 && POINT(t->cells[last + 2]) != second) break;
        last = next;
        times++;
    }
    if (cell_at(t, last + 1, size) & ALNUM) last -= 1 + length, times--;
    if (times < 3) return 0;
    *step = 1 + length;
    return last + 1;
}

/* A letter or digit by itself, with which a word spelled out may begin. */
static uint64_t lone(const maps *b) { return b->plain & ~BEFORE(b, alnum) & ~AFTER(b, alnum); }

/* Return the first word from `at` on that is spelled out, its end in *end, or the size of the text. Most texts hold none. */
static int32_t next_spelled(const model *m, const text *t, int32_t at, int32_t *end, int32_t *step) {
    for (; (at = find(t, lone, at, t->size)) < t->size; at++)
        if ((*end = match_spelled(m, t, at, step))) return at;
    return t->size;
}

/* Cells on their way to the front, where some between them are dropped, and the shifts as they were before. */
typedef struct {
    text *t;
    shift *before;
    int64_t count, next;
    int32_t kept, by, noted; /* cells so far; the shift where they come from, and the one that was noted last */
} mover;

static int keep(mover *r, int32_t at, cell marks) {
    for (; r->next < r->count && r->before[r->next].from <= at; r->next++) r->by = r->before[r->next].by;
    int32_t by = at + r->by - r->kept;
    if (by != r->noted && add_shift(r->t, r->kept, r->noted = by)) return -1;
    r->t->cells[r->kept++] = r->t->cells[at] | marks;
    return 0;
}

static int is_spelled_word(const text *t, int32_t at, int32_t end, int32_t step) {
    int letters = 0;
    for (; at < end; at += step) letters += is_small(POINT(t->cells[at]));
    return letters >= 3;
}

/* Drop what stands between the letters of words spelled out, of which the first is at `at`. */
static int move_spelled(const model *m, mover *r, int32_t at, int32_t end, int32_t step) {
    text *t = r->t;
    int32_t done = at, size = t->size; /* cells from `done` on are still as they were */
    for (; r->next < r->count && r->before[r->next].from <= at; r->next++)
        if (add_shift(t, r->before[r->next].from, r->by = r->noted = r->before[r->next].by)) return -1;
    r->kept = at;
    while (at < size) {
        for (; done < at; done++)
            if (keep(r, done, 0)) return -1;
        int spelled = is_spelled_word(t, at, end, step);
        for (; done < end; done++)
            if ((!spelled || (done - at) % step == 0) && keep(r, done, spelled ? MARKED(SPACED) : 0)) return -1;
        at = next_spelled(m, t, end, &end, &step);
    }
    for (; done < size; done++)
        if (keep(r, done, 0)) return -1;
    t->size = r->kept;
    return 0;
}

/* Return 1 if there were such words, -1 if memory ran out. */
static int read_spelled(const model *m, text *t, int32_t from) {
    int32_t end, step, at;
    do {
        at = next_spelled(m, t, from, &end, &step);
        if (at == t->size) return 0;
        from = end;
    } while (!is_spelled_word(t, at, end, step));
    mover r = {.t = t, .before = t->shifts, .count = t->shift_count, .by = t->origin, .noted = t->origin};
    t->shifts = NULL;
    t->shift_count = t->shift_space = 0;
    int failed = move_spelled(m, &r, at, end, step);
    free(r.before);
    return failed ? -1 : 1;
}

static int in_word(uint32_t point) { return is_plain(point) || point == '@' || point == '$' || point == '!'; }
static int stands_for_letter(const model *m, cell c) { return has_class(m, c, SIGN); }
static int in_leet(const model *m, cell c) { return is_small(POINT(c)) || stands_for_letter(m, c); }

static uint32_t plain_letter(uint32_t point) {
    switch (point) {
    case '0': return 'o';
    case '1': return 'i';
    case '3': return 'e';
    case '4': return 'a';
    case '5': return 's';
    case '7': return 't';
    case '8': return 'b';
    case '9': return 'g';
    case '@': return 'a';
    case '$': return 's';
    case '!': return 'i';
    default: return point;
    }
}

/* Whether a letter, signs that stand for letters and another letter follow, within the run that ends at `end`. */
static int holds_sign(const model *m, const text *t, int32_t at, int32_t end) {
    for (int32_t i = at; i < end && i <= at + WINDOW; i++) {
        if (!is_small(POINT(t->cells[i]))) continue;
        int32_t next = i + 1;
        while (next < end && next <= i + WINDOW && stands_for_letter(m, t->cells[next])) next++;
        if (next == i + 1 || next >= end || !is_small(POINT(t->cells[next]))) continue;
        if (POINT(t->cells[next]) == 'd' && !(cell_at(t, next + 1, t->size) & PLAIN)) continue;
        return 1;
    }
    return 0;
}

static int32_t match_leet(const model *m, const text *t, int32_t at, int32_t end) {
    if (!holds_sign(m, t, at, end)) return 0;
    for (int32_t i = at; i <= at + WINDOW; i++) {
        uint32_t point = POINT(cell_at(t, i, t->size)), next = POINT(cell_at(t, i + 1, t->size));
        if (i >= at + 3) {
            if (!in_word(point) || (is_digit(point) && is_digit(next))) return i;
            if (point >= '2' && point <= '6' && next == 'd' && !(cell_at(t, i + 2, t->size) & PLAIN)) return i;
        }
        if (!in_leet(m, cell_at(t, i, t->size))) return 0;
    }
    return 0;
}

/* What may stand for a letter, after a small letter. */
static uint64_t sign_in_word(const maps *b) { return b->sign & BEFORE(b, plain) & ~BEFORE(b, digit); }

static int read_leet(const model *m, text *t, int32_t from) {
    int changed = 0;
    for (int32_t at = from; (at = find(t, sign_in_word, at, t->size)) < t->size; at++) {
        int32_t start = at, end = at;
        while (start > 0 && in_word(POINT(t->cells[start - 1]))) start--;
        while (end < t->size && in_word(POINT(t->cells[end]))) end++;
        cell before = start > 0 ? t->cells[start - 1] : NONE;
        for (int32_t first = start; first < end;) {
            int32_t to = before & ALNUM ? 0 : match_leet(m, t, first, end);
            if (!to) {
                before = t->cells[first++];
                continue;
            }
            before = t->cells[to - 1];
            for (int32_t i = first; i < to; i++) {
                uint32_t plain = plain_letter(POINT(t->cells[i]));
                if (plain == POINT(t->cells[i])) continue;
                t->cells[i] = m->characters[plain] | MARKED(MARKS(t->cells[i]) | LEET);
                changed = 1;
            }
            first = to;
        }
        at = end;
    }
    return changed;
}

/* Read those from the cell `from` on, where a piece begins. */
int read_disguises(const model *m, text *t, int32_t from) {
    int spelled = read_spelled(m, t, from);
    if (spelled < 0) return -1;
    if (spelled) map(m, t, from);
    if (read_leet(m, t, from)) map(m, t, from);
    return 0;
}
