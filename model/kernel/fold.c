/* A text folded to plain lower-case characters: model.normalise.fold up to look-alikes. */
#include "kernel.h"

#define CUT_FROM 0xD400u /* mathematical letters that were stored in 16 bits lie from here to CUT_TO */
#define CUT_TO 0xD7FFu
#define HANGUL_FROM 0xAC00u
#define CUT 0x10000u

static inline uint32_t decode(const uint8_t **at) {
    const uint8_t *b = *at;
    if (b[0] < 0x80) {
        *at += 1;
        return b[0];
    }
    if (b[0] < 0xE0) {
        *at += 2;
        return (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
    }
    if (b[0] < 0xF0) {
        *at += 3;
        return (b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
    }
    *at += 4;
    return (b[0] & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 | (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu);
}

static int keeps_cut_letters(const uint8_t *bytes, const uint8_t *end) {
    int cut = 0;
    if (!memchr(bytes, 0xED, (size_t)(end - bytes))) return 0; /* no character from D000 to DFFF */
    while (bytes < end) {
        uint32_t point = decode(&bytes);
        if (point >= HANGUL_FROM && point < CUT_FROM) return 0;
        cut |= point >= CUT_FROM && point <= CUT_TO;
    }
    return cut;
}

/* Whether the next eight characters are ASCII, and none is NUL, which is dropped. */
static inline int is_ascii(const uint8_t *bytes) {
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    /* The subtraction borrows from the highest bit of a byte that is 0. */
    return !((eight | (eight - 0x0101010101010101u)) & 0x8080808080808080u);
}

int add_shift(text *t, int32_t from, int32_t by) {
    if (t->shift_count == t->shift_room) {
        int64_t room = t->shift_room ? t->shift_room * 3 / 2 : 64;
        shift *grown = realloc(t->shifts, sizeof(shift) * (size_t)room);
        if (grown == NULL) return -1;
        t->shifts = grown;
        t->shift_room = room;
    }
    t->shifts[t->shift_count++] = (shift){from, by};
    return 0;
}

/* Fold a text that is not ASCII. Where a character is dropped, its evidence goes to the one before or after. */
static int fold_wide(const model *m, text *t, const uint8_t *bytes, const uint8_t *end, int *lookalikes) {
    int restore = keeps_cut_letters(bytes, end);
    int32_t kept = 0, dropped = 0, noted = 0; /* noted: of the dropped, those that a shift tells of */
    int plain_before = 0, hidden = 0;
    while (bytes < end) {
        if (!hidden && end - bytes >= 8 && is_ascii(bytes)) {
            if (dropped != noted && add_shift(t, kept, noted = dropped)) return -1;
            for (int i = 0; i < 8; i++) t->cells[kept + i] = m->characters[bytes[i]];
            kept += 8;
            bytes += 8;
            plain_before = (t->cells[kept - 1] & PLAIN) != 0;
            continue;
        }
        if (*bytes - 1u < 0x7Fu) {
            /* ASCII is never dropped; it may take marks over. */
            cell c = m->characters[*bytes++];
            plain_before = (c & PLAIN) != 0;
            if (hidden && plain_before) c |= MARKED(HIDDEN);
            hidden = 0;
            *lookalikes |= m->lookalikes[POINT(c)];
            if (dropped != noted && add_shift(t, kept, noted = dropped)) return -1;
            t->cells[kept++] = c;
            continue;
        }
        uint32_t point = decode(&bytes);
        uint32_t known = point < SIZE ? point : UNKNOWN;
        unsigned classes = m->classes[known];
        cell c = m->characters[restore && point >= CUT_FROM && point <= CUT_TO ? point + CUT : known];
        if (POINT(c) == 0) {
            if ((classes & ORNAMENT) && plain_before) t->cells[kept - 1] |= MARKED(OVERLAID);
            if (classes & INVISIBLE) hidden |= plain_before;
            dropped++;
            continue;
        }
        plain_before = (classes & PLAIN_WORD) != 0;
        if (hidden && plain_before) c |= MARKED(HIDDEN);
        hidden = 0;
        *lookalikes |= m->lookalikes[POINT(c)];
        if (dropped != noted && add_shift(t, kept, noted = dropped)) return -1;
        t->cells[kept++] = c;
    }
    t->size = kept;
    return 0;
}

/* One run of letters and digits, with what it holds that looks like Latin. */
typedef struct {
    int32_t start, end, latin, others, alike;
} run;

static int next_run(const model *m, const text *t, int32_t from, run *r) {
    int32_t at = from;
    while (at < t->size && !is_word(t->cells[at]) && !m->lookalikes[POINT(t->cells[at])]) at++;
    *r = (run){at, at, 0, 0, 0};
    for (; at < t->size; at++) {
        unsigned kind = KIND(t->cells[at]);
        int alike = m->lookalikes[POINT(t->cells[at])] != 0;
        if (!alike && !is_word(t->cells[at])) break;
        r->latin += kind == LATIN;
        r->others += kind == LETTER || (alike && kind != LATIN && kind != DIGIT);
        r->alike += alike;
    }
    r->end = at;
    return r->end > r->start;
}

static void read_lookalikes(const model *m, text *t) {
    int64_t latin = 0, others = 0;
    run r;
    for (int32_t at = 0; next_run(m, t, at, &r); at = r.end) latin += r.latin, others += r.others;
    int mostly_latin = latin > 4 * others;
    for (int32_t at = 0; next_run(m, t, at, &r); at = r.end) {
        if (!r.alike || !(r.latin || (mostly_latin && r.alike == r.others && r.others > 1))) continue;
        for (int32_t i = r.start; i < r.end; i++) {
            uint8_t meant = m->lookalikes[POINT(t->cells[i])];
            if (meant) t->cells[i] = m->characters[meant] | MARKED(MARKS(t->cells[i]) | LOOKALIKE);
        }
    }
}

/* Fill t->cells and, where characters were dropped, t->shifts. */
int fold(const model *m, text *t, const uint8_t *bytes, int64_t size) {
    int lookalikes = 0;
    t->cells = malloc(sizeof(cell) * ((size_t)t->length + 16));
    if (t->cells == NULL) return -1;
    if (size == t->length) {
        for (int64_t i = 0; i < size; i++) t->cells[i] = m->characters[bytes[i]];
        t->size = (int32_t)size;
        return 0;
    }
    if (fold_wide(m, t, bytes, bytes + size, &lookalikes)) return -1;
    if (lookalikes) read_lookalikes(m, t);
    return 0;
}
