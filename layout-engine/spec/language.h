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
#include "spec/validity.h"
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
    ABIDE_TEMPLATE_SMALLEST, /* the first of `items` with a bit for every element; else the last item */
    /* `tag`: what the subject says its tag or base is, else the first of `items` that can tell all cases (enumerators). Inside
     * {tag: [u8, u16], fixed: true} what the subject says does not count. */
    ABIDE_TEMPLATE_TAG,
    ABIDE_TEMPLATE_RESERVE, /* reserve: room of the size and alignment that an open variant keeps */
    /* {case: some}: the payload of that case alone. A value that starts with a null pointer is the other case: see
     * abide_template__lone_case. */
    ABIDE_TEMPLATE_CASE,
    ABIDE_TEMPLATE_FUNCTION /* a pointer to a function of `items`, which returns the last of them */
};

enum abide_template_count {
    ABIDE_TEMPLATE_COUNT_GIVEN,   /* `count` */
    ABIDE_TEMPLATE_COUNT_SUBJECT, /* N: as many as the subject has */
    ABIDE_TEMPLATE_COUNT_BITS     /* as many as hold a bit for each element of the subject */
};

/*
 * What a member of a representation is for (`part:`). A part may lie behind a pointer: in {pointer: {struct: ...}}, where null
 * means empty.
 */
#define ABIDE_PART_POINTER "ptr" /* sequences, boxes: the address of the first element */
#define ABIDE_PART_DATA \
    "data" /* sequences: the elements themselves start here (an array without a count) */
#define ABIDE_PART_LENGTH   "len" /* sequences: elements; a string without this part ends in a NUL */
#define ABIDE_PART_CAPACITY "cap" /* sequences: room for elements, at least `len` */
#define ABIDE_PART_OWNER \
    "owner" /* what is owned: the word that knows how to release it; null: nobody has to */
#define ABIDE_PART_TAG "tag" /* sums: which case */
#define ABIDE_PART_PAYLOAD \
    "payload" /* sums: a union of the payloads, by the names of their cases, or the only payload */

#define ABIDE_PART_SELF   "self" /* objects: what methods get first; without it, the value is that */
#define ABIDE_PART_VTABLE "vtable" /* objects: the address of the representation of the interface */
/* Interfaces, beside the methods: how many bytes are there; flags; which interface it is; */
#define ABIDE_PART_SIZE  "size"
#define ABIDE_PART_FLAGS "flags"
#define ABIDE_PART_ID    "id"
/* and functions that end a reference, make another one, and look for another interface. */
#define ABIDE_PART_DROP   "drop"
#define ABIDE_PART_RETAIN "retain"
#define ABIDE_PART_QUERY  "query"

struct abide_template_member {
    const char *name; /* NULL: anonymous */
    /* NULL: the fields (`fields`) or methods (`methods`) of the subject stand here, or (`cases`) its payloads */
    const struct abide_template *type;
    bool is_cases;
    bool
        is_terminated; /* DATA, POINTER of a string: a NUL stands behind the end (`terminated: true`) */
    const char *part;      /* ABIDE_PART_*; also names the parameter it becomes */
    const char *parameter; /* name pattern of that parameter: "$pLen_0"; NULL: $p */
};

/* `tags: {ok: 1, err: 0}`: the tags this representation uses, where they are not those of the interface. */
struct abide_template_tag {
    const char *name;
    int64_t value;
};

struct abide_template {
    enum abide_template_op op;
    enum abide_scalar scalar;
    const char *name; /* OPAQUE, RECORD: in C; NULL: the subject's */
    bool is_mutable;
    bool is_union;
    enum abide_template_count count_from;
    uint64_t count;
    bool is_flexible;          /* ARRAY: without an end; last in a record behind a pointer */
    uint64_t align_bytes;      /* ARRAY: at least */
    const char *field_pattern; /* RECORD: names of unnamed fields: "Field$i"; NULL: none */
    const struct abide_template *const *items;
    size_t item_count;
    const struct abide_template_member *members;
    size_t member_count;
    const struct abide_template_tag *tags; /* RECORD, TAG */
    size_t tag_count;
    bool is_fixed; /* TAG: whatever the subject says */
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
    /* What it is still to be read from; NULL: it has been, or there is nothing. */
    const struct abide_yaml *text;
};
/* What a module says of all types. */
struct abide_representations {
    abide_ctx *ctx;
    const struct abide_when_scope *scope;
    bool is_built_in; /* as the module: entries are read when they are asked for */
    struct abide_representation of_kind[ABIDE_KIND_COUNT];
    struct abide_representation of_scalar[ABIDE_SCALAR_COUNT];
};

