/* The compiled twin of model.parse, model.wording, model.features and model.trees: the same function, a text at a time.
 *
 * Every rule here is written down once more, for people, in the Python module that the comment of its file names; a test
 * holds the two against each other. All offsets are 32-bit: a text has at most 2^31 - 1 code points.
 */
#ifndef SARING_KERNEL_H
#define SARING_KERNEL_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SIZE 0x20000          /* code points that the tables know, as in model.unicode_tables */
#define UNKNOWN 0xFFFD        /* what every other code point folds to */
#define FEATURES 50
#define COUNTS 256            /* counts whose roots and logarithms are at hand */
#define BATCH 128             /* places of a segment's n-grams that are looked at together: most segments have no more */
#define BLOCK 16              /* segments that go down the trees together */

enum kind { OTHER, SPACE, LATIN, DIGIT, LETTER, DENSE, EMOJI, LINE_END };
enum mark { STYLED = 1, OVERLAID = 2, HIDDEN = 4, LOOKALIKE = 8, SPACED = 16, LEET = 32, UPPER = 64 };

/* A kept character: its folded code point (17 bits), what it is (3), how it was disguised (7), and flags (5). */
typedef uint32_t cell;
#define POINT(c) ((c) & 0x1FFFFu)
#define KIND(c) (((c) >> 17) & 7u)
#define MARKS(c) (((c) >> 20) & 0x7Fu)
#define MARKED(mark) ((cell)(mark) << 20)
#define PUNCTUATION (1u << 27) /* as features.looks counts it */
#define HOST (1u << 28)        /* a-z, 0-9 or a hyphen */
#define SCHEME (1u << 29)      /* h, w or <, which begin the signs of a link */
#define ALNUM (1u << 30)       /* what Python's \w matches, less the underscore */
#define PLAIN (1u << 31)       /* a-z or 0-9 */
/* Line ends bear no disguise; their marks say which they are. */
#define CARRIAGE_RETURN MARKED(STYLED)
#define SEPARATOR MARKED(OVERLAID)
#define NONE 0u /* no cell looks like this: past the end */

/* Classes of characters, one byte each. */
enum class {
    BLANK = 1,      /* folded: what Python's \s matches */
    CLOSING = 2,    /* folded: ends a sentence, for features.looks */
    STOP = 32,      /* folded: may begin the boundary of a segment */
    SIGN = 64,      /* folded: may stand for a letter */
    CALL = 128,     /* folded: an exclamation mark */
    PLAIN_WORD = 4, /* as written: a Latin letter or a digit */
    ORNAMENT = 8,   /* as written, dropped: marks the character before */
    INVISIBLE = 16, /* as written, dropped: marks the character after */
};

static inline int is_word(cell c) { return KIND(c) - LATIN < 4u; }
static inline int is_small(uint32_t point) { return point - 'a' < 26u; }
static inline int is_digit(uint32_t point) { return point - '0' < 10u; }
static inline int is_plain(uint32_t point) { return is_small(point) || is_digit(point); }
/* Whether Python's \w matches. */
static inline int is_name(cell c) { return (c & ALNUM) || POINT(c) == '_'; }

typedef struct {
    float threshold;
    int32_t asked, next[2]; /* where a row goes whose feature is at most the threshold, or more; a leaf leads to itself */
    double gain[2];         /* how much more the tree would say if it ended there */
} node;

typedef struct {
    int32_t count, nodes;     /* trees; inner nodes of the largest */
    int32_t depth;            /* length of the longest path from a root */
    const uint8_t *feature;   /* (count, nodes) */
    const uint8_t *rank;      /* (count, nodes): a row goes left where the rank of its feature is at most this */
    const float *leaf;        /* (count, 2 ** nodes): by which of the nodes say left */
    const float *thresholds;  /* sorted, for one feature after another */
    const int32_t *bounds;    /* (FEATURES + 1,): where each feature's thresholds begin */
    double baseline, slope, intercept;
    const int32_t *roots;
    const node *plain;        /* the trees as model.trees has them, for reasons */
} trees;

typedef struct {
    const cell *characters;     /* (SIZE,): what each folds to; its point is 0 if it is dropped */
    const uint8_t *classes;     /* (SIZE,) */
    const uint8_t *lookalikes;  /* (SIZE,): the Latin letter that is meant, or 0 */
    const uint32_t *weights;    /* (2 ** bits,): as model.wording packs them, in steps of scale and topic_scale */
    const int8_t *kind_weights; /* (2 ** bits,), in steps of kind_scale */
    const uint8_t *known;       /* (known_size / 8,), most significant bit first */
    uint64_t known_size;        /* a power of two */
    int32_t bits;
    const double *roots; /* (COUNTS,): 1 / sqrt(max(n, 1)) */
    const double *logs;  /* (COUNTS,): log(1 + n) */
    const uint64_t *powers, *inverses; /* (BATCH + 1,): of the factor that words are hashed with */
    double scale, topic_scale, kind_scale, bias, topic_bias, kind_bias, span_floor, reach;
    trees article, alone;
    const int32_t *groups; /* (FEATURES,): the reason that a feature counts for */
} model;

/* Maps of 64 cells, by kind and by what the cells bear: bit k tells of the k-th. */
typedef struct {
    uint64_t latin, digit, letter, dense, emoji, line_end, word;
    uint64_t disguised, upper, punctuation, host, scheme, alnum, plain, blank, stop, sign, call;
} maps;

typedef struct {
    int32_t start, end; /* in cells */
    int32_t line;       /* rank among the lines that hold words */
    int32_t long_words; /* index of the first */
    int32_t words, known, names, capitalised, endings, links, paths;
    int32_t evidence; /* in steps of scale */
    uint16_t tricks[6], disguised, half_styled, disguised_names;
    uint8_t starts_lower;
    float margin, topic, peak, peak_word;
    double log_odds;
} segment;

