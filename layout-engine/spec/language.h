/*
 * The language level of a module, compiled: how abstract types are represented in simpler ones, and how signatures are
 * rewritten before a machine module places them. Machine modules have one too: C's natural forms.
 *
 * abi-specs/README.md ("The language level") explains every key.
 */
#ifndef ABIDE_SPEC_LANGUAGE_H
#define ABIDE_SPEC_LANGUAGE_H

#include "abide/call.h"
#include "spec/module.h"
#include "spec/when.h"
#include "types/iface.h"

/* `options: {gc: {values: [refc, arc, orc], default: orc}}` */
struct abide_option_decl {
    const char *name;
    const char *const *values; /* allowed words; none for a version */
    size_t value_count;
    bool is_version;    /* `type: version`: ordered, tested with ">=2.0.6" */
    bool is_convention; /* `per: function`: a signature's `convention:` gives it */
    const char *default_value;
    struct abide_place place;
};

enum abide_fact_subject { ABIDE_FACT_OF_TYPE, ABIDE_FACT_OF_PARAM, ABIDE_FACT_OF_RESULT };

struct abide_fact_decl {
    const char *name;
    enum abide_fact_subject subject;
    struct abide_place place;
};

/* Templates: physical types with holes that the subject of `represent` fills. */
enum abide_template_op {
    ABIDE_TEMPLATE_SCALAR,
    ABIDE_TEMPLATE_VOID,
    ABIDE_TEMPLATE_OPAQUE, /* `name` */
    ABIDE_TEMPLATE_TARGET, /* T: the element, or what is wrapped */
    ABIDE_TEMPLATE_ELEMENT, /* E: of a pointer to an array, the element of the array's representation */
    ABIDE_TEMPLATE_BASE,    /* base: what `base:` names */
    ABIDE_TEMPLATE_CODE,    /* code: the function pointer inside a closure */
    ABIDE_TEMPLATE_POINTER, /* of `items[0]` */
    ABIDE_TEMPLATE_ARRAY,   /* of `items[0]` */
    ABIDE_TEMPLATE_RECORD,  /* struct or union of `members` */
    ABIDE_TEMPLATE_SMALLEST /* the first of `items` with a bit for every element; else the last item */
};

enum abide_template_count {
    ABIDE_TEMPLATE_COUNT_GIVEN,   /* `count` */
    ABIDE_TEMPLATE_COUNT_SUBJECT, /* N: as many as the subject has */
    ABIDE_TEMPLATE_COUNT_BITS     /* as many as hold a bit for each element of the subject */
};

struct abide_template_member {
    const char *name;                  /* NULL: anonymous */
    const struct abide_template *type; /* NULL: the fields of the subject stand here */
    const char *part;                  /* "ptr", "len": where it becomes a parameter of its own */
    const char *parameter;             /* name pattern of that parameter: "$pLen_0"; NULL: $p */
};

struct abide_template {
    enum abide_template_op op;
    enum abide_scalar scalar;
    const char *name; /* OPAQUE, RECORD: in C; NULL: the subject's */
    bool is_mutable;
    bool is_union;
    enum abide_template_count count_from;
    uint64_t count;
    uint64_t align_bytes;      /* ARRAY: at least */
    const char *field_pattern; /* RECORD: names of unnamed fields: "Field$i"; NULL: none */
    const struct abide_template *const *items;
    size_t item_count;
    const struct abide_template_member *members;
    size_t member_count;
    struct abide_place place;
};

/* The alternatives for one kind of type, tried in order. */
struct abide_choice {
    const struct abide_when *when;
    const struct abide_template *as;
    struct abide_place place;
};
struct abide_representation {
    const struct abide_choice *choices;
    size_t choice_count;
    bool is_refused; /* `none`: the ABI has no such type */
};

enum abide_rewrite { /* what a `params` or `results` rule does (`pass:`) */
                     ABIDE_REWRITE_IGNORE,
                     ABIDE_REWRITE_VALUE,
                     ABIDE_REWRITE_POINTER,
                     ABIDE_REWRITE_SPREAD, /* parameters: one per member of the representation */
                     ABIDE_REWRITE_OUT     /* results */
};

enum abide_copy_word { /* `copy:` of a rule that passes a pointer; see enum abide_copy */
                       ABIDE_COPY_WORD_CALLER,
                       ABIDE_COPY_WORD_BORROW,
                       ABIDE_COPY_WORD_MOVED
};

struct abide_rewrite_rule {
    const struct abide_when *when;
    enum abide_rewrite pass;
    enum abide_copy_word copy;
    bool to_element; /* `to: element`: the pointer has the type of the array's element */
    struct abide_rule_origin origin;
};

/* `out`: facts about the memory that an out pointer names, as this ABI states them. */
struct abide_out {
    const char *name;                      /* of the parameter, in prototypes */
    bool zeroed;                           /* the caller hands over zeroed memory */
    bool exclusive;                        /* nothing else points to it until the call returns */
    const struct abide_when *callee_reads; /* the callee may read the old contents of such a type */
};

/* `closure`: a code pointer with an environment. */
struct abide_closure_rule {
    bool is_present;
    const char *code_member; /* of the representation */
    const char *env_member;
    const char *env_name;         /* of the parameter, in prototypes */
    const char *convention;       /* that a closure's code has if its type says none; or NULL */
    bool null_env_omits_argument; /* code with a null environment is called without that argument */
    /* Words (of pointer size) that must stand in front of an environment this language did not make itself. */
    const uint64_t *foreign_env_header;
    size_t foreign_env_header_words;
    struct abide_place place;
};

