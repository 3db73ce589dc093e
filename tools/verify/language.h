/*
 * How a language writes a type and a function, as data (languages/NAME.yaml, README.md): texts with $WORDS in them, which a
 * batch of signatures fills in. What its compiler makes of them is linked with a table in C and run like a batch in C.
 */
#ifndef ABIDE_VERIFY_LANGUAGE_H
#define ABIDE_VERIFY_LANGUAGE_H

#include "signature.h"

#include "abide/abide.h"
#include "abide/data.h"

struct language {
    const char *source; /* as it was asked for: a name, or a file */
    const char *name;
    const abide_data *data;
    const char *command; /* its compiler */
    const char *flags;   /* what options of the module say to the compiler */
};

/* The language NAME of the command, or of a file (with a `/`, or ending in .yaml). false: reported. */
bool language_load(abide_ctx *ctx, const char *name, struct language *language);
/* The name of the language that is said to have a module's conventions; NULL: none. */
const char *language_of_module(abide_ctx *ctx, const char *module);
/* Whether the command knows a language of that name. */
bool language_exists(const char *name);
/* What options of the module mean to the compiler. */
void language_set_options(struct language *language, const abide_module *module);

/* The scalars that it has, a bit for each of `scalars`, and the features of signatures. */
uint64_t language_scalars(const struct language *language);
unsigned language_features(const struct language *language, unsigned features);
/* Takes out of a signature what the language cannot say. */
void language_restrict(const struct language *language, struct signature *signature);

/* The batch in the language, and the table of its cases in C. */
void language_render(const struct language *language, FILE *file,
                     const struct signature *signatures, unsigned count);
void language_render_table(FILE *file, const struct signature *signatures, unsigned count);

/* Values of words in a template. */
struct language_word {
    const char *name, *value;
};
/* `text` with its words filled in; owned by the process. */
const char *language_fill(const char *text, const struct language_word *words, size_t count);
/* The text at a path of keys such as "callee.begin"; "": there is none. */
const char *language_text(const struct language *language, const char *path);

#endif
