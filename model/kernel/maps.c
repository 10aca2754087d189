/* One bit a cell for every kind of character that somebody searches for: most texts are passed over 64 characters at a time.
 *
 * The idea is that of G. Langdale and D. Lemire, "Parsing gigabytes of JSON per second", 2019, and so is that of `members`.
 */
#include "kernel.h"

#ifdef __SSSE3__
#include <tmmintrin.h>
#endif

/* Gather a bit of each of 64 bytes. */
static uint64_t gather(const uint8_t *bytes, int bit) {
    uint64_t gathered = 0;
#ifdef __SSSE3__
    for (int i = 0; i < 4; i++) {
        __m128i sixteen = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
        gathered |= (uint64_t)_mm_movemask_epi8(_mm_slli_epi16(sixteen, 7 - bit)) << 16 * i;
    }
#else
    for (int i = 0; i < 8; i++) {
        uint64_t eight;
        memcpy(&eight, bytes + 8 * i, sizeof eight);
        /* The factor moves the lowest bit of byte k to bit 56 + k. */
        gathered |= ((eight >> bit & 0x0101010101010101u) * 0x0102040810204080u >> 56) << 8 * i;
    }
#endif
    return gathered;
}

#ifdef __SSSE3__
/* Find those of 64 ASCII characters that are in a set: bit k of `halves[n]` says whether the one of the halves k and n is. */
static uint64_t members(const uint8_t *ascii, const uint8_t *halves) {
    const __m128i bits = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
    __m128i set = _mm_loadu_si128((const __m128i *)halves);
    uint64_t others = 0;
    for (int i = 0; i < 4; i++) {
        __m128i sixteen = _mm_loadu_si128((const __m128i *)(ascii + 16 * i));
        __m128i upper = _mm_and_si128(_mm_srli_epi16(sixteen, 4), _mm_set1_epi8(15));
        __m128i found = _mm_and_si128(_mm_shuffle_epi8(set, sixteen), _mm_shuffle_epi8(bits, upper));
        others |= (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128())) << 16 * i;
    }
    return ~others;
}
#endif

/* Map the classes of 64 characters. */
static void map_classes(const model *m, const cell *cells, int count, maps *b) {
    uint8_t classes[64] = {0};
#ifdef __SSSE3__
    cell all = 0;
    for (int i = 0; i < count; i++) {
        classes[i] = (uint8_t)cells[i];
        all |= cells[i];
    }
    if (POINT(all) < 128) {
        b->blank = members(classes, m->halves[0]);
        b->stop = members(classes, m->halves[1]);
        b->sign = members(classes, m->halves[2]);
        b->call = members(classes, m->halves[3]);
        return;
    }
#endif
    for (int i = 0; i < count; i++) classes[i] = m->classes[POINT(cells[i])];
    b->blank = gather(classes, 0);
    b->stop = gather(classes, 5);
    b->sign = gather(classes, 6);
    b->call = gather(classes, 7);
}

static void map_block(const model *m, const cell *cells, int count, maps *b) {
    uint8_t high[64] = {0}, low[64] = {0};
    for (int i = 0; i < count; i++) {
        high[i] = (uint8_t)(cells[i] >> 24);
        low[i] = (uint8_t)(cells[i] >> 16);
    }
    uint64_t one = gather(low, 1), two = gather(low, 2), four = gather(low, 3);
    b->latin = ~one & two & ~four;
    b->digit = one & two & ~four;
    b->letter = ~one & ~two & four;
    b->dense = one & ~two & four;
    b->emoji = ~one & two & four;
    b->line_end = one & two & four;
    b->word = two ^ four;
    for (int i = 0; i < 64; i++) low[i] = (low[i] & 0xF0) | (high[i] & 0x03) ? 1 : 0;
    b->disguised = gather(low, 0);
    b->upper = gather(high, 2);
    b->punctuation = gather(high, 3);
    b->host = gather(high, 4);
    b->scheme = gather(high, 5);
    b->alnum = gather(high, 6);
    b->plain = gather(high, 7);
    map_classes(m, cells, count, b);
}

/* Fill t->maps, for which there is room, for the cells from `from` on; a block of zeros stands after the last. */
void map(const model *m, text *t, int32_t from) {
    int32_t at = from & ~63, block = at >> 6;
    for (; t->size - at >= 64; at += 64) map_block(m, t->cells + at, 64, &t->maps[block++]);
    map_block(m, t->cells + at, t->size - at, &t->maps[block++]);
    memset(&t->maps[block], 0, sizeof(maps));
}
