/* A text in, its flagged lines out: model.classifier. What Python calls. */
#include <math.h>

#ifdef __linux__
#include <malloc.h>
#endif

#include "kernel.h"

#define FEW 4
#define MOST 3 /* reasons */

/* The kinds of evidence: model.judged.GROUPS. */
enum group { WORDING, COMPANY, SHARED_WORDS, OTHER_SCRIPT, UNKNOWN_WORDS, TRICK, ENDING = TRICK + 6, LINK, PLACE, GROUPS };

/* A kind of evidence and where it shows in the submitted text; -1 stands for nowhere. */
typedef struct {
    int32_t group, start, end;
} evidence;

/* A flagged line, as binding.py unpacks it. Ranges are of the submitted text. */
typedef struct {
    int32_t number, start, end, span_start, span_end, promotes;
    double score;
    evidence found[MOST]; /* the weightiest first */
    int32_t count;
} flagged;

/* What the caller holds, all zeros at first; binding.py declares it, too. */
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

#define MUCH (1 << 15) /* bytes of a text */

/* What is made of the answer must not come on top of what a long text took. */
static void give_back(const text *t) {
#ifdef __GLIBC__
    if (t->byte_count > MUCH) malloc_trim(0);
#else
    (void)t;
#endif
}

static void judge_segments(const model *m, text *t, const trees *judge) {
    _Alignas(64) float columns[FEATURES][BLOCK] = {{0}};
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

static int find_trick(const text *t, int trick, int32_t first, int32_t last, int32_t *start, int32_t *end) {
    word w;
    for (int32_t at = first; next_word(t, at, last, &w); at = w.end)
        for (int32_t i = w.start; i < w.end && i < last; i++)
            if (MARKS(t->cells[i]) >> trick & 1) {
                *start = w.start, *end = w.end;
                return 1;
            }
    return 0;
}

/* Say where a kind of evidence shows in the segments from `from` to `to`; return 0 if there is nothing to say of it. */
static int find_evidence(const text *t, enum group group, const wording *words, int64_t from, int64_t to, evidence *e) {
    int32_t first = t->segments[from].start, last = end_of(t, &t->segments[to - 1]), start = words->start, end = words->end;
    int shows;
    *e = (evidence){group, -1, -1};
    if (group == WORDING) shows = end > 0;
    else if (group == ENDING) shows = find_ending(t, first, last, last, &start, &end);
    else if (group == LINK) shows = find_link(t, first, last, &start, &end);
    else if (group >= TRICK && group < ENDING) shows = find_trick(t, group - TRICK, first, last, &start, &end);
    else return group == COMPANY ? t->line_count > 1 : group != PLACE;
    if (shows) e->start = offset_of(t, start), e->end = offset_of(t, end);
    return shows;
}

/* model.evidence.choose: what is worth pointing at is looked for only if it may be chosen. */
static void choose_evidence(const text *t, double *shares, const wording *words, int64_t from, int64_t to, flagged *f) {
    while (f->count < MOST) {
        enum group heaviest = 0;
        for (enum group group = 1; group < GROUPS; group++)
            if (shares[group] > shares[heaviest]) heaviest = group;
        if (!(shares[heaviest] > 0)) break;
        shares[heaviest] = 0;
        f->count += find_evidence(t, heaviest, words, from, to, &f->found[f->count]);
    }
    if (f->count) return;
    f->count = 1;
    if (!find_evidence(t, WORDING, words, from, to, f->found)) f->found[0] = (evidence){PLACE, -1, -1};
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
    wording words = read_wording(m, t, from, to);
    f->promotes = words.kind_margin > 0;
    _Alignas(64) float columns[FEATURES][BLOCK];
    double shares[FEATURES] = {0}, of_groups[GROUPS] = {0};
    for (int64_t i = from; i < to; i++) {
        compute_row(m, t, i, columns);
        explain_row(judge, columns, shares);
    }
    for (int i = 0; i < FEATURES; i++) of_groups[m->groups[i]] += shares[i];
    choose_evidence(t, of_groups, &words, from, to, f);
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
    double too_low = -INFINITY; /* log odds that are known not to reach the threshold */
    for (int64_t i = 0; i < t->used_lines; i++) {
        int64_t last = i + 1 < t->used_lines ? t->lines[i + 1].first : t->segment_count;
        double highest = t->segments[t->lines[i].first].log_odds;
        for (int64_t s = t->lines[i].first + 1; s < last; s++)
            if (t->segments[s].log_odds > highest) highest = t->segments[s].log_odds;
        if (highest <= too_low && !scores) continue;
        double score = probability(highest);
        if (scores) {
            r->numbers[i] = t->lines[i].number;
            r->scores[i] = score;
        }
        if (score > r->score) r->score = score;
        if (!(score >= threshold)) {
            too_low = highest > too_low ? highest : too_low;
            continue;
        }
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
    if (r->lines != r->few) free(r->lines);
    free(r->numbers);
    free(r->scores);
}

/* Judge `length` code points in `size` bytes of UTF-8; the scores of all lines are noted if `scores` says so. Return -1 when memory
 * ran out; else saring_free takes what the result points to, which is nothing where few lines are flagged and no scores asked for. */
int saring_judge(const model *m, const uint8_t *bytes, int64_t size, int64_t length, double threshold, int scores, result *r) {
    text t = {.bytes = bytes, .byte_count = size, .length = (int32_t)length, .latin = -1};
    t.restore = size != length && keeps_cut_letters(bytes, bytes + size);
    int failed = judge_text(m, &t, threshold, scores, r);
    free_text(&t);
    give_back(&t);
    return failed;
}