enum abide_rewrite { /* what a `params` or `results` rule does (`pass:`) */
                     ABIDE_REWRITE_IGNORE,
                     ABIDE_REWRITE_VALUE,
                     ABIDE_REWRITE_POINTER,
                     ABIDE_REWRITE_SPREAD, /* parameters: one per member of the representation */
                     ABIDE_REWRITE_OUT, /* results; `returns: tag`: besides, the tag is returned */
                     ABIDE_REWRITE_FLAT, /* parameters: one per word of the flat form; results: the flat form as a C value */
                     ABIDE_REWRITE_STATUS /* results of kind result: the error is returned, the value goes out */
};

enum abide_copy_word { /* `copy:` of a rule that passes a pointer; see enum abide_copy */
                       ABIDE_COPY_WORD_CALLER,
                       ABIDE_COPY_WORD_BORROW,
                       ABIDE_COPY_WORD_MOVED,
                       ABIDE_COPY_WORD_SHARED /* machine level */
};

struct abide_rewrite_rule {
    const struct abide_when *when;
    enum abide_rewrite pass;
    enum abide_copy_word copy;
    bool to_element;          /* `to: element`: the pointer has the type of the array's element */
    bool returns_tag;         /* OUT: `returns: tag`: as the type that `flatten.tag` names */
    enum abide_scalar status; /* STATUS: what is returned (`returns: c_int`) */
    const char *
        errors; /* STATUS: a word of the module's `errors`, by which failures are told; NULL: none */
    struct abide_rule_origin origin;
};

/* `out`: facts about the memory that an out pointer names, as this ABI states them. */
struct abide_out {
    const char *name;                      /* of the parameter, in prototypes */
    bool zeroed;                           /* the caller hands over zeroed memory */
    bool exclusive;                        /* nothing else points to it until the call returns */
    const struct abide_when *callee_reads; /* the callee may read the old contents of such a type */
};

/* `gather`: parameters that are more words than this are passed as the address of a record of them all. */
struct abide_gather_rule {
    const struct abide_when *when; /* of options and the target; NULL: always */
    uint64_t over_words;
    bool is_moved; /* the callee moves out of it; else it only reads */
    struct abide_rule_origin origin;
};

/* `closure`: a code pointer with an environment. */
struct abide_closure_rule {
    bool is_present;
    const char *code_member; /* of the representation */
    const char *env_member;
    const char
        *drop_member; /* that only representations of closures that are given away have; or NULL */
    const char *env_name;         /* of the parameter, in prototypes */
    const char *convention;       /* that a closure's code has if its type says none; or NULL */
    bool null_env_omits_argument; /* code with a null environment is called without that argument */
    /* Words (of pointer size) that must stand in front of an environment this language did not make itself. */
    const uint64_t *foreign_env_header;
    size_t foreign_env_header_words;
    /* Words at the start of an environment that the runtime makes for closures of other ABIs (`owned`, ASSIGN), before what these need. */
    uint64_t made_env_words;
    struct abide_place place;
};

/* `objects`: what objects are besides the members of their vtables. */
#define ABIDE_OBJECT_ID_BYTES 16
struct abide_object_rule {
    bool is_counted; /* every object counts its references: `retain` is never null */
    bool
        id_by_address; /* `query` gets the address of an id, and gives a reference; else it gets a number, and gives a vtable */
    uint64_t refused;  /* what it then returns if there is no such interface */
    bool has_any_id;   /* every object has this one */
    unsigned char any_id[ABIDE_OBJECT_ID_BYTES];
};

/* `flatten`: what values become when they are passed as words (`pass: flat`, `flat:` in conditions). */
struct abide_flat_scalar {
    enum abide_scalar of;
    enum abide_scalar words[2]; /* of the same bytes, in order of memory */
    size_t word_count;
};
struct abide_flatten {
    bool is_present;
    enum abide_scalar tag; /* that a tag is passed as */
    /* Those that are passed as others: {f16: u16, u128: [u64, u64]}; without words: that have no flat form. */
    const struct abide_flat_scalar *scalars;
    size_t scalar_count;
    const struct abide_when *whole; /* types that have no flat form; NULL: unions only */
    bool
        clears_upper; /* `upper: zero`: of a word that several cases share, above what the case has in it */
};

