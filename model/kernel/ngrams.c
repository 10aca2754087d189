/* Words and n-grams of a segment, and what they weigh: model.ngrams. */
#include "ngrams.h"

#define PRIME 0x01000193u
#define FINISH 0x9E3779B1u
#define WORD_PRIME 0x100000001B3ull
#define MIX 0x9E3779B97F4A7C15ull
#define PAIR 0xA24BAED4963EE407ull
#define SHAPE 0xC2B2AE3D27D4EB4Full
#define SHORTEST_NAME 3

/* Packed weights are added up four at a time; where there are fewer, NEUTRAL stands for the others. */
#define MIDDLE 0x2000
#define NEUTRAL (MIDDLE * 0x10001u)

static uint64_t digits(const maps *b) { return b->digit; }

/* Return where the first word that starts from `from` on and before `end` does, or `end`. */
static int32_t word_start(const text *t, int32_t from, int32_t end) {
    /* The rest of a word that began before belongs to the segment before. */
    if (from > 0 && is_word(t->cells[from - 1])) from = find(t, others_in, from, end);
    return find(t, words_in, from, end);
}

int next_word(const text *t, int32_t from, int32_t end, word *found) {
    int32_t start = word_start(t, from, end);
    if (start >= end) return 0;
    int32_t stop = find(t, others_in, start, t->size), first = find(t, digits, start, stop);
    *found = (word){start, stop, first > start && first < stop};
    return 1;
}

static inline uint64_t edges_in(const maps *b) { return b->word ^ BEFORE(b, word); }

/* Where words begin and end, one after another. */
typedef struct {
    const maps *maps;
    int32_t block;
    uint64_t left; /* edges of the block */
} edges;

static inline edges edges_after(const maps *maps, int32_t at) {
    return (edges){maps, at >> 6, edges_in(&maps[at >> 6]) & ~(uint64_t)1 << (at & 63)};
}

static inline int32_t next_edge(edges *e) {
    while (!e->left) e->left = edges_in(&e->maps[++e->block]);
    int32_t at = e->block * 64 + __builtin_ctzll(e->left);
    e->left &= e->left - 1;
    return at;
}

/* Return where the next word begins, or where the segment ends. */
static inline int32_t next_start(edges *e, int32_t end) {
    while (!e->left) {
        if (e->block >= (end - 1) >> 6) return end;
        e->left = edges_in(&e->maps[++e->block]);
    }
    int32_t at = next_edge(e);
    return at < end ? at : end;
}

void begin_batches(batch *b, const model *m, const text *t, int32_t start, int32_t end) {
    b->m = m, b->t = t;
    b->has_digits = find(t, digits, start, end) < end;
    b->end = end;
    b->at = word_start(t, start, end);
    b->start = b->stop = 0;
    b->passed = b->words_passed = b->carried = b->carried_injected = 0;
    b->size = b->word_count = 0;
    memset(b->points, 0, ORDERS * sizeof *b->points);
}

/* A word that begins in the segment is read to its end. */
static int unread(const batch *b) { return b->at < b->end || b->at < b->stop; }

typedef uint32_t four_points __attribute__((vector_size(16)));

static inline void copy_points(const cell *cells, uint32_t *points) {
    for (int i = 0; i < STEP; i += 4) {
        four_points four;
        memcpy(&four, cells + i, sizeof four);
        four = POINT(four);
        memcpy(points + i, &four, sizeof four);
    }
}

/* Keep what the part of a word in this batch says, before the batch is filled anew. */
static void carry(batch *b) {
    int32_t done = b->word_count ? b->ends[b->word_count - 1] : 0;
    b->keys[0] = b->keys[b->word_count];
    b->words_passed += b->word_count;
    if (b->word_count) b->carried = b->carried_injected = 0;
    if (done == b->size) return;
    if (b->carried) {
        b->hash += b->power * b->hash_to[b->size];
        b->power *= b->m->powers[BATCH];
    } else {
        b->hash = (b->hash_to[b->size] - b->hash_to[done + 1]) * b->m->inverses[done + 1];
        b->power = b->m->powers[b->size - done - 1];
    }
    b->carried += b->size - done;
    b->carried_injected += b->injected_to[b->size] - b->injected_to[done] - MIDDLE * ORDERS * (b->size - done);
}