/* Where characters were dropped: how much later than its place here a cell was submitted, from the cell `from` on. */
typedef struct {
    int32_t from, by;
} shift;

typedef struct {
    int32_t number;     /* from 1, blank lines counted */
    int32_t start, end; /* in the submitted text */
    int32_t first;      /* index of its first segment */
    int64_t grams;
    union { int64_t injected; double margin; }; /* the sum over its segments, in steps of scale; then what it says */
    union { int64_t topic_steps; double topic; };
} line;

typedef struct {
    uint64_t hash;
    int32_t injected; /* in steps of scale */
    int32_t place;    /* among the vouched, or -1 if it has not been looked for */
} long_word;

typedef struct {
    cell *cells;      /* followed by room for sixteen more, which may be read */
    shift *shifts;    /* sorted; before the first, a cell stands where it was submitted */
    int64_t shift_count, shift_room;
    int32_t size, length; /* cells; code points of the submitted text */
    maps *maps, *map_room;
    int32_t line_count;
    segment *segments;
    line *lines;
    long_word *long_words;
    int64_t segment_count, used_lines, long_count;
    /* What features.company needs of the whole text. */
    double usual, usual_topic, highest, second, log_lines;
    int32_t rare[3];
    struct { uint64_t hash; int32_t first, last; } *vouched; /* by word: the first and the last innocent line that holds it */
    uint64_t vouched_mask;
} text;

/* Return where a cell was submitted. */
static inline int32_t offset_of(const text *t, int32_t at) {
    if (at >= t->size) return t->length;
    int64_t low = 0, high = t->shift_count; /* the last shift that counts lies before `low` in the end */
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (t->shifts[middle].from <= at) low = middle + 1;
        else high = middle;
    }
    return low ? at + t->shifts[low - 1].by : at;
}

static inline cell cell_at(const text *t, int32_t at, int32_t end) { return at < end ? t->cells[at] : NONE; }

static inline int has_class(const model *m, cell c, unsigned classes) { return m->classes[POINT(c)] & classes; }

/* What a search looks for, from the maps of a block; those before and after may be looked at, too. */
typedef uint64_t (*sought)(const maps *);
/* Of a map, whether it holds for the cell before, or after. */
#define BEFORE(b, name) ((b)->name << 1 | (b)[-1].name >> 63)
#define AFTER(b, name) ((b)->name >> 1 | (b)[1].name << 63)
static inline uint64_t words_in(const maps *b) { return b->word; }
static inline uint64_t others_in(const maps *b) { return ~b->word; }

/* Return the first place from `at` on and before `end` that a search looks for, or `end`. */
static inline int32_t find(const text *t, sought of, int32_t at, int32_t end) {
    if (at >= end) return end;
    int32_t block = at >> 6, last = (end - 1) >> 6;
    uint64_t found = of(&t->maps[block]) & ~(uint64_t)0 << (at & 63);
    while (!found) {
        if (block == last) return end;
        found = of(&t->maps[++block]);
    }
    at = block * 64 + __builtin_ctzll(found);
    return at < end ? at : end;
}

/* Return how many places there are. */
static inline int32_t count(const text *t, sought of, int32_t from, int32_t to) {
    if (from >= to) return 0;
    int32_t block = from >> 6, last = (to - 1) >> 6;
    uint64_t first_mask = ~(uint64_t)0 << (from & 63), last_mask = ~(uint64_t)0 >> (63 - ((to - 1) & 63));
    if (block == last) return __builtin_popcountll(of(&t->maps[block]) & first_mask & last_mask);
    int32_t sum = __builtin_popcountll(of(&t->maps[block]) & first_mask);
    while (++block < last) sum += __builtin_popcountll(of(&t->maps[block]));
    return sum + __builtin_popcountll(of(&t->maps[last]) & last_mask);
}

int fold(const model *m, text *t, const uint8_t *bytes, int64_t size);          /* fold.c */
int add_shift(text *t, int32_t from, int32_t by);
int map(const model *m, text *t);                                               /* maps.c */
int read_disguises(const model *m, text *t);                                    /* disguises.c */
int split(const model *m, text *t);                                             /* split.c */
int score_wording(const model *m, text *t);                                     /* wording.c */
void count_tokens(text *t);                                                     /* tokens.c */
int find_ending(const text *t, int32_t start, int32_t limit, int32_t end, int32_t *from, int32_t *to);
int find_link(const text *t, int32_t start, int32_t end, int32_t *from, int32_t *to);
int keep_company(const model *m, text *t);                                      /* company.c */
int is_vouched(const text *t, const long_word *word, int32_t line);
void compute_row(const model *m, const text *t, int64_t index, float (*columns)[BLOCK]); /* features.c */
void judge_rows(const trees *judge, const float (*columns)[BLOCK], int count, double *log_odds); /* trees.c */
void explain_row(const trees *judge, const float (*columns)[BLOCK], double *shares);

/* Of words, as model.ngrams finds them: the first that starts at `from` or later in cells, and before `end`. */
typedef struct {
    int32_t start, end, letters;
    int glued;
} word;
int next_word(const text *t, int32_t from, int32_t end, word *found);
double margin(const model *m, double sum, int64_t count, double bias);

/* Of a flagged line: the log odds that it promotes something else than gambling, and the words that say most; end is 0 if none do. */
typedef struct {
    double kind_margin;
    int32_t start, end;
} wording;
wording read_wording(const model *m, const text *t, int64_t from, int64_t to);

#endif
