/* Whether one condition holds wherever another does, as far as that shows in how they are written. */
#ifndef ABIDE_SPEC_COVER_H
#define ABIDE_SPEC_COVER_H

#include "base/yaml.h"

/* `predicates` (NULL: none) is what plain words mean. A condition NULL always holds. false: no, or nobody can tell. */
bool abide_cover__implies(const struct abide_yaml *predicates, const struct abide_yaml *narrow,
                          const struct abide_yaml *wide);
/* Whether two nodes say the same. */
bool abide_cover__same(const struct abide_yaml *a, const struct abide_yaml *b);

#endif
