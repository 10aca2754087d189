/* Words and n-grams of a segment, and what the first stage says of them: model.ngrams and model.wording. */
#include <math.h>

#include "kernel.h"

#define PRIME 0x01000193u
#define FINISH 0x9E3779B1u
#define WORD_PRIME 0x100000001B3ull
#define MIX 0x9E3779B97F4A7C15ull
#define PAIR 0xA24BAED4963EE407ull
#define SHAPE 0xC2B2AE3D27D4EB4Full
#define SHORTEST_NAME 3
#define NOTHING (-4.0) /* model.features.wording.NOTHING */

/* Most counts are small. */
static inline double scaled(const model *m, double sum, int64_t count) {
    return count < COUNTS ? sum * m->roots[count] : sum / sqrt((double)count);
}

/* The result is rounded, so that those of equal stretches are equal however their sums were added up. */
double margin(const model *m, double sum, int64_t count, double bias) {
    return (float)(scaled(m, sum, count) + bias);
}

static uint64_t hash_cells(const cell *cells, int32_t start, int32_t end) {
    uint64_t hash = 0;
    for (int32_t i = end - 1; i >= start; i--) hash = hash * WORD_PRIME + POINT(cells[i]);
    return hash ^ hash >> 29;
}

/* Return where the first word that starts from `from` on and before `end` does, or `end`. */
static int32_t word_start(const text *t, int32_t from, int32_t end) {
    /* The rest of a word that began before belongs to the segment before. */
    if (from > 0 && is_word(t->cells[from - 1])) from = find(t, others_in, from, end);
    return find(t, words_in, from, end);
}

static uint64_t digits(const maps *b) { return b->digit; }
static uint64_t disguised(const maps *b) { return b->disguised; }

static word end_word(const text *t, int32_t start, int32_t end, int has_digits) {
    int32_t letters = has_digits ? find(t, digits, start, end) - start : end - start;
    return (word){start, end, letters, letters > 0 && start + letters < end};
}

int next_word(const text *t, int32_t from, int32_t end, word *found) {
    int32_t start = word_start(t, from, end);
    if (start >= end) return 0;
    *found = end_word(t, start, find(t, others_in, start, t->size), 1);
    return 1;
}

static inline uint8_t is_known(const model *m, uint64_t hash) {
    uint64_t at = hash & (m->known_size - 1);
    return m->known[at >> 3] >> (7 - (at & 7)) & 1;
}

/* Packed weights are added up four at a time; where there are fewer, NEUTRAL stands for the others. */
#define MIDDLE 0x2000
#define NEUTRAL (MIDDLE * 0x10001u)
static inline int32_t injected_of(uint32_t packed) { return (int32_t)(packed >> 16) - 4 * MIDDLE; }
static inline int32_t topic_of(uint32_t packed) { return (int32_t)(packed & 0xFFFF) - 4 * MIDDLE; }

#define ORDERS 4 /* of n-grams: 2 to 5 characters */
#define STEP 16  /* characters that are copied at a time */

/* A word as it is read: its range, its hash, whether training knew it, and what its n-grams add up to. */
typedef struct {
    word w;
    uint64_t hash;
    int32_t grams, known;
    int64_t injected, topic;
} read;

