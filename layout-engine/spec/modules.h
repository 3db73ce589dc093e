/* The context's table of modules. */
#ifndef ABIDE_SPEC_MODULES_H
#define ABIDE_SPEC_MODULES_H

#include "spec/search.h"
#include "spec/target.h"

/* A module that is being loaded: what it lowers to must not lead back to it. */
struct abide_loading {
    const struct abide_spec_file *file;
    const struct abide_loading *outer;
};

struct abide_loaded {
    const struct abide_spec_file *file;
    const char *triple;
    const char *options; /* "name=value,...", as resolved; interned */
    const abide_module *module;
};

struct abide_spec_file_list {
    struct abide_spec_file **items;
    size_t count;
    size_t capacity;
};

struct abide_modules {
    struct abide_spec_file_list files;
    bool files_listed;
    ABIDE_VEC(const struct abide_target *) targets;
    ABIDE_VEC(struct abide_loaded) loaded;
    const struct abide_loading *loading;
    uint32_t data_serial;
};

struct abide_modules *abide_modules__of(abide_ctx *ctx);

#endif
