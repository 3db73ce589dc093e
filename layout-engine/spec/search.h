/*
 * Where modules come from. In order: files that were added by name, the context's folders, those of ABIDE_PATH, the
 * installed folder, and what is embedded in the library. A module NAME is the file NAME.yaml (or NAME@VERSION.yaml, where
 * a folder holds several), in a folder itself or in its `machine` or `language`. The first place that has a fitting
 * version decides; within a place the newest one does.
 */
#ifndef ABIDE_SPEC_SEARCH_H
#define ABIDE_SPEC_SEARCH_H

#include "base/yaml.h"
#include "spec/module.h"
#include "spec/reference.h"

/* No module is larger than this. */
#define ABIDE_MODULE_MAX_BYTES ((size_t)1 << 20)

struct abide_spec_file {
    const char *name; /* of the module; interned */
    const char *path; /* of a file; NULL: embedded */
    const struct abide_embedded *embedded;
    bool installed; /* and not yet compared with what is embedded, of which it may be a copy */
    unsigned rank;  /* files of one place have the same */
    const struct abide_source *source; /* NULL: not read yet */
    const struct abide_yaml *tree;     /* as it is written; NULL: not parsed yet */
    const struct abide_yaml *resolved; /* with what it extends; NULL: not asked for yet */
    bool is_built_in;            /* where `resolved` is: it and all that it extends are embedded */
    struct abide_semver version; /* known where `tree` is */
};

/* All files by rank and name. */
struct abide_spec_files {
    struct abide_spec_file *const *items;
    size_t count;
};
struct abide_spec_files abide_search__files(abide_ctx *ctx);

/* Parses the file and checks its head: `abide: 1`, `module: {name, version}`. false: reported. */
bool abide_search__parse(abide_ctx *ctx, struct abide_spec_file *file);
/* The file that a name and version mean; NULL: reported at `place` (unknown-module), or the file is wrong. */
struct abide_spec_file *abide_search__find(abide_ctx *ctx, const char *name,
                                           struct abide_semver version, struct abide_place place);
/* The file at a path, or with a text that is not a file; found before all others from now on. NULL: reported. */
struct abide_spec_file *abide_search__add(abide_ctx *ctx, const char *path);
struct abide_spec_file *abide_search__add_source(abide_ctx *ctx, const struct abide_source *source);
/* Whether no file of the same name comes before this one. */
bool abide_search__is_first(abide_ctx *ctx, const struct abide_spec_file *file);
/*
 * The triples that the file says it is the C ABI of, and their other spellings, each with a zero byte behind it, and an empty
 * one; NULL: known only when it has been parsed. Of an installed file that has the size of the one that is embedded under its
 * name, without `is_exact`, what that one says.
 */
const char *abide_search__triples(struct abide_spec_file *file, bool is_exact);
/* Whether `word` occurs anywhere in the file's text; a file that cannot be read has no text. */
bool abide_search__mentions(abide_ctx *ctx, struct abide_spec_file *file, const char *word,
                            size_t length_bytes);
/*
 * Whether a module of any language declares `name` in `section`, or in the part of it called `part` unless that is NULL. What
 * interfaces say may concern another module than those at work: one file serves several languages.
 */
bool abide_search__declares(abide_ctx *ctx, const char *section, const char *part,
                            const char *name);

#endif