/* The reading of a segment: its stream is its words with a blank before each, and is looked at a batch of places at a time. */
typedef struct {
    const model *m;
    const text *t;
    int has_digits;
    int32_t block;                  /* of maps, */
    uint64_t edges;                 /* and where in it words begin or end, less those behind */
    int32_t at, end;                /* cells: the next to be read, and where the segment ends */
    word open;                      /* the word that `at` lies in, if that is after its start */
    int64_t passed, closed;         /* places of the batches before; where the word before ended */
    int32_t size, word_count, next; /* of the batch: its places, the words that end in it, the next to be handed out */
    int has_last;                   /* whether a word ended in a batch before, */
    uint64_t last;                  /* and the hash of the last that did */
    uint64_t hash, power;           /* of the part of a word in the batches before, and by what its next character is multiplied */
    int64_t injected, topic;        /* sums over the batches before, less those up to where the word before ended */
    uint32_t points[ORDERS + BATCH + STEP]; /* the last of the batch before, then the batch; a few more may be written */
    uint32_t buckets[ORDERS][BATCH];        /* of the n-grams that end at each place */
    int32_t injected_to[BATCH], topic_to[BATCH]; /* running sums */
    uint64_t hash_to[1 + BATCH]; /* running sums, of the places before */
    word words[BATCH / 2];
    int32_t ends[BATCH / 2];
    uint64_t hashes[BATCH / 2];
    uint32_t of_words[BATCH / 2]; /* what the n-grams of whole words add, packed, */
    int32_t word_grams[BATCH / 2]; /* and how many those are */
    uint8_t known[BATCH / 2];
} reader;

static inline uint64_t edges_in(const maps *b) { return b->word ^ BEFORE(b, word); }

static inline int32_t take_edge(reader *r) {
    int32_t at = r->block * 64 + __builtin_ctzll(r->edges);
    r->edges &= r->edges - 1;
    return at;
}

/* Return where the word ends that has begun, be it after the segment. */
static inline int32_t next_end(reader *r) {
    while (!r->edges) r->edges = edges_in(&r->t->maps[++r->block]);
    return take_edge(r);
}

/* Return where the next word begins, or where the segment ends. */
static inline int32_t next_start(reader *r) {
    while (!r->edges) {
        if (r->block >= (r->end - 1) >> 6) return r->end;
        r->edges = edges_in(&r->t->maps[++r->block]);
    }
    int32_t at = take_edge(r);
    return at < r->end ? at : r->end;
}

static void begin(reader *r, const model *m, const text *t, int32_t start, int32_t end) {
    r->m = m, r->t = t;
    r->has_digits = find(t, digits, start, end) < end;
    r->end = end;
    r->at = word_start(t, start, end);
    r->block = r->at >> 6;
    r->edges = edges_in(&t->maps[r->block]) & ~(uint64_t)1 << (r->at & 63);
    r->open.end = 0;
    r->passed = r->closed = r->injected = r->topic = 0;
    r->size = r->word_count = r->next = 0;
    r->hash = 0;
    r->has_last = 0;
    r->power = 1;
    memset(r->points, 0, ORDERS * sizeof *r->points);
}

/* A word that begins in the segment is read to its end. */
static int unread(const reader *r) { return r->at < r->end || r->at < r->open.end; }

typedef uint32_t four_points __attribute__((vector_size(16)));

static inline void copy_points(const cell *cells, uint32_t *points) {
    for (int i = 0; i < STEP; i += 4) {
        four_points four;
        memcpy(&four, cells + i, sizeof four);
        four = POINT(four);
        memcpy(points + i, &four, sizeof four);
    }
}

/* Fill the batch with the next words; one that is too long goes on in the next. */
static void fill(reader *r) {
    memmove(r->points, r->points + r->size, ORDERS * sizeof *r->points);
    r->passed += r->size;
    r->word_count = r->next = 0;
    uint32_t *points = r->points + ORDERS;
    int32_t size = 0;
    while (size < BATCH && unread(r)) {
        if (r->at >= r->open.end) {
            int32_t end = next_end(r);
            r->open = end_word(r->t, r->at, end, r->has_digits || end > r->end);
            points[size++] = ' ';
        }
        int32_t count = r->open.end - r->at < BATCH - size ? r->open.end - r->at : BATCH - size;
        for (int32_t i = 0; i < count; i += STEP)
            copy_points(r->t->cells + r->at + i, points + size + i);
        size += count;
        r->at += count;
        if (r->at < r->open.end) break;
        r->words[r->word_count] = r->open;
        r->ends[r->word_count++] = size;
        if (r->at < r->end) r->at = next_start(r);
    }
    r->size = size;
}

static inline uint32_t bucket_of(const model *m, uint32_t hash) { return ((hash ^ hash >> 15) * FINISH) >> (32 - m->bits); }

