/* Filling a template with the type that it represents. */
#ifndef ABIDE_CALL_INSTANTIATE_H
#define ABIDE_CALL_INSTANTIATE_H

#include "call/represent.h"

/* The physical type. NULL: reported. */
const abide_type *abide_instantiate__template(abide_ctx *ctx, const struct abide_representing *how,
                                              const abide_type *subject,
                                              const struct abide_template *as);

/* The field of a record that a member of its template became; SIZE_MAX: none. */
size_t abide_instantiate__field(const struct abide_template *as, size_t member,
                                const abide_type *record);

/* The number that tells case (or enumerator) `index` of a sum in the form that a template makes of it. */
int64_t abide_instantiate__tag(const struct abide_template *as, const abide_type *type,
                               size_t index);

/* Whether the integer that an enum becomes can hold its numbers. false: reported. */
bool abide_instantiate__check_values(abide_ctx *ctx, const struct abide_representing *how,
                                     const abide_type *type, const abide_type *base);

/* Whether a struct that grows has a member that tells its size (`part: size`), so that it is used behind pointers. */
bool abide_instantiate__tells_size(const struct abide_template *as);

/* A new type with what a record says about itself, and the same with its fields. */
abide_type *abide_instantiate__record(abide_ctx *ctx, enum abide_kind kind,
                                      const abide_type *subject, const char *name);
const abide_type *abide_instantiate__finish(abide_type *record, const struct abide_field *fields,
                                            size_t field_count);

#endif
