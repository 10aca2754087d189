/* What is kept of a segment once its characters, words and tokens have been counted. */
#include "kernel.h"

#define COUNTED (sizeof(counts) / sizeof(int32_t))
#define BYTE 255 /* counts from here on take four bytes more */
#define WIDEST ((int64_t)COUNTED * 5)

/* The counts that are not 0 follow each other, a byte each. */
static void pack(text *t, const counts *c, segment *s) {
    const int32_t *values = (const int32_t *)c;
    uint8_t *at = t->packed + t->packed_count;
    s->packed = (uint32_t)t->packed_count;
    s->present = 0;
    for (unsigned i = 0; i < COUNTED; i++) {
        if (!values[i]) continue;
        s->present |= 1u << i;
        *at++ = (uint8_t)(values[i] < BYTE ? values[i] : BYTE);
        if (values[i] < BYTE) continue;
        memcpy(at, &values[i], sizeof values[i]);
        at += sizeof values[i];
    }
    t->packed_count = at - t->packed;
}

static inline int32_t next_count(const uint8_t **at) {
    int32_t value = *(*at)++;
    if (value < BYTE) return value;
    memcpy(&value, *at, sizeof value);
    *at += sizeof value;
    return value;
}

/* Of a text that was read at once, the parts are still at hand, one for each segment. */
static inline int is_whole(const text *t) { return t->piece_count == 1 && is_last_piece(t); }

/* Return what was counted in a segment, which may take the room. */
const counts *counts_of(const text *t, int64_t index, counts *room) {
    if (is_whole(t)) return &t->parts[index].counts;
    const segment *s = &t->segments[index];
    const uint8_t *at = t->packed + s->packed;
    int32_t *values = (int32_t *)room;
    *room = (counts){0};
    for (uint32_t left = s->present; left; left &= left - 1) values[__builtin_ctz(left)] = next_count(&at);
    return room;
}

/* Return the cell where a segment ends. */
int32_t end_of(const text *t, const segment *s) {
    if (is_whole(t)) return t->parts[s - t->segments].end;
    const uint8_t *at = t->packed + s->packed; /* its length comes first */
    return s->start + next_count(&at);
}

static int is_visible(cell c) { return KIND(c) != SPACE && KIND(c) != EMOJI; }

/* Count what the characters of a segment are. */
static void count_characters(const model *m, text *t, part *p) {
    counts *c = &p->counts;
    int32_t last_block = (p->end - 1) >> 6;
    for (int32_t block = p->start >> 6; block <= last_block; block++) {
        const maps *b = &t->maps[block];
        uint64_t inside = ~(uint64_t)0;
        if (block == p->start >> 6) inside &= ~(uint64_t)0 << (p->start & 63);
        if (block == last_block) inside &= ~(uint64_t)0 >> (63 - ((p->end - 1) & 63));
        c->latin += __builtin_popcountll(b->latin & inside);
        c->letters += __builtin_popcountll(b->letter & inside);
        c->dense += __builtin_popcountll(b->dense & inside);
        c->digits += __builtin_popcountll(b->digit & inside);
        c->emoji += __builtin_popcountll(b->emoji & inside);
        c->capitals += __builtin_popcountll(b->upper & inside);
        c->capitalised += __builtin_popcountll(b->upper & b->word & ~BEFORE(b, word) & inside);
        c->punctuation += __builtin_popcountll(b->punctuation & inside);
        c->exclamations += __builtin_popcountll(b->call & inside);
    }
    t->letters[0] += c->latin;
    t->letters[1] += c->letters;
    t->letters[2] += c->dense;
    int32_t last = p->end - 1;
    while (last > p->start && !is_visible(t->cells[last])) last--;
    c->ends_open = !has_class(m, t->cells[last], CLOSING);
    c->length = p->end - p->start;
}

/* All segments of a line have been scored: say what they add up to. */
void finish_line(const model *m, text *t) {
    if (!t->segment_count) return;
    line *l = &t->lines[t->segments[t->segment_count - 1].line];
    l->margin = (float)margin(m, (double)t->open.injected * m->scale, t->open.grams, m->bias);
    l->topic = (float)margin(m, (double)t->open.topic * m->topic_scale, t->open.grams, m->topic_bias);
    t->open = (sums){0};
}

static int make_all_room(text *t, int32_t done) {
    segment *segments = make_room(t->segments, &t->segment_space, t->segment_count + t->part_count, likely(t, t->segment_count), sizeof(segment));
    if (segments) t->segments = segments;
    int64_t widest = is_whole(t) ? 0 : t->packed_count + t->part_count * WIDEST;
    uint8_t *packed = make_room(t->packed, &t->packed_space, widest, likely(t, t->packed_count), 1);
    if (packed) t->packed = packed;
    /* Between two long words stands something else. */
    int64_t longest = t->long_count + (done - t->settled) / (LONG + 1) + 2;
    long_word *long_words = make_room(t->long_words, &t->long_space, longest, likely(t, t->long_count), sizeof(long_word));
    if (long_words) t->long_words = long_words;
    return segments && packed && long_words ? 0 : -1;
}

/* Score and count the segments that have been cut, unless something in them may reach over the end of the last. */
int settle(const model *m, text *t) {
    int32_t done = t->cutter.start;
    if (done == t->settled) return 0;
    if (done < t->size && KIND(t->cells[done - 1]) != SPACE && KIND(t->cells[done - 1]) != LINE_END) return 0;
    if (make_all_room(t, done)) return -1;
    count_tokens(t, t->settled, done);
    for (int64_t i = 0; i < t->part_count; i++) {
        part *p = &t->parts[i];
        segment *s = &t->segments[t->segment_count];
        if (t->segment_count && s[-1].line != p->line) finish_line(m, t);
        score_wording(m, t, p, s);
        count_characters(m, t, p);
        if (!is_whole(t)) pack(t, &p->counts, s);
        t->segment_count++;
    }
    t->part_count = 0;
    t->settled = done;
    return 0;
}