/* Fill the batch with the next words. */
static void fill(batch *b) {
    memmove(b->points, b->points + b->size, ORDERS * sizeof *b->points);
    b->passed += b->size;
    const cell *cells = b->t->cells;
    uint32_t *points = b->points + ORDERS;
    int32_t size = 0, words = 0, at = b->at, start = b->start, stop = b->stop;
    const int32_t segment_end = b->end;
    edges e = edges_after(b->t->maps, at < stop ? stop : at);
    while (size < BATCH && (at < segment_end || at < stop)) {
        if (at >= stop) {
            start = at;
            stop = next_edge(&e); /* be it behind the segment */
            points[size++] = ' ';
        }
        int32_t count = stop - at < BATCH - size ? stop - at : BATCH - size;
        for (int32_t i = 0; i < count; i += STEP) copy_points(cells + at + i, points + size + i);
        size += count;
        at += count;
        if (at < stop) break;
        b->starts[words] = start;
        b->stops[words] = stop;
        b->ends[words++] = size;
        if (at < segment_end) at = next_start(&e, segment_end);
    }
    b->at = at;
    b->start = start;
    b->stop = stop;
    b->size = size;
    b->word_count = words;
}

static inline uint32_t bucket_of(const model *m, uint32_t hash) { return ((hash ^ hash >> 15) * FINISH) >> (32 - m->bits); }

/* Hash the n-grams that end at the places of a group; what is made of those behind the batch is looked at by nobody. */
static inline void hash_group(batch *b, int32_t from) {
    const uint32_t *points = b->points + ORDERS;
    for (int32_t i = from; i < from + GROUP; i++) {
        uint32_t hash = points[i] + points[i - 1] * PRIME;
        b->buckets[0][i] = bucket_of(b->m, hash);
        hash += points[i - 2] * (PRIME * PRIME);
        b->buckets[1][i] = bucket_of(b->m, hash);
        hash += points[i - 3] * (PRIME * PRIME * PRIME);
        b->buckets[2][i] = bucket_of(b->m, hash);
        hash += points[i - 4] * (PRIME * PRIME * PRIME * PRIME);
        b->buckets[3][i] = bucket_of(b->m, hash);
    }
}

/* How many n-grams end at a place: at the start of a segment, some would reach before it. */
static inline int orders_at(int64_t place) { return place < ORDERS ? (int)place : ORDERS; }

/* How many n-grams end at the first `places` places. */
static inline int64_t grams_to(int64_t places) {
    static const int missing[] = {0, 4, 7, 9, 10};
    return ORDERS * places - missing[orders_at(places)];
}

/* What the places so far add up to: weights, and the terms of a polynomial whose differences are the hashes of words, as in
 * model.ngrams, so that no loop a word is needed. */
typedef struct {
    int32_t injected;
    int64_t all; /* of the packed sums: the upper halves and the lower ones */
    uint64_t hash;
} totals;

static inline void add_place(batch *b, int32_t i, uint32_t packed, totals *so_far) {
    b->injected_to[i] = so_far->injected;
    b->hash_to[i] = so_far->hash;
    so_far->injected += packed >> 16;
    so_far->all += packed;
    so_far->hash += b->points[ORDERS + i] * b->m->powers[i];
}

/* Add up all places; those of the next group are hashed while the processor waits for weights of this one. */
static void add_places(batch *b) {
    const uint32_t *weights = b->m->weights;
    const int32_t size = b->size;
    totals so_far = {0};
    int32_t i = 0;
    hash_group(b, 0);
    for (; b->passed + i < ORDERS && i < size; i++) {
        uint32_t packed = 0;
        for (int order = 0; order < ORDERS; order++) packed += order < orders_at(b->passed + i) ? weights[b->buckets[order][i]] : NEUTRAL;
        add_place(b, i, packed, &so_far);
    }
    for (int32_t end = GROUP; i < size; end += GROUP) {
        if (end < size) hash_group(b, end);
        for (; i < end && i < size; i++)
            add_place(b, i, weights[b->buckets[0][i]] + weights[b->buckets[1][i]] + weights[b->buckets[2][i]] + weights[b->buckets[3][i]], &so_far);
    }
    b->injected_to[size] = so_far.injected;
    b->hash_to[size] = so_far.hash;
    b->injected = so_far.injected - (int64_t)MIDDLE * ORDERS * size;
    b->topic = so_far.all - ((int64_t)so_far.injected << 16) - (int64_t)MIDDLE * ORDERS * size;
    b->grams = grams_to(b->passed + size) - grams_to(b->passed);
}

static inline uint64_t finish(uint64_t hash) { return hash ^ hash >> 29; }

static inline int is_known(const model *m, uint64_t hash) {
    uint64_t at = hash & (m->known_size - 1);
    return m->known[at >> 3] >> (7 - (at & 7)) & 1;
}

static inline int32_t key_word(batch *b, int32_t index, uint64_t hash) {
    hash = finish(hash);
    b->keys[index + 1] = hash * MIX;
    return is_known(b->m, hash);
}