static void hash_batch(reader *r) {
    const uint32_t *points = r->points + ORDERS;
    for (int32_t i = 0; i < r->size; i++) {
        uint32_t hash = points[i] + points[i - 1] * PRIME;
        r->buckets[0][i] = bucket_of(r->m, hash);
        hash += points[i - 2] * (PRIME * PRIME);
        r->buckets[1][i] = bucket_of(r->m, hash);
        hash += points[i - 3] * (PRIME * PRIME * PRIME);
        r->buckets[2][i] = bucket_of(r->m, hash);
        hash += points[i - 4] * (PRIME * PRIME * PRIME * PRIME);
        r->buckets[3][i] = bucket_of(r->m, hash);
    }
}

/* Sum up the terms of a polynomial whose differences are the hashes of words, as in model.ngrams: no loop a word is needed. */
static void sum_batch(reader *r) {
    const uint32_t *points = r->points + ORDERS;
    uint64_t sum = 0;
    for (int32_t i = 0; i < r->size; i++) {
        r->hash_to[i] = sum;
        sum += points[i] * r->m->powers[i];
    }
    r->hash_to[r->size] = sum;
}

/* Return what hash_cells does for the word that ends before the place `end` of the batch. */
static uint64_t word_hash(reader *r, const word *w, int32_t end) {
    int32_t start = end - (w->end - w->start);
    uint64_t hash = start < 0 ? r->hash + r->power * r->hash_to[end] : (r->hash_to[end] - r->hash_to[start]) * r->m->inverses[start];
    return hash ^ hash >> 29;
}

/* Keep what the part of a word in this batch says, before the batch is filled anew. */
static void carry_hash(reader *r) {
    if (r->at >= r->open.end || r->at == r->open.start) return;
    int32_t start = r->size - (r->at - r->open.start);
    if (start < 0) {
        r->hash += r->power * r->hash_to[r->size];
        r->power *= r->m->powers[BATCH];
    } else {
        r->hash = (r->hash_to[r->size] - r->hash_to[start]) * r->m->inverses[start];
        r->power = r->m->powers[r->size - start];
    }
}

static void carry_last(reader *r) {
    if (!r->word_count) return;
    r->has_last = 1;
    r->last = r->hashes[r->word_count - 1];
}

static void read_batch(reader *r) {
    carry_hash(r);
    carry_last(r);
    fill(r);
    hash_batch(r);
    sum_batch(r);
    for (int32_t i = 0; i < r->word_count; i++) r->hashes[i] = word_hash(r, &r->words[i], r->ends[i]);
}

/* How many n-grams end at a place: at the start of a segment, some would reach before it. */
static inline int orders_at(int64_t place) { return place < ORDERS ? (int)place : ORDERS; }

/* How many n-grams end at the first `places` places. */
static inline int64_t grams_to(int64_t places) { return places < ORDERS ? places * (places - 1) / 2 : ORDERS * places - 10; }

static void add_batch(reader *r) {
    const uint32_t *weights = r->m->weights;
    int32_t injected = 0, topic = 0, i = 0;
    for (; r->passed + i < ORDERS && i < r->size; i++) {
        uint32_t packed = 0;
        for (int order = 0; order < ORDERS; order++) packed += order < orders_at(r->passed + i) ? weights[r->buckets[order][i]] : NEUTRAL;
        r->injected_to[i] = injected += injected_of(packed);
        r->topic_to[i] = topic += topic_of(packed);
    }
    for (; i < r->size; i++) {
        uint32_t packed = weights[r->buckets[0][i]] + weights[r->buckets[1][i]] + weights[r->buckets[2][i]] + weights[r->buckets[3][i]];
        r->injected_to[i] = injected += injected_of(packed);
        r->topic_to[i] = topic += topic_of(packed);
    }
}

