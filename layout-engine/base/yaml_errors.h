/* libyaml's error texts in the words of this project: what is wrong, and the way out. */
#ifndef ABIDE_BASE_YAML_ERRORS_H
#define ABIDE_BASE_YAML_ERRORS_H

#include <stdbool.h>

struct yaml_error_text {
    const char *message;
    const char *context; /* for the place where the construct began; NULL: none */
    const char *help;    /* NULL: none */
    bool at_context;     /* the mistake is where the construct began, not where it was noticed */
};

/* `context` may be NULL. A text that is not known (another release of libyaml) is passed on as it is. */
struct yaml_error_text abide_yaml__error_text(const char *problem, const char *context);

#endif
