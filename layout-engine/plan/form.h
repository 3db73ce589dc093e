/* The form of a representation: what its bytes mean, as far as can be seen without knowing the ABI. */
#ifndef ABIDE_PLAN_FORM_H
#define ABIDE_PLAN_FORM_H

#include "plan/convert.h"

/*
 * Whether the same bytes are the same value in two physical types that represent one abstract type: scalars of one group and
 * size at the same offsets, pointers to the same. What an ABI makes of a string, say, is for its own templates to decide,
 * so only forms that are alike can be copied as they are.
 */
bool abide_form__is_same(struct abide_crossing crossing, const abide_type *from_type,
                         const abide_type *to_type);

#endif