/* Write the buckets of a word, of its pair with the word before, and of its ending; return how many there are. */
static inline int word_buckets(const reader *r, int32_t index, uint32_t *buckets) {
    const word *w = &r->words[index];
    uint64_t mixed = r->hashes[index] * MIX, last = (index ? r->hashes[index - 1] : r->last) * MIX;
    int count = 0, shift = 64 - r->m->bits;
    buckets[count++] = (uint32_t)(mixed >> shift);
    if (index || r->has_last) buckets[count++] = (uint32_t)(((last * PAIR + mixed) * MIX) >> shift);
    if (w->glued && w->letters >= SHORTEST_NAME)
        buckets[count++] = (uint32_t)(((hash_cells(r->t->cells, w->start + w->letters, w->end) ^ SHAPE) * MIX) >> shift);
    return count;
}

/* All words of the batch are looked up before any is handed out: the processor waits for many weights at a time. */
static void add_words(reader *r) {
    const uint32_t *weights = r->m->weights;
    for (int32_t i = 0; i < r->word_count; i++) {
        uint32_t buckets[3];
        int count = r->word_grams[i] = word_buckets(r, i, buckets);
        r->known[i] = is_known(r->m, r->hashes[i]);
        r->of_words[i] = NEUTRAL + weights[buckets[0]] + (count > 1 ? weights[buckets[1]] : NEUTRAL) + (count > 2 ? weights[buckets[2]] : NEUTRAL);
    }
}

/* Read the next batch and look its n-grams up; return 0 if there is none. */
static int next_batch(reader *r) {
    if (r->size) {
        r->injected += r->injected_to[r->size - 1];
        r->topic += r->topic_to[r->size - 1];
    }
    if (!unread(r)) return 0;
    read_batch(r);
    add_batch(r);
    add_words(r);
    return 1;
}

/* Read the next word of the batch. */
static inline void take_word(reader *r, read *found) {
    int32_t index = r->next++, last = r->ends[index] - 1;
    uint32_t packed = r->of_words[index];
    int64_t end = r->passed + last + 1;
    found->w = r->words[index];
    found->hash = r->hashes[index];
    found->known = r->known[index];
    found->injected = r->injected_to[last] + r->injected + injected_of(packed);
    found->topic = r->topic_to[last] + r->topic + topic_of(packed);
    found->grams = (int32_t)(grams_to(end) - grams_to(r->closed) + r->word_grams[index]);
    r->injected = -r->injected_to[last];
    r->topic = -r->topic_to[last];
    r->closed = end;
}

/* Read the next word; return 0 if there is none. */
static inline int read_next(reader *r, read *found) {
    while (r->next == r->word_count)
        if (!next_batch(r)) return 0;
    take_word(r, found);
    return 1;
}

/* Only a word of millions of characters says more. */
static inline int32_t clamp(int64_t sum) { return sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : (int32_t)sum; }

static inline double highest_of(double a, double b) { return a > b ? a : b; }

static int has_plain_letter(const text *t, const word *w) {
    for (int32_t i = w->start; i < w->end; i++)
        if (KIND(t->cells[i]) == LATIN && !(t->cells[i] & MARKED(STYLED))) return 1;
    return 0;
}

/* Count the disguises of a word. */
static void count_disguises(const text *t, const word *w, counts *c) {
    int32_t at = find(t, disguised, w->start, w->end);
    if (at == w->end) return;
    cell all = 0;
    for (; at < w->end; at++) all |= t->cells[at];
    unsigned marks = MARKS(all) & ~UPPER;
    for (int trick = 0; trick < 6; trick++) c->tricks[trick] += marks >> trick & 1;
    c->disguised++;
    c->half_styled += (marks & STYLED) && has_plain_letter(t, w);
    c->disguised_names += w->glued;
}

