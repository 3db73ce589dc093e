/* Conversion between two ABIs' representations of one abstract type: which bytes go where. */
#ifndef ABIDE_PLAN_CONVERT_H
#define ABIDE_PLAN_CONVERT_H

#include "plan/runs.h"

/* Values go from code of one ABI to code of another. */
struct abide_crossing {
    abide_ctx *ctx;
    const abide_module *from;
    const abide_module *to;
};

/* A scalar array whose elements change size is converted element by element up to this many. */
#define ABIDE_CONVERT_MAX_RUNS 256

/*
 * The runs that turn `from`'s value of `type` (physically `from_type`) into `to`'s (`to_type`); adjacent ones are merged, so
 * that equal representations give one run. Returns NULL, or the reason why there is no conversion, as a clause that can
 * follow "because".
 */
const char *abide_convert__runs(struct abide_crossing crossing, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                struct abide_runs *runs);

/* To be called by public functions before they ask: forgets a walk that running out of memory cut short. */
void abide_convert__begin(abide_ctx *ctx);

/* Whether both sides store `type` alike, down to what its pointers point to (and, of functions and closures, call it alike):
 * NULL, or the reason why not. */
const char *abide_convert__same(struct abide_crossing crossing, const abide_type *type);

/*
 * Whether everything that a value of `type` owns is released alike on both sides, so that the value can be given away as it is:
 * NULL, or the reason why not. (convert_parts.c)
 */
const char *abide_convert__moves(struct abide_crossing crossing, const abide_type *type);

/* Whether values of the type own memory, and not only resources, which nobody's ABI manages. (convert_parts.c) */
bool abide_convert__owns_memory(abide_ctx *ctx, const abide_type *type);
/* Whether values of the type own a closure. */
bool abide_convert__owns_closure(abide_ctx *ctx, const abide_type *type);
/* Whether values of the type own a resource. */
bool abide_convert__owns_resource(abide_ctx *ctx, const abide_type *type);
/* A borrowed handle of a resource from elsewhere. */
bool abide_convert__is_loan(const abide_type *type);
/* Whether there are such handles in values of the type, wherever they lie: also in what is lent. */
bool abide_convert__lends_handles(abide_ctx *ctx, const abide_type *type);
/* Whether such handles lie in memory that values of the type own. */
bool abide_convert__lends_handles_inside(abide_ctx *ctx, const abide_type *type);
/* Whether what is only lent lies in memory that a value of the type owns. */
bool abide_convert__lends_inside(abide_ctx *ctx, const abide_type *type);

/* The part of `runs` that makes bytes [to_bytes, to_bytes + size) of the target, with target offsets from there; and that
 * reads only bytes [from_bytes, from_bytes + from_size) of the source, with source offsets from there. False: some bytes
 * come from elsewhere. */
bool abide_convert__slice(abide_ctx *ctx, const struct abide_runs *runs, uint64_t from_bytes,
                          uint64_t from_size_bytes, uint64_t to_bytes, uint64_t to_size_bytes,
                          struct abide_runs *slice);

#endif
