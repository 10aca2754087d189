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
#define TOGETHER 8            /* trees that they go down by turns */
#define QUESTIONS 5           /* that a small tree asks at most */
#define LEAVES 32             /* one for each way to answer them */
#define LONG 4                /* characters from which on words are compared with other lines', as in model.features.company */

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

/* What a tree asks of a row. */
typedef struct {
    float threshold;
    int32_t asked; /* feature */
} question;

typedef struct {
    float threshold;
    int32_t asked;
    double gain[2];   /* how much more the tree would say if it ended where a row goes, */
    int32_t ahead[2]; /* and how many places further that is: where its feature is at most the threshold, or more */
} step;

/* model.kernel.forest says more. */
typedef struct {
    int32_t count, places, depth; /* trees, a multiple of TOGETHER; places of each; length of the longest path */
    const step *steps;            /* (count, places) */
    const question *questions;    /* (count, QUESTIONS), and */
    const uint8_t *planes;        /* (count, 4, LEAVES), if all trees are small, else NULL */
    double root, baseline, unit, slope, intercept;
} trees;

typedef struct {
    const cell *characters;     /* (SIZE,): what each folds to; its point is 0 if it is dropped */
    const uint8_t *classes;     /* (SIZE,) */
    const uint8_t (*halves)[16]; /* (4, 16): the ASCII characters of the classes BLANK, STOP, SIGN and CALL, see maps.c */
    const uint8_t *lookalikes;  /* (SIZE,): the Latin letter that is meant, or 0 */
    const uint32_t *weights;    /* (2 ** bits,): as model.wording packs them, in steps of scale and topic_scale */
    const int8_t *kind_weights; /* (2 ** bits,), in steps of kind_scale */
    const uint8_t *known;       /* (known_size / 8,), most significant bit first */
    uint64_t known_size;        /* a power of two */
    int32_t bits;
    const double *roots; /* (COUNTS,): 1 / sqrt(max(n, 1)) */
    const float *logs;   /* (COUNTS,): log(1 + n) */
    const uint64_t *powers, *inverses; /* (BATCH + 1,): of the factor that words are hashed with */
    double scale, topic_scale, kind_scale, bias, topic_bias, kind_bias, span_floor, reach;
    trees article, alone;
    const int32_t *groups; /* (FEATURES,): the reason that a feature counts for */
    int64_t window;        /* bytes of UTF-8 that are read at a time, if the text can be cut there */
} model;

/* Maps of 64 cells, by kind and by what the cells bear: bit k tells of the k-th. */
typedef struct {
    uint64_t latin, digit, letter, dense, emoji, line_end, word;
    uint64_t disguised, upper, punctuation, host, scheme, alnum, plain, blank, stop, sign, call;
} maps;

/* What is counted in a segment. Most of it is nothing and nearly all the rest fits a byte: see pack in segments.c. */
typedef struct {
    int32_t length; /* in cells */
    int32_t words, known, names, capitalised, endings, links, paths;
    int32_t tricks[6], disguised, half_styled, disguised_names;
    int32_t latin, letters, dense, digits, emoji, capitals, punctuation, exclamations;
    int32_t starts_lower, ends_open;
} counts;

/* Of a text as long as may be, this is most of what is kept; counts are packed. */
typedef struct {
    double log_odds;
    float margin, topic, peak, peak_word;
    int32_t start;      /* in cells */
    int32_t line;       /* rank among the lines that hold words */
    int32_t long_words; /* index of the first */
    int32_t evidence;   /* in steps of scale */
    uint32_t present;   /* which counts are not 0, */
    uint32_t packed;    /* and where they begin */
} segment;

/* A segment of the cells at hand. */
typedef struct {
    int32_t start, end, line;
    counts counts;
} part;

/* Where characters were dropped: how much later than its place here a cell was submitted, from the cell `from` on. */
typedef struct {
    int32_t from, by;
} shift;

typedef struct {
    int32_t number; /* from 1, blank lines counted */
    int32_t first;  /* index of its first segment */
    float margin, topic;
} line;

/* What the segments of a line add up to, in steps of scale and topic_scale. */
typedef struct {
    int64_t injected, topic, grams;
} sums;

/* There are many of them. */
typedef struct {
    uint32_t key;     /* as in model.ngrams, or, of words that are `placed`, where its voucher stands */
    int32_t injected; /* in steps of scale */
} long_word;

/* A longer word, and the innocent lines that hold it. */
typedef struct {
    uint32_t key;
    uint32_t lines; /* 0 if the place is free, NOBODY, SEVERAL, or the rank of the only one, from 1 */
} voucher;
#define NOBODY (UINT32_MAX - 1)
#define SEVERAL UINT32_MAX

/* A piece of the text: whatever is read in it is the same, whether those before and after are at hand or not. */
typedef struct {
    int64_t byte;   /* where it begins in UTF-8, */
    int32_t offset; /* in the submitted text, */
    int32_t cell;   /* and among the cells */
} piece;

/* A line on its way into segments: where the last cut stands and how many letters and digits lie before it, and the same for
 * the last cut that has enough of them before it and waits to have enough behind it. */
typedef struct {
    int32_t start, before, waiting, until;
    int32_t next;             /* where to look for the next boundary */
    int32_t counted, at;      /* letters and digits of the line up to a cell */
    int32_t previous, passed; /* the end of the last boundary or forced cut, and how many lie before it */
    int32_t number, first;    /* of the line: from 1, blank lines counted; index of its first segment */
} cutter;

