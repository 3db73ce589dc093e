/* Runs for types that each ABI builds of parts: strings, slices, lists, boxes, sums; and for flat forms. */
#ifndef ABIDE_PLAN_CONVERT_PARTS_H
#define ABIDE_PLAN_CONVERT_PARTS_H

#include "plan/convert.h"
#include "plan/parts.h"

/* See abide_convert__runs. What the parts point to is the caller's business. */
const char *abide_convert__sequence(struct abide_crossing crossing, const abide_type *type,
                                    const abide_type *from_type, const abide_type *to_type,
                                    struct abide_runs *runs);
const char *abide_convert__sum(struct abide_crossing crossing, const abide_type *type,
                               const abide_type *from_type, const abide_type *to_type,
                               struct abide_runs *runs);
/* One that is given away, whose code can be called as it is. */
const char *abide_convert__closure(struct abide_crossing crossing, const abide_type *from_type,
                                   const abide_type *to_type, struct abide_runs *runs);
/* One of the two is a flat form, or both. */
const char *abide_convert__flat(struct abide_crossing crossing, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                struct abide_runs *runs);

/* Parts of abide_convert__runs that these need (convert.c). */
const char *abide_convert__number(struct abide_crossing crossing, const abide_type *from_type,
                                  const abide_type *to_type, struct abide_runs *runs);
const char *abide_convert__form(struct abide_crossing crossing, const abide_type *from_type,
                                const abide_type *to_type, struct abide_runs *runs);

struct abide_side abide_crossing__from(struct abide_crossing crossing);
struct abide_side abide_crossing__to(struct abide_crossing crossing);

#endif