/* `hooks`: what an adapter must call for the language's runtime. Called only if the interface names the symbol. */
enum abide_hook_when { ABIDE_HOOK_ONCE, ABIDE_HOOK_EVERY_CALL, ABIDE_HOOK_THREAD_EXIT };
struct abide_hook {
    const char *name;
    enum abide_hook_when when;
    bool is_active; /* `only` holds for the options and the target */
    bool of_callee; /* side: callee; else of the caller */
    bool
        passes_frame_address; /* `pass: frame_address`: of a frame above all frames of the callee */
    const char *usual; /* the symbol that libraries usually have; for help texts; may be NULL */
    struct abide_place place;
};

/* `lowers_to`: the machine module that calls go to. */
struct abide_lowering_choice {
    const struct abide_when *when;
    const abide_module *machine;
    const char *reference;
    struct abide_place place;
};

struct abide_language {
    const struct abide_option_decl *options;
    size_t option_count;
    const struct abide_option_decl *convention; /* the option that functions choose; NULL: none */
    const struct abide_fact_decl *facts;
    size_t fact_count;
    const struct abide_lowering_choice *lowers_to; /* empty for a machine module */
    size_t lowers_to_count;

    struct abide_representation represent[ABIDE_KIND_COUNT];
    struct abide_representation represent_scalar[ABIDE_SCALAR_COUNT];
    /* `decide`: how the language itself counts sizes where that differs from memory. */
    const struct abide_data_model *decide_data;
    struct abide_representation decide_represent[ABIDE_KIND_COUNT]; /* empty: as `represent` */
    const struct abide_when *decide_unknown; /* no size test holds for such types; NULL: none */

    const struct abide_rewrite_rule *params;
    size_t param_count;
    const struct abide_rewrite_rule *results;
    size_t result_count;
    struct abide_out out;
    struct abide_closure_rule closure;
    const struct abide_hook *hooks;
    size_t hook_count;
    /* `order`: indices of the groups: which comes first. Variadic arguments are always last. */
    abide_role order[4];
    size_t order_count;
};

/*
 * Options as a module declares them, for the loader: read before references with options are resolved.
 * `tree`: the whole module. false: reported.
 */
bool abide_language__read_options(abide_ctx *ctx, const struct abide_yaml *tree,
                                  const struct abide_option_decl **options, size_t *option_count);
/* The interned value if `value` is legal for the option; else NULL, reported at `place`. */
const char *abide_language__option_value(abide_ctx *ctx, const char *module_name,
                                         const struct abide_option_decl *option, const char *value,
                                         struct abide_place place);

/*
 * Reads the language level of a module whose identity, triple and options are filled in. Sets `module->language`; for a
 * language module also loads what it lowers to and sets `module->machine` and the target's properties (arch, os, pointer
 * size, byte order). A machine module's own properties and data model must be filled in before. false: reported.
 */
bool abide_language__read(abide_ctx *ctx, struct abide_module *module,
                          const struct abide_yaml *tree);

/* Parts of abide_language__read. One entry of `represent` (spec/template.c): */
void abide_template__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                          const struct abide_yaml_entry *entry,
                          struct abide_representation by_kind[ABIDE_KIND_COUNT],
                          struct abide_representation by_scalar[ABIDE_SCALAR_COUNT]);
/* `params`, `results`, `out`, `order` (spec/rewrite.c). */
void abide_rewrite__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                         const abide_module *module, const struct abide_yaml *tree,
                         struct abide_language *language);
/* `hooks` (spec/hooks.c). */
void abide_hooks__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                       const abide_module *module, const struct abide_yaml *tree,
                       struct abide_language *language);

/* A hook to call, with the symbol that the interface names for it. */
struct abide_hook_use {
    const struct abide_hook *hook;
    const char *symbol;
    struct abide_place place; /* in the interface */
};

/*
 * The hooks of `module`, on its side of a call, that the interface names; in the order of the module. Gives the number;
 * names that this module does not know are left to the module of the other side (abide_language__check_hooks).
 */
size_t abide_language__hooks(abide_ctx *ctx, const abide_module *module, bool is_callee,
                             const abide_iface *iface, const struct abide_hook_use **uses);
/* Every hook that the interface names is known to one of the two modules. false: reported (unknown-hook). */
bool abide_language__check_hooks(abide_ctx *ctx, const abide_module *caller,
                                 const abide_module *callee, const abide_iface *iface);

/* The value of an option for a function with `convention` (NULL: the module's). NULL: no such option. */
const char *abide_language__option(const abide_module *module, const char *name,
                                   const char *convention);

/* A test of options or the target: ABIDE_WHEN_OPTION, _ARCH, _OS, _POINTER. */
bool abide_language__test(const abide_module *module, const struct abide_when *test,
                          const char *convention);
/* A condition made of such tests only; anything else in it does not hold. */
bool abide_language__holds(const abide_module *module, const struct abide_when *when,
                           const char *convention);
/* Reports conditions that test more than options and the target. */
bool abide_language__check_static(abide_ctx *ctx, const struct abide_when *when);

#endif
