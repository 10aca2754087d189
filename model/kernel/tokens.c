/* Names glued to digits, links and paths: the patterns ENDING, LINK and PATH of model.features.tokens. */
#include "kernel.h"

static const char *const ENDINGS[] = {"77", "88", "99", "123", "138", "168", "188", "303", "388", "666", "777", "888", "69", "4d", "5d",
                                      "328", "500", "855", "889", "55", "33", NULL};
static const char *const DOMAINS[] = {"com", "net", "org", "info", "xyz", "id", "me", "io", "site", "online", "vip", "club", "top", "ly",
                                      "cc", "co", "app", "link", "bet", "win", "biz", "pro", "asia", "tv", "ru", "gg", NULL};

static int starts(const text *t, int32_t at, int32_t end, const char *what) {
    for (; *what; what++, at++)
        if (POINT(cell_at(t, at, end)) != (uint32_t)(unsigned char)*what) return 0;
    return 1;
}

/* Whether the whole run of \w from `at` on is one of the words; return its end, or 0. */
static int32_t match_one(const text *t, int32_t at, int32_t end, const char *const *words) {
    int32_t after = at;
    while (after < at + 8 && is_name(cell_at(t, after, end))) after++;
    for (; *words; words++)
        if ((int32_t)strlen(*words) == after - at && starts(t, at, end, *words)) return after;
    return 0;
}

/* Of ENDING: the match that starts with the run of small letters at `at`. */
static int32_t match_ending(const text *t, int32_t at, int32_t end) {
    int32_t digits = at;
    while (is_small(POINT(cell_at(t, digits, end)))) digits++;
    return digits - at >= 3 && is_digit(POINT(cell_at(t, digits, end))) ? match_one(t, digits, end, ENDINGS) : 0;
}

/* Find the next ENDING that starts from `start` on and before `limit`. */
int find_ending(const text *t, int32_t start, int32_t limit, int32_t end, int32_t *from, int32_t *to) {
    for (int32_t at = start; at < limit; at++) {
        if (!is_small(POINT(t->cells[at])) || (at > 0 && is_small(POINT(t->cells[at - 1])))) continue;
        if ((*to = match_ending(t, at, end))) {
            *from = at;
            return 1;
        }
        while (at + 1 < limit && is_small(POINT(t->cells[at + 1]))) at++;
    }
    return 0;
}

/* Of LINK: the match at a cell with the flag SCHEME. Most begin a common word, which the next character tells. */
static inline int32_t match_scheme(const text *t, int32_t at, int32_t end) {
    uint32_t p = POINT(t->cells[at]), next = POINT(cell_at(t, at + 1, end));
    if (p == 'h' && next == 't') {
        if (starts(t, at, end, "http://")) return at + 7;
        if (starts(t, at, end, "https://")) return at + 8;
    } else if (p == 'h' && next == 'r') {
        if (starts(t, at, end, "href")) return at + 4;
    } else if (p == 'w' && next == 'w') {
        if (starts(t, at, end, "www.")) return at + 4;
    } else if (p == 'w' && next == 'a') {
        if (starts(t, at, end, "wa.me") && !(at > 0 && is_name(t->cells[at - 1]))) return at + 5;
    } else if (p == '<' && next == 'a') {
        return is_name(cell_at(t, at + 2, end)) ? 0 : at + 2;
    }
    return 0;
}

/* A run of small letters, digits and hyphens. */
typedef struct {
    int32_t start, end;
    cell any, all; /* the flags that any of its characters bears, and those that all do */
} host;

static host read_host(const text *t, int32_t at, int32_t end) {
    host h = {at, at, 0, ~0u};
    for (; h.end < end && (t->cells[h.end] & HOST); h.end++) {
        h.any |= t->cells[h.end];
        h.all &= t->cells[h.end];
    }
    return h;
}

static int32_t match_host(const text *t, const host *h, int32_t end) {
    if (h->end - h->start < 2 || POINT(cell_at(t, h->end, end)) != '.') return 0;
    if (h->start > 0 && ((t->cells[h->start - 1] & HOST) || is_name(t->cells[h->start - 1]))) return 0;
    return match_one(t, h->end + 1, end, DOMAINS);
}

/* Find the first LINK that starts in a run, from `at` on. */
static int32_t link_in(const text *t, const host *h, int32_t end, int32_t *from) {
    int32_t to = 0;
    for (*from = h->start; *from < h->end; ++*from) {
        if ((t->cells[*from] & SCHEME) && (to = match_scheme(t, *from, end))) return to;
        if (*from == h->start && (to = match_host(t, h, end))) return to;
        if (!(h->any & SCHEME)) return 0;
    }
    return 0;
}

