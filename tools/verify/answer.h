/* Asks the library: layouts and calling sequences of a batch, as accounts. */
#ifndef ABIDE_VERIFY_ANSWER_H
#define ABIDE_VERIFY_ANSWER_H

#include "account.h"

struct engine {
    const char *abi; /* reference of the module */
    const char *target;
    const char *const *module_dirs;
    size_t module_dir_count;
    const char *const *module_files;
    size_t module_file_count;
    const struct machine *machine;
};

/* A new context with the engine's modules at hand, which the caller frees, and the module. NULL: reported in `*ctx`. */
const abide_module *answer_open(const struct engine *engine, abide_ctx **ctx);

/* Fills one account for each signature; what the library refuses is an error of its account. */
void answer_run(const struct engine *engine, const struct signature *signatures, unsigned count,
                struct account *accounts);

/* The bytes that the caller of a function without parameters reserves, and of a variadic one. */
void answer_homes(const struct engine *engine, uint64_t homes_bytes[2]);

/* What the names of lists of unnamed arguments begin with (abide_module_va_prefix); owned by the process. */
const char *answer_va_prefix(const struct engine *engine);
/* The register that counts vector registers of variadic calls, by what the module says; NULL: none; owned by the process. */
const char *answer_count_register(const struct engine *engine);

/* The scalars that the module can pass, a bit for each of `scalars`. */
uint64_t answer_scalars(const struct engine *engine);

/* Whether the size of a record of nothing but an array of no elements is a multiple of its alignment. */
bool answer_has_even_empties(const struct engine *engine);

/* What C can say of parameters that have a place of their own under the module. */
void answer_roles(const struct engine *engine, struct roles *roles);

/* The interface file of a batch, which the caller frees. */
char *answer_interface(const struct signature *signatures, unsigned count, size_t *length_bytes);

/*
 * The id of a deviation that the compiler has about a value of the signature, or NULL; owned by the process.
 */
const char *answer_deviation(const struct engine *engine, const struct signature *signature,
                             const char *compiler, const char *version);

/* Writes down the rules that place the values of a signature: "p0: MODULE, rule ID: SOURCE", a line for each. */
void answer_print_rules(const struct engine *engine, FILE *file, const struct signature *signature);

/* The place a piece names in an image; PLACE_UNKNOWN: `account->error` says why. */
int answer_place(struct account *account, const struct machine *machine, const abide_piece *piece,
                 bool is_result, unsigned size_bytes);

#endif