/* Score a segment and count its words; the longer ones are handed to `t` for the comparison with other lines. */
void score_wording(const model *m, text *t, part *p, segment *s) {
    reader r;
    read found;
    counts *c = &p->counts;
    begin(&r, m, t, p->start, p->end);
    cell first = t->cells[r.at];
    int64_t injected = 0, topic = 0, all_grams = 0, evidence = 0;
    double highest = -INFINITY, highest_word = -INFINITY, before[2] = {0, 0};
    int32_t grams[2] = {0, 0}, end = p->start, words = 0, known = 0, names = 0, capitalised = 0;
    int64_t long_count = t->long_count;
    s->long_words = (int32_t)long_count;
    while (read_next(&r, &found)) {
        double sum = (double)found.injected * m->scale;
        injected += found.injected;
        topic += found.topic;
        all_grams += found.grams;
        evidence += found.injected > 0 ? found.injected : 0;
        known += found.known;
        names += found.w.glued && found.w.letters >= SHORTEST_NAME;
        capitalised += (t->cells[found.w.start] & MARKED(UPPER)) != 0;
        end = found.w.end;
        t->long_words[long_count] = (long_word){(uint32_t)found.hash, (uint32_t)(found.hash >> 32), clamp(found.injected)};
        long_count += found.w.end - found.w.start >= LONG;
        highest_word = highest_of(highest_word, scaled(m, sum, found.grams));
        if (words > 0) highest = highest_of(highest, scaled(m, before[1] + sum, grams[1] + found.grams));
        if (words > 1) highest = highest_of(highest, scaled(m, before[0] + before[1] + sum, grams[0] + grams[1] + found.grams));
        before[0] = before[1], grams[0] = grams[1];
        before[1] = sum, grams[1] = found.grams;
        words++;
    }
    t->long_count = long_count;
    c->words = words, c->known = known, c->names = names, c->capitalised = capitalised;
    if (words) c->starts_lower = KIND(first) == LATIN && !(first & MARKED(UPPER | STYLED));
    word w;
    if (find(t, disguised, p->start, end) < end)
        for (int32_t at = p->start; next_word(t, at, p->end, &w); at = w.end) count_disguises(t, &w, c);
    s->start = p->start;
    s->line = p->line;
    s->peak_word = (float)highest_of(NOTHING, highest_word + m->bias);
    s->peak = (float)highest_of(s->peak_word, highest + m->bias);
    s->evidence = clamp(evidence);
    s->margin = (float)margin(m, (double)injected * m->scale, all_grams, m->bias);
    s->topic = (float)margin(m, (double)topic * m->topic_scale, all_grams, m->topic_bias);
    t->open.injected += injected;
    t->open.topic += topic;
    t->open.grams += all_grams;
}

/* Of a batch, add up the weights of its n-grams for promoting something else than gambling; return how many n-grams there are. */
static int64_t add_kinds(const reader *r, int64_t *sum) {
    const int8_t *weights = r->m->kind_weights;
    int64_t count = 0;
    for (int32_t i = 0; i < r->size; i++) {
        int orders = orders_at(r->passed + i);
        for (int order = 0; order < orders; order++) *sum += weights[r->buckets[order][i]];
        count += orders;
    }
    for (int32_t i = 0; i < r->word_count; i++) {
        uint32_t buckets[3];
        int found = word_buckets(r, i, buckets);
        for (int k = 0; k < found; k++) *sum += weights[buckets[k]];
        count += found;
    }
    return count;
}

/* Read the segments from `from` to `to` once more: do they promote something else than gambling, and which stretch of words within
 * one of them adds most (the maximum subarray)? */
wording read_wording(const model *m, const text *t, int64_t from, int64_t to) {
    wording found = {0};
    double best = 0;
    int64_t kind = 0, grams = 0;
    for (int64_t index = from; index < to; index++) {
        reader r;
        read next;
        begin(&r, m, t, t->segments[index].start, end_of(t, &t->segments[index]));
        double sum = 0;
        int32_t since = 0;
        while (next_batch(&r)) {
            grams += add_kinds(&r, &kind);
            while (r.next < r.word_count) {
                take_word(&r, &next);
                if (sum <= 0) sum = 0, since = next.w.start;
                sum += (double)next.injected * m->scale;
                if (sum > best) best = sum, found.start = since, found.end = next.w.end;
            }
        }
    }
    found.kind_margin = margin(m, (double)kind * m->kind_scale, grams, m->kind_bias);
    return found;
}