static void key_words(batch *b) {
    int32_t done = 0, index = 0, known = 0;
    if (b->carried && b->word_count) {
        done = b->ends[index];
        known += key_word(b, index++, b->hash + b->power * b->hash_to[done]);
    }
    for (; index < b->word_count; index++) {
        int32_t end = b->ends[index];
        known += key_word(b, index, (b->hash_to[end] - b->hash_to[done + 1]) * b->m->inverses[done + 1]);
        done = end;
    }
    b->known = known;
}

/* Find the names that are glued to digits, as in gacor88. */
static void find_names(batch *b) {
    b->names = 0;
    /* What stands behind the segment was not looked at. */
    if (!b->word_count || !(b->has_digits || b->stops[b->word_count - 1] > b->end)) return;
    for (int32_t i = 0; i < b->word_count; i++) {
        int32_t start = b->starts[i], stop = b->stops[i], first = find(b->t, digits, start, stop);
        b->letters[i] = first < stop && first - start >= SHORTEST_NAME ? first - start : 0;
        b->names += b->letters[i] > 0;
    }
}

/* The buckets of a word, of its pair with the word before, and of the ending of a name. */
static inline uint32_t word_bucket(const batch *b, int32_t index) { return (uint32_t)(b->keys[index + 1] >> (64 - b->m->bits)); }

static inline uint32_t pair_bucket(const batch *b, int32_t index) {
    return (uint32_t)(((b->keys[index] * PAIR + b->keys[index + 1]) * MIX) >> (64 - b->m->bits));
}

static uint32_t ending_bucket(const batch *b, int32_t index) {
    uint64_t hash = 0;
    for (int32_t i = b->stops[index] - 1; i >= b->starts[index] + b->letters[index]; i--) hash = hash * WORD_PRIME + POINT(b->t->cells[i]);
    return (uint32_t)(((finish(hash) ^ SHAPE) * MIX) >> (64 - b->m->bits));
}

static inline int is_first(const batch *b, int32_t index) { return index + b->words_passed == 0; }

/* Say what the words themselves add. */
static void add_words(batch *b) {
    const uint32_t *weights = b->m->weights;
    int64_t injected = 0, topic = 0;
    for (int32_t i = 0; i < b->word_count; i++) {
        uint32_t packed = weights[word_bucket(b, i)] + (is_first(b, i) ? NEUTRAL : weights[pair_bucket(b, i)]);
        b->sums[i] = (int64_t)(packed >> 16) - 2 * MIDDLE;
        b->counts[i] = 2 - is_first(b, i);
        injected += b->sums[i];
        topic += (int64_t)(packed & 0xFFFF) - 2 * MIDDLE;
    }
    b->grams += 2 * b->word_count - (b->word_count && is_first(b, 0));
    for (int32_t i = 0; b->names && i < b->word_count; i++) {
        if (!b->letters[i]) continue;
        uint32_t packed = weights[ending_bucket(b, i)];
        int32_t of_ending = (int32_t)(packed >> 16) - MIDDLE;
        b->sums[i] += of_ending;
        b->counts[i]++;
        b->grams++;
        injected += of_ending;
        topic += (int32_t)(packed & 0xFFFF) - MIDDLE;
    }
    b->injected += injected;
    b->topic += topic;
}

/* Give each word what its places add up to. */
static void share_places(batch *b) {
    int32_t done = 0;
    int64_t before = grams_to(b->passed - b->carried), carried = b->carried_injected;
    for (int32_t i = 0; i < b->word_count; i++) {
        int32_t end = b->ends[i];
        int64_t grams = grams_to(b->passed + end);
        b->sums[i] += b->injected_to[end] - b->injected_to[done] - MIDDLE * ORDERS * (end - done) + carried;
        b->counts[i] += (int32_t)(grams - before);
        done = end, before = grams, carried = 0;
    }
}

int next_batch(batch *b) {
    if (b->size) carry(b);
    if (!unread(b)) return 0;
    fill(b);
    add_places(b);
    key_words(b);
    find_names(b);
    add_words(b);
    share_places(b);
    return 1;
}

int64_t add_kinds(const batch *b, int64_t *sum) {
    const int8_t *weights = b->m->kind_weights;
    for (int32_t i = 0; i < b->size; i++) {
        int orders = orders_at(b->passed + i);
        for (int order = 0; order < orders; order++) *sum += weights[b->buckets[order][i]];
    }
    for (int32_t i = 0; i < b->word_count; i++) {
        *sum += weights[word_bucket(b, i)];
        if (!is_first(b, i)) *sum += weights[pair_bucket(b, i)];
        if (b->names && b->letters[i]) *sum += weights[ending_bucket(b, i)];
    }
    return b->grams;
}