/* `forms: {string: [counted, nul]}`: the forms among which an interface can choose; the first is the usual one. */
struct abide_form_decl {
    enum abide_kind kind;
    const char *const *names; /* interned */
    size_t name_count;
    struct abide_place place;
};

/* `owned`: how memory comes and goes that values of some types own. The first entry that fits decides. */
enum abide_make {
    ABIDE_MAKE_NONE,     /* cannot be made by an adapter */
    ABIDE_MAKE_ALLOCATE, /* bytes come from the hook (bytes) -> address; the parts are then filled in */
    ABIDE_MAKE_ASSIGN /* the hook is called with the address of a valid value, zero bytes: (value, data, length) for strings,
                         (value, length) for sequences, (value) for boxes, whose elements, zero bytes too, are assigned to
                         afterwards; (env) for closures, which makes an environment with room for {code, env, drop} */
};
enum abide_drop {
    ABIDE_DROP_UNKNOWN, /* nobody can release it */
    ABIDE_DROP_NOTHING, /* nobody has to: a collector, or there is nothing to release */
    ABIDE_DROP_OWNER, /* through the part `owner`: its first word is a function (owner, ptr, bytes); of closures, their own drop (env) */
    ABIDE_DROP_RELEASE, /* the hook is called with the address of the memory, elements being dropped before */
    ABIDE_DROP_CALL /* the hook is called with the address of the value, and drops all that is in it */
};
struct abide_owned_rule {
    const struct abide_when *when;
    enum abide_make make;
    const char *make_hook; /* name of the hook */
    enum abide_drop drop;
    const char *drop_hook;
    bool
        empty_is_nowhere; /* `empty: nowhere`: without elements there is no memory, whatever the address */
    /* Closures whose environments are counted: hooks (env), called when code of another ABI gets hold of one, and when it lets go. */
    const char *keep_hook;
    const char *let_go_hook;
    struct abide_place place;
};

/*
 * `hooks`: what an adapter must call for the language's runtime. Called only if the interface names the symbol, or the module
 * has one (`symbol:`), as those for conversions may.
 */
enum abide_hook_when {
    ABIDE_HOOK_ONCE,
    ABIDE_HOOK_EVERY_CALL,
    ABIDE_HOOK_THREAD_EXIT,
    ABIDE_HOOK_CONVERT,  /* called by conversions that need it (`owned`) */
    ABIDE_HOOK_BLOCKING, /* around the call itself, of functions that may wait (`blocking`) */
    ABIDE_HOOK_UNDO      /* after a call, by the hook that names it in `undone_by` */
};
/* `gives`: what a hook returns, for the one that undoes it. */
enum abide_hook_token { ABIDE_HOOK_GIVES_NOTHING, ABIDE_HOOK_GIVES_INT, ABIDE_HOOK_GIVES_POINTER };
struct abide_hook {
    const char *name;
    enum abide_hook_when when;
    bool is_active; /* `only` holds for the options and the target */
    bool of_callee; /* side: callee; else of the caller */
    bool
        passes_frame_address; /* `pass: frame_address`: of a frame above all frames of the callee */
    enum abide_hook_token gives;
    const char
        *undone_by; /* EVERY_CALL, BLOCKING: the hook that ends what this one began; NULL: none */
    const char *usual;  /* the symbol that libraries usually have; for help texts; may be NULL */
    const char *symbol; /* CONVERT: what is called if the interface names nothing; may be NULL */
    bool
        per_type; /* CONVERT: the interface names a symbol for each type: {new_seq: {message: n_new_messages}} */
    struct abide_place place;
};

/* `lowers_to`: the machine module that calls go to. */
struct abide_lowering_choice {
    const struct abide_when *when;
    const abide_module
        *machine; /* NULL: loaded when a function asks for it (abide_language__machine) */
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

    struct abide_representations *represent; /* abide_language__represents reads it */
    /* `decide`: how the language itself counts sizes where that differs from memory. */
    const struct abide_data_model *decide_data;
    struct abide_representations *decide_represent; /* same; empty: as `represent` */
    const struct abide_when *decide_unknown; /* no size test holds for such types; NULL: none */

