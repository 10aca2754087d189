/* Boosted trees over blocks of segments: model.trees.
 *
 * A feature's value matters only by its rank among the thresholds that the trees ask it for, which fits a byte; so a block
 * of rows goes through a tree in a few byte-wide comparisons, whose outcomes together name the leaf. The idea to ask all
 * nodes of a tree instead of one path is that of C. Lucchese et al., "QuickScorer", 2015.
 */
#include "kernel.h"

/* One value of each row of a block. */
typedef uint8_t block_bytes __attribute__((vector_size(BLOCK)));
/* Of four rows: compilers take longer vectors apart where the processor's are no longer. */
#define FOUR 4
typedef float floats __attribute__((vector_size(FOUR * sizeof(float))));
typedef int32_t ints __attribute__((vector_size(FOUR * sizeof(int32_t))));

/* Rank every feature of every row: how many of the feature's thresholds lie below its value. */
static void rank_rows(const trees *judge, const float (*columns)[BLOCK], uint8_t (*ranks)[BLOCK]) {
    for (int f = 0; f < FEATURES; f++) {
        floats values[BLOCK / FOUR];
        ints below[BLOCK / FOUR] = {{0}};
        memcpy(values, columns[f], sizeof values);
        for (int32_t i = judge->bounds[f]; i < judge->bounds[f + 1]; i++)
            for (int k = 0; k < BLOCK / FOUR; k++) below[k] -= values[k] > judge->thresholds[i];
        for (int i = 0; i < BLOCK; i++) ranks[f][i] = (uint8_t)below[i / FOUR][i % FOUR];
    }
}

/* Ask all nodes of a tree; the answers are the bits of which leaf each row falls into. */
static inline void ask(const trees *judge, int tree, int nodes, uint8_t (*ranks)[BLOCK], uint8_t *which) {
    const uint8_t *feature = judge->feature + tree * nodes, *rank = judge->rank + tree * nodes;
    block_bytes answers = {0}, bit = (block_bytes){0} + 1;
    for (int node = 0; node < nodes; node++) {
        block_bytes of_feature;
        memcpy(&of_feature, ranks[feature[node]], BLOCK);
        answers |= (block_bytes)(of_feature <= (block_bytes){0} + rank[node]) & bit;
        bit += bit;
    }
    memcpy(which, &answers, BLOCK);
}

#define USUAL 5     /* inner nodes of the trees that training makes; knowing their number is faster */
#define TOGETHER 16 /* trees whose answers are kept at a time */

void judge_rows(const trees *judge, const float (*columns)[BLOCK], int count, double *log_odds) {
    uint8_t ranks[FEATURES][BLOCK], which[TOGETHER][BLOCK];
    double sums[BLOCK];
    rank_rows(judge, columns, ranks);
    for (int i = 0; i < count; i++) sums[i] = judge->baseline;
    for (int first = 0; first < judge->count; first += TOGETHER) {
        int trees_here = judge->count - first < TOGETHER ? judge->count - first : TOGETHER;
        for (int tree = 0; tree < trees_here; tree++) {
            if (judge->nodes == USUAL) ask(judge, first + tree, USUAL, ranks, which[tree]);
            else ask(judge, first + tree, judge->nodes, ranks, which[tree]);
        }
        const float *leaf = judge->leaf + ((size_t)first << judge->nodes);
        for (int i = 0; i < count; i++) {
            double sum = 0;
            for (int tree = 0; tree < trees_here; tree++) sum += leaf[((size_t)tree << judge->nodes) + which[tree][i]];
            sums[i] += sum;
        }
    }
    for (int i = 0; i < count; i++) log_odds[i] = judge->slope * sums[i] + judge->intercept;
}

/* Add to `shares` what each feature added to the raw score of the first row. */
void explain_row(const trees *judge, const float (*columns)[BLOCK], double *shares) {
    for (int tree = 0; tree < judge->count; tree++) {
        const node *at = &judge->plain[judge->roots[tree]];
        /* Always as many steps: the processor goes on with the next tree while it waits for this one. */
        for (int step = 0; step < judge->depth; step++) {
            int answer = columns[at->asked][0] > at->threshold;
            shares[at->asked] += at->gain[answer];
            at = &judge->plain[at->next[answer]];
        }
    }
}
