/* What the first stage says of a segment: model.wording. */
#include <math.h>

#include "ngrams.h"

#define NOTHING (-4.0) /* model.features.wording.NOTHING */

/* Most counts are small. */
static inline double scaled(const model *m, double sum, int64_t count) {
    return count < COUNTS ? sum * m->roots[count] : sum / sqrt((double)count);
}

/* The result is rounded, so that those of equal stretches are equal however their sums were added up. */
double margin(const model *m, double sum, int64_t count, double bias) {
    return (float)(scaled(m, sum, count) + bias);
}

static uint64_t disguised(const maps *b) { return b->disguised; }

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
    batch b;
    counts *c = &p->counts;
    begin_batches(&b, m, t, p->start, p->end);
    cell first = t->cells[b.at];
    int64_t injected = 0, topic = 0, all_grams = 0, evidence = 0;
    /* Of the two words before; where there are none, nothing that holds them is highest. */
    double highest = -INFINITY, highest_word = -INFINITY, before[2] = {-INFINITY, -INFINITY};
    int32_t grams[2] = {0, 0}, end = p->start, words = 0, known = 0, names = 0;
    int64_t long_count = t->long_count;
    s->long_words = (int32_t)long_count;
    while (next_batch(&b)) {
        injected += b.injected;
        topic += b.topic;
        all_grams += b.grams;
        known += b.known;
        names += b.names;
        words += b.word_count;
        for (int32_t i = 0; i < b.word_count; i++) {
            double sum = (double)b.sums[i] * m->scale;
            evidence += b.sums[i] > 0 ? b.sums[i] : 0;
            end = b.stops[i];
            t->long_words[long_count] = (long_word){(uint32_t)(b.keys[i + 1] >> 32), clamp(b.sums[i])};
            long_count += b.stops[i] - b.starts[i] >= LONG;
            highest_word = highest_of(highest_word, scaled(m, sum, b.counts[i]));
            highest = highest_of(highest, scaled(m, before[1] + sum, grams[1] + b.counts[i]));
            highest = highest_of(highest, scaled(m, before[0] + before[1] + sum, grams[0] + grams[1] + b.counts[i]));
            before[0] = before[1], grams[0] = grams[1];
            before[1] = sum, grams[1] = b.counts[i];
        }
    }
    t->long_count = long_count;
    c->words = words, c->known = known, c->names = names;
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

/* Read the segments from `from` to `to` once more: do they promote something else than gambling, and which stretch of words within
 * one of them adds most (the maximum subarray)? */
wording read_wording(const model *m, const text *t, int64_t from, int64_t to) {
    wording found = {0};
    double best = 0;
    int64_t kind = 0, grams = 0;
    for (int64_t index = from; index < to; index++) {
        batch b;
        begin_batches(&b, m, t, t->segments[index].start, end_of(t, &t->segments[index]));
        double sum = 0;
        int32_t since = 0;
        while (next_batch(&b)) {
            grams += add_kinds(&b, &kind);
            for (int32_t i = 0; i < b.word_count; i++) {
                if (sum <= 0) sum = 0, since = b.starts[i];
                sum += (double)b.sums[i] * m->scale;
                if (sum > best) best = sum, found.start = since, found.end = b.stops[i];
            }
        }
    }
    found.kind_margin = margin(m, (double)kind * m->kind_scale, grams, m->kind_bias);
    return found;
}
