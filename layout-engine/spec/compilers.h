/* What a module says about compilers of C: how they are made to speak it, and where they do otherwise. */
#ifndef ABIDE_SPEC_COMPILERS_H
#define ABIDE_SPEC_COMPILERS_H

#include "spec/condition.h"

enum abide_deviation_of { ABIDE_DEVIATES_ARGS, ABIDE_DEVIATES_RETURNS, ABIDE_DEVIATES_LAYOUT };

struct abide_deviating {
    abide_deviation info;
    enum abide_deviation_of of;
    const struct abide_yaml *when; /* abide_compilers__when reads it; NULL: it has */
    const struct abide_condition *condition;
    bool has_limit;
    struct abide_limit limit; /* of the version: as one number (abide_compilers__version) */
};

struct abide_compilers {
    const char *attribute; /* NULL: none */
    const abide_param_attribute *parameters;
    size_t parameter_count;
    const char *flags;
    const char
        *va; /* what the names of va_list and va_start begin with; NULL: no functions with dots */
    bool is_not_in_c; /* no compiler of C has the convention */
    struct abide_deviating *deviations;
    size_t deviation_count;
    abide_ctx *ctx;
    struct abide_condition_scope *scope; /* of the deviations' conditions */
};

/* The values that a deviation is about; NULL: all. Read when first asked for, of modules that may have mistakes when they are loaded. */
const struct abide_condition *abide_compilers__when(const struct abide_compilers *compilers,
                                                    size_t index);

/* The attribute of a parameter with these facts; NULL: none. */
const char *abide_compilers__of_param(const struct abide_compilers *compilers,
                                      struct abide_facts facts);

/* Fills `module->compilers`. What was wrong is reported. */
void abide_compilers__read(abide_ctx *ctx, struct abide_module *module,
                           const struct abide_yaml *tree, struct abide_condition_scope *scope);

#endif