    const struct abide_rewrite_rule *params;
    size_t param_count;
    const struct abide_rewrite_rule *results;
    size_t result_count;
    struct abide_out out;
    /* `after_return: cabi_post_$f`: what callers call when they have read a result that is `moved`, and what releases it; NULL: nothing. */
    const char *after_return;
    struct abide_closure_rule closure;
    struct abide_object_rule objects;
    const struct abide_hook *hooks;
    size_t hook_count;
    struct abide_flatten flatten;
    const struct abide_gather_rule *gather; /* that holds for the options; NULL: none */
    const struct abide_form_decl *forms;
    size_t form_count;
    const struct abide_owned_rule *owned;
    size_t owned_count;
    /* `consumes`: which parameters that an interface calls `own` really are given away; NULL: all. */
    const struct abide_when *consumes;
    /* `gives`: which parameters callers give away with all that lies in them, whether or not the interface calls it `own`; NULL: none. */
    const struct abide_when *gives;
    /* `lends`: which results that an interface calls lent (`from`) really are; the others are the caller's own. NULL: all. */
    const struct abide_when *lends;
    /* `ends_loans`: which parameters' borrowed handles of resources from elsewhere the callee drops before it returns; NULL: none. */
    const struct abide_when *ends_loans;
    /* `assumes`, `ensures`: what its code counts on, and cannot get wrong. */
    abide_validities assumes, ensures;
    /* `niche`: values of which types never start with a null pointer (one-field structs and newtypes of them included). */
    const struct abide_when *niche;
    /* `extend` of a language module: at least so far are short integers extended in its calls. */
    enum abide_extend_rule extend_args, extend_results;
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

/* How a kind of types, or a scalar, is represented. */
const struct abide_representation *
abide_language__represents(struct abide_representations *representations, enum abide_kind kind);
const struct abide_representation *
abide_language__represents_scalar(struct abide_representations *representations,
                                  enum abide_scalar scalar);

/* Parts of abide_language__read. One entry of `represent` (spec/template.c): */
void abide_template__add(struct abide_representations *representations,
                         const struct abide_yaml_entry *entry);
/* `objects` (spec/objects.c): */
void abide_objects__read(abide_ctx *ctx, const struct abide_yaml *tree,
                         struct abide_language *language);
/* The member that is this part (ABIDE_PART_*); SIZE_MAX: none is. */
size_t abide_template__part(const struct abide_template *as, const char *part);
/*
 * The case of a sum whose payload is all that this template gives: by itself, or as the only member of a record. A null pointer
 * at its start is the other case. NULL: the template is not of that sort.
 */
const char *abide_template__lone_case(const struct abide_template *as);
/* `params`, `results`, `out`, `order` (spec/rewrite.c). */
void abide_rewrite__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                         const abide_module *module, const struct abide_yaml *tree,
                         struct abide_language *language);
/* `gather` (spec/gather.c), behind `flatten`. */
void abide_gather__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                        const abide_module *module, const struct abide_yaml *tree,
                        struct abide_language *language);
/* `flatten`, `forms`, `owned`, `consumes`, `lends`, `niche` (spec/values.c). Forms come first: conditions name them. */
void abide_values__read_forms(abide_ctx *ctx, const struct abide_yaml *tree,
                              struct abide_language *language);
void abide_values__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                        const struct abide_yaml *tree, struct abide_language *language);
/* `hooks` (spec/hooks.c). */
void abide_hooks__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                       const abide_module *module, const struct abide_yaml *tree,
                       struct abide_language *language);

/* A hook to call, with the symbol that the interface names for it. */
struct abide_hook_use {
    const struct abide_hook *hook;
    const char *symbol;
    const char *undo_symbol;  /* of what undoes it; NULL: nothing does */
    struct abide_place place; /* in the interface */
};

/*
 * The hooks of `module`, on its side of a call, that the interface names; in the order of the module. Gives the number;
 * names that this module does not know are left to the module of the other side (abide_language__check_hooks).
 */
size_t abide_language__hooks(abide_ctx *ctx, const abide_module *module, bool is_callee,
                             const abide_iface *iface, const struct abide_hook_use **uses);
/*
 * Every hook that the interface names is known to one of the two modules, or to another one; and what undoes it is named too.
 * false: reported (unknown-hook, missing-hook).
 */
bool abide_language__check_hooks(abide_ctx *ctx, const abide_module *caller,
                                 const abide_module *callee, const abide_iface *iface);

/* The machine module of an entry of `lowers_to`. NULL: reported. */
const abide_module *abide_language__machine(abide_ctx *ctx, const abide_module *module,
                                            const struct abide_lowering_choice *choice);
/* The forms of a kind that a module declares; NULL: none. */
const struct abide_form_decl *abide_language__forms(const struct abide_language *language,
                                                    enum abide_kind kind);
/* The hook of this name; NULL: none. */
const struct abide_hook *abide_language__hook(const struct abide_language *language,
                                              const char *name);

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
