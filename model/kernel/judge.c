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
    int32_t *numbers; /* of the lines that hold words, if asked for, */
    double *scores;   /* and their scores */
    flagged few[FEW]; /* most texts need no other room */
} result;

static double probability(double log_odds) { return 1.0 / (1.0 + exp(-log_odds)); }

static void free_text(text *t) {
    free(t->cell_room);
    free(t->map_room);
    free(t->shifts);
    free(t->pieces);
    free(t->parts);
    free(t->segments);
    free(t->packed);
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
    int32_t first = t->segments[from].start, last = end_of(t, &t->segments[to - 1]);
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

/* Say where a line was submitted. */
static int find_line(const model *m, text *t, const line *l, int64_t last, flagged *f) {
    int32_t start = t->segments[l->first].start, end = end_of(t, &t->segments[last - 1]);
    if (look_at(m, t, start, start)) return -1;
    f->start = line_start(t, start);
    if (look_at(m, t, end, end)) return -1;
    f->end = offset_of(t, end);
    return 0;
}

/* Say of a line that reaches the threshold which part was injected and why: model.spans and model.reasons. */
static int explain(const model *m, text *t, const trees *judge, const line *l, int64_t last, double highest, flagged *f) {
    double beyond = highest - m->reach, limit = m->span_floor > beyond ? m->span_floor : beyond;
    if (limit > highest) limit = highest;
    int64_t from = l->first, to = last;
    while (t->segments[from].log_odds < limit) from++;
    while (t->segments[to - 1].log_odds < limit) to--;
    *f = (flagged){.number = l->number, .score = probability(highest)};
    if (find_line(m, t, l, last, f)) return -1;
    int32_t start = t->segments[from].start, end = end_of(t, &t->segments[to - 1]);
    if (look_at(m, t, start, end)) return -1;
    f->span_start = from == l->first ? f->start : offset_of(t, start);
    f->span_end = to == last ? f->end : offset_of(t, end);
    f->promotes = kind_margin(m, t, from, to) > 0;
    float columns[FEATURES][BLOCK];
    double shares[FEATURES] = {0};
    for (int64_t i = from; i < to; i++) {
        compute_row(m, t, i, columns);
        explain_row(judge, columns, shares);
    }
    for (int i = 0; i < FEATURES; i++) f->shares[m->groups[i]] += shares[i];
    find_pointers(m, t, f, from, to);
    return 0;
}

static int make_score_room(const text *t, result *r) {
    r->numbers = malloc(sizeof(int32_t) * (size_t)(t->used_lines + 1));
    r->scores = malloc(sizeof(double) * (size_t)(t->used_lines + 1));
    r->scored_count = t->used_lines;
    return r->numbers && r->scores ? 0 : -1;
}

static flagged *add_flagged(result *r, int64_t *room) {
    if (r->flagged_count == *room) {
        flagged *grown = realloc(r->lines == r->few ? NULL : r->lines, sizeof(flagged) * (size_t)*room * 2);
        if (grown == NULL) return NULL;
        if (r->lines == r->few) memcpy(grown, r->few, sizeof r->few);
        r->lines = grown;
        *room *= 2;
    }
    return &r->lines[r->flagged_count++];
}

static int flag_lines(const model *m, text *t, const trees *judge, double threshold, int scores, result *r) {
    int64_t room = FEW;
    r->lines = r->few;
    if (scores && make_score_room(t, r)) return -1;
    for (int64_t i = 0; i < t->used_lines; i++) {
        int64_t last = i + 1 < t->used_lines ? t->lines[i + 1].first : t->segment_count;
        double highest = t->segments[t->lines[i].first].log_odds;
        for (int64_t s = t->lines[i].first + 1; s < last; s++)
            if (t->segments[s].log_odds > highest) highest = t->segments[s].log_odds;
        double score = probability(highest);
        if (scores) {
            r->numbers[i] = t->lines[i].number;
            r->scores[i] = score;
        }
        if (score > r->score) r->score = score;
        if (!(score >= threshold)) continue;
        flagged *f = add_flagged(r, &room);
        if (f == NULL || explain(m, t, judge, &t->lines[i], last, highest, f)) return -1;
    }
    return 0;
}

static int read_text(const model *m, text *t) {
    do {
        if (read_piece(m, t) || split(m, t, is_last_piece(t)) || settle(m, t)) return -1;
        if (!is_last_piece(t)) forget(t, t->settled);
    } while (!is_last_piece(t));
    finish_line(m, t);
    return 0;
}

static int judge_text(const model *m, text *t, double threshold, int scores, result *r) {
    if (read_text(m, t) || keep_company(t)) return -1;
    r->line_count = t->line_count;
    const trees *judge = t->used_lines > 1 ? &m->article : &m->alone;
    judge_segments(m, t, judge);
    if (t->used_lines == 1) share_suspicion(t);
    return flag_lines(m, t, judge, threshold, scores, r);
}

void saring_free(result *r) {
    if (r == NULL) return;
    if (r->lines != r->few) free(r->lines);
    free(r->numbers);
    free(r->scores);
    free(r);
}

/* Judge `length` code points in `size` bytes of UTF-8; the scores of all lines are noted if `scores` says so. Return NULL when
 * memory ran out; saring_free takes what is returned. */
result *saring_judge(const model *m, const uint8_t *bytes, int64_t size, int64_t length, double threshold, int scores) {
    text t = {.bytes = bytes, .byte_count = size, .length = (int32_t)length, .latin = -1};
    result *r = calloc(1, sizeof(result));
    if (r == NULL) return NULL;
    t.restore = size != length && keeps_cut_letters(bytes, bytes + size);
    if (judge_text(m, &t, threshold, scores, r)) {
        saring_free(r);
        r = NULL;
    }
    free_text(&t);
    return r;
}