typedef struct {
    const uint8_t *bytes; /* the submitted text in UTF-8 */
    int64_t byte_count, read; /* and how many have been read */
    int32_t length;         /* its code points */
    int restore;            /* whether cut letters are read, */
    int latin;              /* and whole words of look-alikes; -1 until somebody asks */
    /* The cells at hand are numbered as in the whole text; those before `base` have been forgotten. */
    cell *cells;            /* followed by room for sixteen more, which may be read */
    maps *maps;             /* a block of zeros, or of cells that were forgotten, stands before the first; zeros after the last */
    int32_t base, size;     /* where the cells at hand begin and end, */
    int32_t origin, ending; /* how much later the first was submitted, and where the text goes on after the last */
    shift *shifts;          /* sorted; before the first, cells were submitted `origin` later */
    cell *cell_room;
    maps *map_room;
    int64_t cell_space, map_space, shift_count, shift_space;
    piece *pieces;
    int64_t piece_count, piece_space;
    int64_t from_piece, to_piece; /* those at hand */
    cutter cutter;
    int32_t settled;              /* the segments before this cell are among `segments`, those behind it among `parts` */
    part *parts;
    int64_t part_count, part_space;
    int32_t line_count;
    segment *segments;
    line *lines;
    long_word *long_words;
    uint8_t *packed;
    int64_t segment_count, used_lines, long_count, packed_count;
    int64_t segment_space, line_space, long_space, packed_space;
    sums open; /* of the line that the last segment belongs to */
    /* What features.company needs of the whole text. */
    int64_t letters[3]; /* Latin, of other alphabets, and of dense scripts */
    double usual, usual_topic, highest, second, log_lines;
    int32_t rare[3];
    voucher *vouched;
    uint64_t vouched_mask;
    int placed; /* whether the long words say where their vouchers stand */
} text;

/* Return `array` with room for `needed` elements of `each` bytes, or NULL, and leave it as it was, if memory ran out. When it
 * grows, it has room for as many as are likely to come: what is not used takes no memory. */
static inline void *make_room(void *array, int64_t *space, int64_t needed, int64_t likely, size_t each) {
    if (array && needed <= *space) return array;
    if (needed < 1) needed = 1;
    if (needed < *space + *space / 2) needed = *space + *space / 2;
    if (needed < likely) needed = likely;
    void *grown = realloc(array, each * (size_t)needed);
    if (grown) *space = needed;
    return grown;
}

/* Of what `count` were found before this piece, return how many the whole text is likely to hold, and some more; as long as little
 * of it has been read, only how many an eighth does: moving what outgrows its room leaves a hole. */
static inline int64_t likely(const text *t, int64_t count) {
    int64_t before = t->piece_count ? t->pieces[t->piece_count - 1].byte : 0;
    if (!before) return 0;
    double whole = 1.125 * (double)count * (double)t->byte_count / (double)before;
    return (int64_t)(before < t->byte_count / 64 ? whole / 8 : whole);
}

/* Return where a cell was submitted. */
static inline int32_t offset_of(const text *t, int32_t at) {
    if (at >= t->size) return t->ending;
    int64_t low = 0, high = t->shift_count; /* the last shift that counts lies before `low` in the end */
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (t->shifts[middle].from <= at) low = middle + 1;
        else high = middle;
    }
    return at + (low ? t->shifts[low - 1].by : t->origin);
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

int read_piece(const model *m, text *t);                                        /* pieces.c */
int is_last_piece(const text *t);
int look_at(const model *m, text *t, int32_t from, int32_t to);
void forget(text *t, int32_t at);
int32_t line_start(const text *t, int32_t at);
int keeps_cut_letters(const uint8_t *bytes, const uint8_t *end);                /* fold.c */
int cut_in_blank(const model *m, const uint8_t *bytes, const uint8_t *at, const uint8_t *end);
int fold(const model *m, text *t, const uint8_t *bytes, const uint8_t *end);
int add_shift(text *t, int32_t from, int32_t by);
void map(const model *m, text *t, int32_t from);                                /* maps.c */
int read_disguises(const model *m, text *t, int32_t from);                      /* disguises.c */
int split(const model *m, text *t, int last);                                   /* split.c */
int settle(const model *m, text *t);                                            /* segments.c */
void finish_line(const model *m, text *t);
const counts *counts_of(const text *t, int64_t index, counts *room);
int32_t end_of(const text *t, const segment *s);
void score_wording(const model *m, text *t, part *p, segment *s);               /* wording.c */
void count_tokens(text *t, int32_t from, int32_t to);                           /* tokens.c */
int find_ending(const text *t, int32_t start, int32_t limit, int32_t end, int32_t *from, int32_t *to);
int find_link(const text *t, int32_t start, int32_t end, int32_t *from, int32_t *to);
int keep_company(text *t);                                                      /* company.c */
/* The longer words of a segment, those that other lines hold, too, and the evidence in them, in steps of scale. */
typedef struct {
    int32_t longer, shared;
    int64_t evidence;
} shared_words;
shared_words find_shared(const text *t, int64_t index);
void compute_row(const model *m, const text *t, int64_t index, float (*columns)[BLOCK]); /* features.c */
/* The columns are aligned to 64 bytes. */
void judge_rows(const trees *judge, const float (*columns)[BLOCK], int count, double *log_odds); /* trees.c */
void explain_row(const trees *judge, const float (*columns)[BLOCK], double *shares);

/* Of words, as model.ngrams finds them: the first that starts at `from` or later in cells, and before `end`. */
typedef struct {
    int32_t start, end;
    int glued; /* whether letters and then digits make it up, as in gacor88 */
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
