/* A text in, its flagged lines out: model.classifier. What Python calls. */
#include <math.h>

#include "kernel.h"

#define GROUPS 16
#define FEW 4
#define POINTERS 9 /* wording, six tricks, endings, links */

/* A flagged line, as binding.py unpacks it. Ranges are of the submitted text; -1 stands for none. */
typedef struct {
    int32_t number, start, end, span_start, span_end, promotes;
    int32_t pointers[POINTERS][2];
    double score;
    double shares[GROUPS];
} flagged;

/* binding.py unpacks it, too. */
typedef struct {
    int64_t line_count, flagged_count, scored_count;
    double score;
    flagged *lines;
    int32_t *numbers; /* of the lines that hold words, */
    double *scores;   /* and their scores */
    flagged few[FEW]; /* most texts need no other room */
} result;

static double probability(double log_odds) { return 1.0 / (1.0 + exp(-log_odds)); }

static void free_text(text *t) {
    free(t->cells);
    free(t->shifts);
    free(t->map_room);
    free(t->segments);
    free(t->lines);
    free(t->long_words);
    free(t->vouched);
}

static void judge_segments(const model *m, text *t, const trees *judge) {
    float columns[FEATURES][BLOCK] = {{0}};
    double log_odds[BLOCK];
    for (int64_t start = 0; start < t->segment_count; start += BLOCK) {
        int count = t->segment_count - start < BLOCK ? (int)(t->segment_count - start) : BLOCK;
        for (int i = 0; i < count; i++) compute_row(m, t, start + i, (float(*)[BLOCK])&columns[0][i]);
        judge_rows(judge, columns, count, log_odds);
        for (int i = 0; i < count; i++) t->segments[start + i].log_odds = log_odds[i];
    }
}

/* model.judge.share_suspicion, for a text of one line. */
static void share_suspicion(text *t) {
    double mean = 0;
    for (int64_t i = 0; i < t->segment_count; i++) mean += t->segments[i].log_odds;
    mean /= (double)t->segment_count;
    for (int64_t i = 0; i < t->segment_count; i++) t->segments[i].log_odds = (t->segments[i].log_odds + mean) / 2;
}

static void point(const text *t, flagged *f, int which, int32_t start, int32_t end) {
    f->pointers[which][0] = offset_of(t, start);
    f->pointers[which][1] = offset_of(t, end);
}

static void find_pointers(const model *m, const text *t, flagged *f, int64_t from, int64_t to) {
    int32_t start, end;
    memset(f->pointers, 0xFF, sizeof f->pointers);
    if (best_stretch(m, t, from, to, &start, &end) > 0) point(t, f, 0, start, end);
    int32_t first = t->segments[from].start, last = t->segments[to - 1].end;
    word w;
    for (int32_t at = first; next_word(t, at, last, &w); at = w.end)
        for (int trick = 0; trick < 6; trick++) {
            if (f->pointers[1 + trick][0] >= 0) continue;
            for (int32_t i = w.start; i < w.end && i < last; i++)
                if (MARKS(t->cells[i]) >> trick & 1) {
                    point(t, f, 1 + trick, w.start, w.end);
                    break;
                }
        }
    if (find_ending(t, first, last, last, &start, &end)) point(t, f, 7, start, end);
    if (find_link(t, first, last, &start, &end)) point(t, f, 8, start, end);
}

/* Say of a line that reaches the threshold which part was injected and why: model.spans and model.reasons. */
static void explain(const model *m, const text *t, const trees *judge, const line *l, int64_t last, double highest, flagged *f) {
    double beyond = highest - m->reach, limit = m->span_floor > beyond ? m->span_floor : beyond;
    if (limit > highest) limit = highest;
    int64_t from = l->first, to = last;
    while (t->segments[from].log_odds < limit) from++;
    while (t->segments[to - 1].log_odds < limit) to--;
    *f = (flagged){.number = l->number, .start = l->start, .end = l->end, .score = probability(highest)};
    f->span_start = from == l->first ? l->start : offset_of(t, t->segments[from].start);
    f->span_end = to == last ? l->end : offset_of(t, t->segments[to - 1].end);
    f->promotes = kind_margin(m, t, from, to) > 0;
    float columns[FEATURES][BLOCK];
    double shares[FEATURES] = {0};
    for (int64_t i = from; i < to; i++) {
        compute_row(m, t, i, columns);
        explain_row(judge, columns, shares);
    }
    for (int i = 0; i < FEATURES; i++) f->shares[m->groups[i]] += shares[i];
    find_pointers(m, t, f, from, to);
}

static int flag_lines(const model *m, const text *t, const trees *judge, double threshold, result *r) {
    int64_t room = FEW;
    r->lines = r->few;
    r->numbers = malloc(sizeof(int32_t) * (size_t)(t->used_lines + 1));
    r->scores = malloc(sizeof(double) * (size_t)(t->used_lines + 1));
    if (r->numbers == NULL || r->scores == NULL) return -1;
    for (int64_t i = 0; i < t->used_lines; i++) {
        int64_t last = i + 1 < t->used_lines ? t->lines[i + 1].first : t->segment_count;
        double highest = t->segments[t->lines[i].first].log_odds;
        for (int64_t s = t->lines[i].first + 1; s < last; s++)
            if (t->segments[s].log_odds > highest) highest = t->segments[s].log_odds;
        double score = probability(highest);
        r->numbers[i] = t->lines[i].number;
        r->scores[i] = score;
        if (score > r->score) r->score = score;
        if (!(score >= threshold)) continue;
        if (r->flagged_count == room) {
            flagged *grown = realloc(r->lines == r->few ? NULL : r->lines, sizeof(flagged) * (size_t)room * 2);
            if (grown == NULL) return -1;
            if (r->lines == r->few) memcpy(grown, r->few, sizeof r->few);
            r->lines = grown;
            room *= 2;
        }
        explain(m, t, judge, &t->lines[i], last, highest, &r->lines[r->flagged_count++]);
    }
    r->scored_count = t->used_lines;
    return 0;
}

static int judge_text(const model *m, text *t, const uint8_t *bytes, int64_t size, double threshold, result *r) {
    if (fold(m, t, bytes, size) || map(m, t) || read_disguises(m, t) || split(m, t)) return -1;
    r->line_count = t->line_count;
    if (score_wording(m, t)) return -1;
    count_tokens(t);
    if (keep_company(m, t)) return -1;
    const trees *judge = t->used_lines > 1 ? &m->article : &m->alone;
    judge_segments(m, t, judge);
    if (t->used_lines == 1) share_suspicion(t);
    return flag_lines(m, t, judge, threshold, r);
}

void saring_free(result *r) {
    if (r == NULL) return;
    if (r->lines != r->few) free(r->lines);
    free(r->numbers);
    free(r->scores);
    free(r);
}

/* Judge `length` code points in `size` bytes of UTF-8. Return NULL when memory ran out; saring_free takes what is returned. */
result *saring_judge(const model *m, const uint8_t *bytes, int64_t size, int64_t length, double threshold) {
    text t = {.length = (int32_t)length};
    result *r = calloc(1, sizeof(result));
    if (r == NULL) return NULL;
    if (judge_text(m, &t, bytes, size, threshold, r)) {
        saring_free(r);
        r = NULL;
    }
    free_text(&t);
    return r;
}
