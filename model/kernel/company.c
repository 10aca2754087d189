/* What the article says of its parts: the medians and the shared words of model.features.company. */
#include <math.h>

#include "kernel.h"

static void swap(float *a, float *b) {
    float kept = *a;
    *a = *b;
    *b = kept;
}

/* Put the value of rank `k` where it belongs in `values`, smaller ones before it (C. A. R. Hoare, "Algorithm 65: Find", 1961). */
static float select_rank(float *values, int64_t size, int64_t k) {
    int64_t low = 0, high = size - 1;
    while (low < high) {
        float pivot = values[low + (high - low) / 2];
        int64_t i = low, j = high;
        while (i <= j) {
            while (values[i] < pivot) i++;
            while (values[j] > pivot) j--;
            if (i <= j) swap(&values[i++], &values[j--]);
        }
        if (k <= j) high = j;
        else if (k >= i) low = i;
        else break;
    }
    return values[k];
}

static double median(float *values, int64_t size) {
    double upper = select_rank(values, size, size / 2);
    if (size % 2) return upper;
    double lower = values[0];
    for (int64_t i = 1; i < size / 2; i++)
        if (values[i] > lower) lower = values[i];
    return (lower + upper) / 2;
}

/* Return where the word stands among the vouched, or may be put. */
static voucher *place_of(const text *t, uint32_t key) {
    uint64_t at = key & t->vouched_mask;
    while (t->vouched[at].lines && t->vouched[at].key != key) at = (at + 1) & t->vouched_mask;
    return &t->vouched[at];
}

static int make_table(text *t, uint64_t room) {
    voucher *table = calloc((size_t)room, sizeof(voucher));
    if (table == NULL) return -1;
    t->vouched = table;
    t->vouched_mask = room - 1;
    return 0;
}

static int grow_table(text *t) {
    voucher *old = t->vouched;
    uint64_t last = t->vouched_mask;
    if (make_table(t, 2 * (last + 1))) return -1;
    for (uint64_t i = 0; i <= last; i++)
        if (old[i].lines) *place_of(t, old[i].key) = old[i];
    free(old);
    return 0;
}

/* Return the lines that vouch for a word once this one, which holds it, is known, too. */
static inline uint32_t vouching(uint32_t lines, uint32_t of_line, int is_innocent) {
    uint32_t innocent = ((lines == 0) | (lines == NOBODY) | (lines == of_line)) ? of_line : SEVERAL;
    return is_innocent ? innocent : lines ? lines : NOBODY;
}

/* Note which innocent lines hold which of the longer words. */
static int vouch(text *t) {
    uint64_t room = 64;
    while (room < 2 * (uint64_t)t->long_count && room < 4096) room *= 2;
    if (make_table(t, room)) return -1;
    t->placed = 2 * (uint64_t)t->long_count <= room; /* the table will not grow: words may say where they stand */
    double limit = t->usual > 0 ? t->usual : 0;
    int64_t used = 0;
    for (int64_t s = 0; s < t->segment_count; s++) {
        uint32_t of_line = (uint32_t)t->segments[s].line + 1;
        int is_innocent = t->lines[of_line - 1].margin <= limit;
        int64_t end = s + 1 < t->segment_count ? t->segments[s + 1].long_words : t->long_count;
        for (int64_t w = t->segments[s].long_words; w < end; w++) {
            uint32_t key = t->long_words[w].key;
            voucher *v = place_of(t, key);
            used += v->lines == 0;
            *v = (voucher){key, vouching(v->lines, of_line, is_innocent)};
            if (t->placed) t->long_words[w].key = (uint32_t)(v - t->vouched);
            else if ((uint64_t)used > t->vouched_mask / 5 * 4 && grow_table(t)) return -1;
        }
    }
    return 0;
}

/* Of the longer words of a segment, find those that an innocent line other than its own holds. */
shared_words find_shared(const text *t, int64_t index) {
    const segment *s = &t->segments[index];
    int64_t end = index + 1 < t->segment_count ? s[1].long_words : t->long_count;
    shared_words found = {(int32_t)(end - s->long_words), 0, 0};
    for (int64_t i = s->long_words; i < end; i++) {
        const long_word *w = &t->long_words[i];
        uint32_t lines = t->placed ? t->vouched[w->key].lines : place_of(t, w->key)->lines;
        int shared = (lines != NOBODY) & (lines != (uint32_t)s->line + 1);
        found.shared += shared;
        found.evidence += (shared & (w->injected > 0)) ? w->injected : 0;
    }
    return found;
}

static void find_rare_scripts(text *t) {
    double total = (double)t->letters[0] + (double)t->letters[1] + (double)t->letters[2];
    for (int i = 0; i < 3; i++) t->rare[i] = (double)t->letters[i] < 0.3 * (total > 1 ? total : 1);
}

int keep_company(text *t) {
    if (!t->used_lines) return 0;
    t->log_lines = log((double)t->used_lines);
    float *values = malloc(sizeof(float) * (size_t)t->used_lines);
    if (values == NULL) return -1;
    for (int64_t i = 0; i < t->used_lines; i++) values[i] = t->lines[i].topic;
    t->usual_topic = median(values, t->used_lines);
    t->highest = -INFINITY;
    t->second = t->used_lines > 1 ? -INFINITY : -4.0;
    for (int64_t i = 0; i < t->used_lines; i++) {
        values[i] = t->lines[i].margin;
        if (values[i] > t->highest) {
            if (i) t->second = t->highest;
            t->highest = values[i];
        } else if (values[i] > t->second) {
            t->second = values[i];
        }
    }
    t->usual = median(values, t->used_lines);
    free(values);
    find_rare_scripts(t);
    return vouch(t);
}
