/* Lists of runs: which bytes of one object become which bytes of another. */
#ifndef ABIDE_PLAN_RUNS_H
#define ABIDE_PLAN_RUNS_H

#include "plan/plan.h"

struct abide_runs {
    struct abide_run *items;
    size_t count;
    size_t capacity;
};

/* Whether both sizes are one, so that bytes are moved as they are. */
bool abide_run__is_plain(const struct abide_run *run);

/* Adds a run; one that continues the last at the same distance joins it, padding between them included. */
void abide_runs__add(abide_ctx *ctx, struct abide_runs *runs, struct abide_run run);
/* Adds the runs of a part that lies at these offsets of the two values. */
void abide_runs__add_all(abide_ctx *ctx, struct abide_runs *runs, const struct abide_runs *part,
                         uint64_t from_bytes, uint64_t to_bytes);

/*
 * Runs that are made one after the other, put together: bytes of the first source become bytes of the second target. What the
 * first does not set is padding, and stays out.
 */
void abide_runs__compose(abide_ctx *ctx, const struct abide_runs *first,
                         const struct abide_runs *second, bool big_endian, struct abide_runs *both);

/* The runs, or parts of runs, that read only bytes [from_bytes, from_bytes + size); with source offsets from there. */
void abide_runs__reading(abide_ctx *ctx, const struct abide_runs *runs, uint64_t from_bytes,
                         uint64_t size_bytes, struct abide_runs *part);

/*
 * In order of the target, without what is there twice. False: two of them make the same bytes of the target from different
 * bytes of the source.
 */
bool abide_runs__unite(abide_ctx *ctx, const struct abide_runs *runs, struct abide_runs *united);

#endif
