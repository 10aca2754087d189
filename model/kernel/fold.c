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

/* Whether the text holds mathematical letters that were cut to 16 bits, and no Hangul that they could be. */
int keeps_cut_letters(const uint8_t *bytes, const uint8_t *end) {
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

static inline cell fold_one(const model *m, const text *t, uint32_t point) {
    return m->characters[t->restore && point >= CUT_FROM && point <= CUT_TO ? point + CUT : point < SIZE ? point : UNKNOWN];
}

int add_shift(text *t, int32_t from, int32_t by) {
    shift *grown = make_room(t->shifts, &t->shift_space, t->shift_count + 1, 64, sizeof(shift));
    if (grown == NULL) return -1;
    t->shifts = grown;
    t->shifts[t->shift_count++] = (shift){from, by};
    return 0;
}

/* Fold what is not ASCII. Where a character is dropped, its evidence goes to the one before or after. */
static int fold_wide(const model *m, text *t, const uint8_t *bytes, const uint8_t *end, int *lookalikes) {
    int32_t kept = t->size, dropped = t->ending - t->size, noted = dropped; /* noted: of the dropped, those that a shift tells of */
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
        cell c = fold_one(m, t, point);
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
    t->ending = kept + dropped;
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

/* Whether there are four times as many Latin letters as others in the whole text. */
static int is_mostly_latin(const model *m, text *t) {
    int64_t latin = 0, others = 0;
    const uint8_t *bytes = t->bytes, *end = bytes + t->byte_count;
    if (t->latin >= 0) return t->latin;
    while (bytes < end) {
        cell c = fold_one(m, t, decode(&bytes));
        unsigned kind = KIND(c);
        latin += kind == LATIN;
        others += kind == LETTER || (kind != LATIN && kind != DIGIT && m->lookalikes[POINT(c)]);
    }
    return t->latin = latin > 4 * others;
}

static void read_lookalikes(const model *m, text *t, int32_t from) {
    run r;
    for (int32_t at = from; next_run(m, t, at, &r); at = r.end) {
        if (!r.alike) continue;
        if (!r.latin && !(r.alike == r.others && r.others > 1 && is_mostly_latin(m, t))) continue;
        for (int32_t i = r.start; i < r.end; i++) {
            uint8_t meant = m->lookalikes[POINT(t->cells[i])];
            if (meant) t->cells[i] = m->characters[meant] | MARKED(MARKS(t->cells[i]) | LOOKALIKE);
        }
    }
}

/* Fold some more of the text, for which there is room, and note where characters are dropped. */
int fold(const model *m, text *t, const uint8_t *bytes, const uint8_t *end) {
    int lookalikes = 0;
    int32_t first = t->size;
    if (t->byte_count == t->length) {
        cell *cells = t->cells + first;
        for (int64_t i = 0; i < end - bytes; i++) cells[i] = m->characters[bytes[i]];
        t->size += (int32_t)(end - bytes);
        t->ending += (int32_t)(end - bytes);
        return 0;
    }
    if (fold_wide(m, t, bytes, end, &lookalikes)) return -1;
    if (lookalikes) read_lookalikes(m, t, first);
    return 0;
}

/* Whether the character is a letter or digit, whatever else the text holds. */
static int is_always_letter(const model *m, const uint8_t *at) {
    uint32_t point = decode(&at);
    if (point >= SIZE || (point >= CUT_FROM && point <= CUT_TO)) return 0;
    cell c = m->characters[point];
    return POINT(c) && is_word(c) && (c & ALNUM);
}

static const uint8_t *character_before(const uint8_t *bytes, const uint8_t *at) {
    do at--;
    while (at > bytes && (*at & 0xC0) == 0x80);
    return at;
}

/* Whether the text can be cut at `at` within a line: after two letters and a blank, and before a letter. Neither boundaries,
 * words spelled out, nor anything else that is looked for reaches over that. */
int cut_in_blank(const model *m, const uint8_t *bytes, const uint8_t *at, const uint8_t *end) {
    if (at - bytes < 3 || at >= end || at[-1] != ' ') return 0;
    const uint8_t *last = character_before(bytes, at - 1);
    if (last == bytes || !is_always_letter(m, last) || !is_always_letter(m, at)) return 0;
    return is_always_letter(m, character_before(bytes, last));
}