int find_link(const text *t, int32_t start, int32_t end, int32_t *from, int32_t *to) {
    for (int32_t at = start; at < end;) {
        cell c = t->cells[at];
        if (c & HOST) {
            host h = read_host(t, at, end);
            if ((*to = link_in(t, &h, end, from))) return 1;
            at = h.end;
        } else if ((c & SCHEME) && (*to = match_scheme(t, at, end))) {
            *from = at;
            return 1;
        } else {
            at++;
        }
    }
    return 0;
}

/* Segments in order, to find the one that holds a place; places are asked for in order, too. */
static counts *counts_at(text *t, int64_t *index, int32_t at) {
    while (*index + 1 < t->part_count && t->parts[*index + 1].start <= at) ++*index;
    return &t->parts[*index].counts;
}

static void count_paths(text *t, const host *h, int64_t index) {
    int32_t at = h->start;
    while (at < h->end) {
        int32_t start = at, parts = 0;
        while (at < h->end && POINT(t->cells[at]) != '-') at++;
        if (at == start) {
            at++;
            continue;
        }
        while (at + 1 < h->end && POINT(t->cells[at + 1]) != '-') {
            for (at++; at < h->end && POINT(t->cells[at]) != '-';) at++;
            parts++;
        }
        if (parts) counts_at(t, &index, start)->paths++;
    }
}

/* Count the links that start in a run or, where there is none, at a sign; those before `from` belong to an earlier match. */
static int32_t count_links(text *t, const host *h, int64_t index, int32_t from) {
    int32_t end = t->size;
    host rest = *h;
    if (rest.start < from) rest.start = from;
    if (!(t->cells[h->start] & HOST)) {
        int32_t to = match_scheme(t, h->start, end);
        if (to) counts_at(t, &index, h->start)->links++;
        return to > from ? to : from;
    }
    int32_t start, to;
    while (rest.start < rest.end && (to = link_in(t, &rest, end, &start))) {
        counts_at(t, &index, start)->links++;
        rest.start = from = to;
    }
    return from;
}

/* Where a link may begin, or the dot within a host stands. Most of what begins like a link begins a common word. */
static uint64_t may_link(const maps *b) { return b->scheme | (b->stop & BEFORE(b, host) & AFTER(b, alnum)); }
/* The last small letter before a digit. */
static uint64_t may_end(const maps *b) { return b->plain & ~b->digit & AFTER(b, plain) & AFTER(b, digit); }
static uint64_t hyphens(const maps *b) { return b->host & ~b->plain; }

static int32_t run_start(const text *t, int32_t at) {
    while (at > 0 && (t->cells[at - 1] & HOST)) at--;
    return at;
}

static void count_all_links(text *t, int32_t from, int32_t to) {
    int64_t index = 0;
    int32_t linked = 0; /* links do not overlap */
    for (int32_t at = from; (at = find(t, may_link, at, to)) < to;) {
        if ((t->cells[at] & SCHEME) && !match_scheme(t, at, t->size)) {
            at++;
            continue;
        }
        int32_t start = (t->cells[at] & (SCHEME | HOST)) == SCHEME ? at : run_start(t, at); /* a tag begins at its < */
        host h = read_host(t, start, t->size);
        counts_at(t, &index, start);
        linked = count_links(t, &h, index, linked);
        at = h.end > at ? h.end : at + 1;
    }
}

static void count_all_endings(text *t, int32_t from, int32_t to) {
    int64_t index = 0;
    int32_t after;
    for (int32_t at = from; (at = find(t, may_end, at, to)) < to; at++) {
        int32_t start = at;
        while (start > 0 && is_small(POINT(t->cells[start - 1]))) start--;
        if (!(after = match_ending(t, start, t->size))) continue;
        counts_at(t, &index, start)->endings++;
        at = after - 1;
    }
}

static void count_all_paths(text *t, int32_t from, int32_t to) {
    int64_t index = 0;
    for (int32_t at = from; (at = find(t, hyphens, at, to)) < to;) {
        int32_t start = run_start(t, at);
        host h = read_host(t, start, t->size);
        counts_at(t, &index, start);
        count_paths(t, &h, index);
        at = h.end;
    }
}

/* Count those that begin in the cells from `from` to `to`, which the parts at hand cover; none reaches into them or beyond. */
void count_tokens(text *t, int32_t from, int32_t to) {
    if (!t->part_count) return;
    count_all_links(t, from, to);
    count_all_endings(t, from, to);
    count_all_paths(t, from, to);
}
