/* Boosted trees over blocks of segments: model.trees.
 *
 * Of small trees, all questions are asked, of a whole block at once, and the answers together name the leaf. The idea to ask all of
 * them instead of those of one path is that of C. Lucchese et al., "QuickScorer", 2015.
 */
#include "kernel.h"

/* Walk a row down all trees, and add to `shares` what each feature adds to its raw score. */
static void walk(const trees *judge, const float (*columns)[BLOCK], int row, double *shares) {
    const step *at[TOGETHER];
    for (int first = 0; first < judge->count; first += TOGETHER) {
        for (int tree = 0; tree < TOGETHER; tree++) at[tree] = judge->steps + (size_t)(first + tree) * judge->places;
        /* Always as many steps, of some trees by turns: the processor need not wait for one step to begin the next. */
        for (int depth = 0; depth < judge->depth; depth++)
            for (int tree = 0; tree < TOGETHER; tree++) {
                const step *s = at[tree];
                int answer = columns[s->asked][row] > s->threshold;
                shares[s->asked] += s->gain[answer];
                at[tree] = s + s->ahead[answer];
            }
    }
}

static void walk_rows(const trees *judge, const float (*columns)[BLOCK], int count, double *scores) {
    for (int i = 0; i < count; i++) {
        double shares[FEATURES] = {0};
        walk(judge, columns, i, shares);
        scores[i] = judge->root;
        for (int f = 0; f < FEATURES; f++) scores[i] += shares[f];
    }
}

#ifdef __SSE4_1__
#include <immintrin.h>

/* Of each row, say with all bits of a byte whether its value is at most the threshold. */
static inline __m128i says_left(const float *column, float threshold) {
#ifdef __AVX512BW__
    return _mm_movm_epi8(_mm512_cmp_ps_mask(_mm512_load_ps(column), _mm512_set1_ps(threshold), _CMP_LE_OQ));
#else
    __m128 limit = _mm_set1_ps(threshold);
    __m128i answers[BLOCK / 4];
    for (int i = 0; i < BLOCK / 4; i++) answers[i] = _mm_castps_si128(_mm_cmpge_ps(limit, _mm_load_ps(column + 4 * i)));
    return _mm_packs_epi16(_mm_packs_epi32(answers[0], answers[1]), _mm_packs_epi32(answers[2], answers[3]));
#endif
}

/* Return the leaf of a tree that each row falls into. */
static inline __m128i ask(const question *questions, const float (*columns)[BLOCK]) {
    __m128i leaves = _mm_setzero_si128();
    for (int i = 0; i < QUESTIONS; i++) {
        __m128i answers = says_left(columns[questions[i].asked], questions[i].threshold);
        leaves = _mm_or_si128(leaves, _mm_and_si128(answers, _mm_set1_epi8((char)(1 << i))));
    }
    return leaves;
}

/* Return one byte of the value of each row's leaf, from the plane of such bytes. */
static inline __m128i pick(const uint8_t *plane, __m128i leaves) {
    __m128i lower = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)plane), leaves);
    __m128i upper = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(plane + LEAVES / 2)), leaves);
    return _mm_blendv_epi8(lower, upper, _mm_slli_epi16(leaves, 3)); /* the fifth bit of a leaf chooses between them */
}

static void ask_rows(const trees *judge, const float (*columns)[BLOCK], double *scores) {
    __m128i sums[BLOCK / 4];
    int32_t units[BLOCK];
    for (int i = 0; i < BLOCK / 4; i++) sums[i] = _mm_setzero_si128();
    for (int tree = 0; tree < judge->count; tree++) {
        const uint8_t *planes = judge->planes + tree * 4 * LEAVES;
        __m128i leaves = ask(judge->questions + tree * QUESTIONS, columns), bytes[4];
        for (int i = 0; i < 4; i++) bytes[i] = pick(planes + i * LEAVES, leaves);
        __m128i low = _mm_unpacklo_epi8(bytes[0], bytes[1]), high = _mm_unpacklo_epi8(bytes[2], bytes[3]);
        sums[0] = _mm_add_epi32(sums[0], _mm_unpacklo_epi16(low, high));
        sums[1] = _mm_add_epi32(sums[1], _mm_unpackhi_epi16(low, high));
        low = _mm_unpackhi_epi8(bytes[0], bytes[1]), high = _mm_unpackhi_epi8(bytes[2], bytes[3]);
        sums[2] = _mm_add_epi32(sums[2], _mm_unpacklo_epi16(low, high));
        sums[3] = _mm_add_epi32(sums[3], _mm_unpackhi_epi16(low, high));
    }
    memcpy(units, sums, sizeof units);
    for (int i = 0; i < BLOCK; i++) scores[i] = judge->baseline + judge->unit * units[i];
}
#endif

void judge_rows(const trees *judge, const float (*columns)[BLOCK], int count, double *log_odds) {
    double scores[BLOCK];
#ifdef __SSE4_1__
    if (judge->planes) ask_rows(judge, columns, scores);
    else
#endif
        walk_rows(judge, columns, count, scores);
    for (int i = 0; i < count; i++) log_odds[i] = judge->slope * scores[i] + judge->intercept;
}

/* Add to `shares` what each feature added to the raw score of the first row. */
void explain_row(const trees *judge, const float (*columns)[BLOCK], double *shares) { walk(judge, columns, 0, shares); }
