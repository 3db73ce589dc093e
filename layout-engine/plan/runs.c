/* Lists of runs, and what can be said of them without knowing what the bytes mean. */
#include "plan/runs.h"

#include <stdlib.h>

uint64_t abide_runs__bytes(const struct abide_run *runs, size_t run_count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < run_count; i++)
        sum += runs[i].to_size_bytes;
    return sum;
}

bool abide_runs__are_identity(const struct abide_run *runs, size_t run_count, uint64_t size_bytes)
{
    if (size_bytes == 0)
        return true;
    return run_count == 1 && runs[0].from_bytes == 0 && runs[0].to_bytes == 0 &&
           runs[0].from_size_bytes == size_bytes && runs[0].to_size_bytes == size_bytes;
}

bool abide_run__is_plain(const struct abide_run *run)
{
    return run->from_size_bytes == run->to_size_bytes;
}

void abide_runs__add(abide_ctx *ctx, struct abide_runs *runs, struct abide_run run)
{
    if (run.to_size_bytes == 0)
        return;
    struct abide_run *last = runs->count ? &runs->items[runs->count - 1] : NULL;
    if (last && abide_run__is_plain(last) && abide_run__is_plain(&run) &&
        run.to_bytes >= last->to_bytes &&
        run.from_bytes - last->from_bytes == run.to_bytes - last->to_bytes) {
        uint64_t end = run.to_bytes + run.to_size_bytes - last->to_bytes;
        if (end > last->to_size_bytes)
            last->from_size_bytes = last->to_size_bytes = end;
        return;
    }
    abide__push(ctx, runs, run);
}

void abide_runs__add_all(abide_ctx *ctx, struct abide_runs *runs, const struct abide_runs *part,
                         uint64_t from_bytes, uint64_t to_bytes)
{
    for (size_t i = 0; i < part->count; i++) {
        struct abide_run run = part->items[i];
        run.from_bytes += from_bytes;
        run.to_bytes += to_bytes;
        abide_runs__add(ctx, runs, run);
    }
}

/* The part of `run` that makes bytes [start, end) of its target, which must be all of it unless it is plain. */
static bool cut(const struct abide_run *run, uint64_t start, uint64_t end, struct abide_run *piece)
{
    uint64_t run_end = run->to_bytes + run->to_size_bytes;
    start = start > run->to_bytes ? start : run->to_bytes;
    end = end < run_end ? end : run_end;
    if (start >= end)
        return false;
    *piece = *run;
    if (!abide_run__is_plain(run))
        return start == run->to_bytes && end == run_end;
    piece->from_bytes += start - run->to_bytes;
    piece->to_bytes = start;
    piece->from_size_bytes = piece->to_size_bytes = end - start;
    return true;
}

/* A number that is converted twice: no more of it arrives than its narrowest form holds. */
static struct abide_run twice(const struct abide_run *first, const struct abide_run *second,
                              bool big_endian)
{
    struct abide_run both = *second;
    both.from_bytes = first->from_bytes;
    both.from_size_bytes = first->from_size_bytes;
    uint64_t middle_bytes = first->to_size_bytes;
    if (first->from_size_bytes > middle_bytes) {
        both.from_bytes += big_endian ? first->from_size_bytes - middle_bytes : 0;
        both.from_size_bytes = middle_bytes;
    } else if (first->from_size_bytes < middle_bytes) {
        both.widen = first->widen;
    }
    return both;
}

void abide_runs__compose(abide_ctx *ctx, const struct abide_runs *first,
                         const struct abide_runs *second, bool big_endian, struct abide_runs *both)
{
    for (size_t i = 0; i < second->count; i++) {
        const struct abide_run *run = &second->items[i];
        uint64_t end = run->from_bytes + run->from_size_bytes;
        for (size_t k = 0; k < first->count; k++) {
            struct abide_run piece;
            if (!cut(&first->items[k], run->from_bytes, end, &piece))
                continue;
            if (abide_run__is_plain(run))
                piece.to_bytes = run->to_bytes + (piece.to_bytes - run->from_bytes);
            else if (piece.to_size_bytes == run->from_size_bytes)
                piece = twice(&piece, run, big_endian);
            else
                continue; /* not reached: numbers are never cut */
            abide_runs__add(ctx, both, piece);
        }
    }
}

void abide_runs__reading(abide_ctx *ctx, const struct abide_runs *runs, uint64_t from_bytes,
                         uint64_t size_bytes, struct abide_runs *part)
{
    for (size_t i = 0; i < runs->count; i++) {
        struct abide_run run = runs->items[i];
        uint64_t start = run.from_bytes > from_bytes ? run.from_bytes : from_bytes;
        uint64_t end = run.from_bytes + run.from_size_bytes;
        if (end > from_bytes + size_bytes)
            end = from_bytes + size_bytes;
        if (start >= end || (!abide_run__is_plain(&run) && end - start != run.from_size_bytes))
            continue;
        if (abide_run__is_plain(&run)) {
            run.to_bytes += start - run.from_bytes;
            run.from_size_bytes = run.to_size_bytes = end - start;
        }
        run.from_bytes = start - from_bytes;
        abide_runs__add(ctx, part, run);
    }
}

static int compare_targets(const void *a, const void *b)
{
    const struct abide_run *left = a, *right = b;
    if (left->to_bytes != right->to_bytes)
        return left->to_bytes < right->to_bytes ? -1 : 1;
    return (left->to_size_bytes < right->to_size_bytes) -
           (left->to_size_bytes > right->to_size_bytes);
}

bool abide_runs__unite(abide_ctx *ctx, const struct abide_runs *runs, struct abide_runs *united)
{
    struct abide_run *sorted = abide__new_array(ctx, struct abide_run, runs->count + 1);
    for (size_t i = 0; i < runs->count; i++)
        sorted[i] = runs->items[i];
    qsort(sorted, runs->count, sizeof *sorted, compare_targets);
    for (size_t i = 0; i < runs->count; i++) {
        const struct abide_run *run = &sorted[i];
        const struct abide_run *last = united->count ? &united->items[united->count - 1] : NULL;
        if (last && run->to_bytes < last->to_bytes + last->to_size_bytes) {
            bool same_number = !abide_run__is_plain(run) && run->to_bytes == last->to_bytes &&
                               run->from_bytes == last->from_bytes && run->widen == last->widen &&
                               run->from_size_bytes == last->from_size_bytes &&
                               run->to_size_bytes == last->to_size_bytes;
            bool same_bytes = abide_run__is_plain(run) && abide_run__is_plain(last) &&
                              run->from_bytes - last->from_bytes == run->to_bytes - last->to_bytes;
            if (!same_number && !same_bytes)
                return false;
            if (same_number)
                continue;
        }
        abide_runs__add(ctx, united, *run);
    }
    return true;
}
