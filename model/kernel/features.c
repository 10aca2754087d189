/* The second stage's view of a segment: model.features, in the order of its NAMES. */
#include <math.h>

#include "kernel.h"

#define NOTHING (-4.0)
#define SHORT 5

static inline double segment_margin(const text *t, int64_t index) {
    return index < 0 || index >= t->segment_count ? NOTHING : t->segments[index].margin;
}

static inline double at_least_one(double value) { return value > 1 ? value : 1; }

/* Most counts are small. */
static inline float log_count(const model *m, int32_t count) { return count < COUNTS ? m->logs[count] : (float)log1p(count); }

/* Write the features of a segment to a column each; the caller passes where the segment's row begins. */
void compute_row(const model *m, const text *t, int64_t index, float (*columns)[BLOCK]) {
    const segment *s = &t->segments[index];
    const line *l = &t->lines[s->line];
    counts room;
    const counts *c = counts_of(t, index, &room);
    double own = segment_margin(t, index), words = at_least_one(c->words);
    double topic = s->topic, evidence = s->evidence * m->scale;
    int32_t letters = c->latin + c->letters + c->dense;
    shared_words common = find_shared(t, index);
    int64_t next_line = s->line + 1 < t->used_lines ? t->lines[s->line + 1].first : t->segment_count;
    int32_t rare = (t->rare[0] ? c->latin : 0) + (t->rare[1] ? c->letters : 0) + (t->rare[2] ? c->dense : 0);
    int64_t lines = t->used_lines;
    float *v = *columns;
    /* wording */
    *v = (float)(own), v += BLOCK;
    *v = (float)(own > l->margin ? own : l->margin), v += BLOCK;
    *v = (float)(s->peak), v += BLOCK;
    *v = (float)(s->peak_word), v += BLOCK;
    /* company */
    *v = (float)(segment_margin(t, index - 1)), v += BLOCK;
    *v = (float)(segment_margin(t, index + 1)), v += BLOCK;
    *v = (float)(t->usual), v += BLOCK;
    *v = (float)(l->margin == t->highest ? t->second : t->highest), v += BLOCK;
    *v = (float)(own - t->usual), v += BLOCK;
    *v = (float)(topic), v += BLOCK;
    *v = (float)(t->usual_topic), v += BLOCK;
    *v = (float)(topic - t->usual_topic), v += BLOCK;
    *v = (float)(common.shared / at_least_one(common.longer)), v += BLOCK;
    *v = (float)((double)common.evidence * m->scale / (evidence > 1e-9 ? evidence : 1e-9)), v += BLOCK;
    *v = (float)(rare / at_least_one(letters)), v += BLOCK;
    /* vocabulary */
    *v = (float)((c->words - c->known) / words), v += BLOCK;
    *v = log_count(m, c->known), v += BLOCK;
    /* disguise */
    for (int trick = 0; trick < 6; trick++, v += BLOCK) *v = log_count(m, c->tricks[trick]);
    *v = (float)(c->disguised / words), v += BLOCK;
    *v = log_count(m, c->half_styled), v += BLOCK;
    *v = log_count(m, c->disguised_names), v += BLOCK;
    /* tokens */
    *v = log_count(m, c->names), v += BLOCK;
    *v = log_count(m, c->endings), v += BLOCK;
    *v = (float)(c->names / words), v += BLOCK;
    *v = log_count(m, c->links), v += BLOCK;
    *v = log_count(m, c->paths), v += BLOCK;
    /* looks */
    *v = (float)(c->capitals / at_least_one(letters)), v += BLOCK;
    *v = (float)(c->capitalised / words), v += BLOCK;
    *v = (float)(c->capitals == 0), v += BLOCK;
    *v = (float)(c->starts_lower), v += BLOCK;
    *v = (float)(c->ends_open), v += BLOCK;
    *v = (float)(c->punctuation / words), v += BLOCK;
    *v = log_count(m, c->exclamations), v += BLOCK;
    *v = log_count(m, c->emoji), v += BLOCK;
    *v = (float)((double)c->digits / c->length), v += BLOCK;
    *v = log_count(m, c->words), v += BLOCK;
    *v = (float)(c->words < SHORT), v += BLOCK;
    /* place */
    *v = (float)(lines == 1), v += BLOCK;
    *v = (float)(s->line == 0 && lines > 1), v += BLOCK;
    *v = (float)(s->line == lines - 1 && lines > 1), v += BLOCK;
    *v = (float)(s->line / at_least_one((double)(lines - 1))), v += BLOCK;
    *v = (float)(t->log_lines), v += BLOCK;
    *v = (float)(index == l->first && index + 1 == next_line), v += BLOCK;
    *v = (float)(index == l->first), v += BLOCK;
    *v = (float)(index + 1 == next_line), v += BLOCK;
}
