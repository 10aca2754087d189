/* Words and n-grams of a segment: model.ngrams. Its stream is its words with a blank before each, and is looked at a batch of places
 * at a time; all that a batch needs is looked up together, as the processor waits for many weights at a time. */
#ifndef SARING_NGRAMS_H
#define SARING_NGRAMS_H

#include "kernel.h"

#define ORDERS 4 /* of n-grams: 2 to 5 characters */
#define STEP 16  /* characters that are copied at a time, */
#define GROUP 32 /* and places whose n-grams are hashed */
#define WORDS (BATCH / 2)

typedef struct {
    const model *m;
    const text *t;
    int has_digits;
    int32_t at, end;     /* cells: the next to be read, and where the segment ends */
    int32_t start, stop; /* of the word that was begun last */
    int64_t passed;      /* places of the batches before, */
    int64_t words_passed; /* and words */
    /* Of the part of a word in the batches before: how many places it took, what they add up to, its hash, and by what the next
     * character is multiplied. */
    int64_t carried, carried_injected;
    uint64_t hash, power;
    int32_t size, word_count;               /* places of the batch, and words that end in it */
    int64_t injected, topic, grams;         /* what all of it adds up to */
    int32_t known, names;                   /* words that training knew, and names glued to digits, as in gacor88 */
    uint32_t points[ORDERS + BATCH + STEP]; /* the last of the batch before, then the batch; a few more may be written */
    uint32_t buckets[ORDERS][BATCH];        /* of the n-grams that end at each place */
    int32_t injected_to[1 + BATCH];         /* running sums, of the places before; each stands MIDDLE * ORDERS too high */
    uint64_t hash_to[1 + BATCH];            /* running sums, of the places before */
    /* Of the words that end in the batch: */
    int32_t starts[WORDS], stops[WORDS]; /* cells */
    int32_t ends[WORDS];                 /* the place after */
    uint64_t keys[1 + WORDS];            /* what tells it from others; the first is that of the word before */
    int64_t sums[WORDS];                 /* what its n-grams add up to, in steps of scale */
    int32_t counts[WORDS];               /* and how many those are */
    int32_t letters[WORDS];              /* if there are names: of a name, how many it has, else 0 */
} batch;

void begin_batches(batch *b, const model *m, const text *t, int32_t start, int32_t end);
/* Read the next words of the segment; return 0 if there are none. A word that is too long for a batch ends in a later one. */
int next_batch(batch *b);
/* Of a batch, add up the weights of its n-grams for promoting something else than gambling; return how many n-grams there are. */
int64_t add_kinds(const batch *b, int64_t *sum);

#endif
