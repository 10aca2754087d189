/* A long text is read a piece at a time, so that what is read of it stays in the processor's cache and takes little memory.
 *
 * Pieces end where nothing that is looked for reaches over: after lines, or, within a line of many, where cut_in_blank says so. Cells are
 * numbered as if all were at hand. What has to be shown of flagged lines is read again from the pieces that hold them.
 */
#include "kernel.h"

#define SPARE 1024 /* cells that there is room for behind a piece, where more follow: the last segment may go on with the next */

/* Let the cells and maps at hand be found by their numbers in the whole text. */
static void place(text *t) {
    t->cells = (cell *)((uintptr_t)t->cell_room - sizeof(cell) * (size_t)t->base);
    t->maps = (maps *)((uintptr_t)t->map_room + sizeof(maps) - sizeof(maps) * (size_t)(t->base >> 6));
}

static int64_t blocks(int32_t from, int32_t size) { return (size >> 6) - (from >> 6) + 3; }

static int read_bytes(const model *m, text *t, int64_t from, int64_t to) {
    int32_t first = t->size;
    int64_t most = to - from < t->length - t->ending ? to - from : t->length - t->ending;
    int fresh = t->map_room == NULL;
    int64_t space = t->size - t->base + most + 16, spare = to - from < t->byte_count ? SPARE : 0;
    cell *cells = make_room(t->cell_room, &t->cell_space, space, space + spare, sizeof(cell));
    if (cells == NULL) return -1;
    t->cell_room = cells;
    place(t);
    if (fold(m, t, t->bytes + from, t->bytes + to)) return -1;
    maps *room = make_room(t->map_room, &t->map_space, blocks(t->base, t->size), blocks(t->base, t->size + (int32_t)spare), sizeof(maps));
    if (room == NULL) return -1;
    if (fresh) memset(room, 0, sizeof(maps));
    t->map_room = room;
    place(t);
    map(m, t, first);
    return read_disguises(m, t, first);
}

static int64_t piece_end(const model *m, const text *t, int64_t from) {
    const uint8_t *start = t->bytes + from, *end = t->bytes + t->byte_count;
    /* A text that needs little is read at once, so that nothing of it has to be read again. */
    if (end - start <= m->window || t->byte_count <= 2 * m->window) return t->byte_count;
    const uint8_t *half = start + m->window / 2, *full = start + m->window, *at;
    for (at = full; at > half; at--)
        if (at[-1] == '\n') return at - t->bytes;
    for (at = full; at > half; at--)
        if (cut_in_blank(m, start, at, end)) return at - t->bytes;
    for (at = full + 1; at < end; at++)
        if (at[-1] == '\n' || cut_in_blank(m, start, at, end)) return at - t->bytes;
    return t->byte_count;
}

int is_last_piece(const text *t) { return t->read == t->byte_count; }

int read_piece(const model *m, text *t) {
    int64_t from = t->read;
    piece *pieces = make_room(t->pieces, &t->piece_space, t->piece_count + 1, likely(t, t->piece_count), sizeof(piece));
    if (pieces == NULL) return -1;
    t->pieces = pieces;
    t->pieces[t->piece_count++] = (piece){from, t->ending, t->size};
    t->read = piece_end(m, t, from);
    if (read_bytes(m, t, from, t->read)) return -1;
    t->to_piece = t->piece_count == 1; /* of several, none is at hand as a whole */
    return 0;
}

/* Forget the cells before `at`, less some that may be looked back at. */
void forget(text *t, int32_t at) {
    int32_t base = (at & ~63) - 64;
    if (base <= t->base) return;
    memmove(t->cell_room, t->cell_room + (base - t->base), sizeof(cell) * (size_t)(t->size - base));
    memmove(t->map_room, t->map_room + (base - t->base) / 64, sizeof(maps) * (size_t)blocks(base, t->size));
    t->base = base;
    place(t);
    int64_t past = 0;
    while (past < t->shift_count && t->shifts[past].from <= base) past++;
    if (!past) return;
    t->origin = t->shifts[past - 1].by;
    t->shift_count -= past;
    memmove(t->shifts, t->shifts + past, sizeof(shift) * (size_t)t->shift_count);
}

/* Return the piece that holds a cell. */
static int64_t piece_of(const text *t, int32_t at) {
    int64_t low = 0, high = t->piece_count;
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (t->pieces[middle].cell <= at) low = middle;
        else high = middle;
    }
    return low;
}

/* Have the cells from `from` to `to` at hand, and the rest of the pieces that hold them. */
int look_at(const model *m, text *t, int32_t from, int32_t to) {
    int64_t first = piece_of(t, from), after = piece_of(t, to > from ? to - 1 : from) + 1;
    if (t->from_piece <= first && after <= t->to_piece) return 0;
    const piece *p = &t->pieces[first];
    t->from_piece = first;
    t->to_piece = after;
    t->base = p->cell < 64 ? 0 : (p->cell & ~63) - 64;
    t->size = p->cell;
    t->origin = p->offset - p->cell;
    t->ending = p->offset;
    t->shift_count = 0;
    /* There is room for these since the text was read. */
    memset(t->cell_room, 0, sizeof(cell) * (size_t)(t->size - t->base));
    memset(t->map_room, 0, 2 * sizeof(maps));
    return read_bytes(m, t, p->byte, after < t->piece_count ? t->pieces[after].byte : t->byte_count);
}

/* Return where the line was submitted whose first cell is `at`, dropped characters included. */
int32_t line_start(const text *t, int32_t at) {
    const piece *p = &t->pieces[piece_of(t, at)];
    return at == p->cell ? p->offset : offset_of(t, at - 1) + 1;
}
