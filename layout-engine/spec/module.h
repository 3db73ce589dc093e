/*
 * A module, compiled: what a YAML file says, resolved (extends, options, target) and checked. The rules themselves are in
 * spec/rules.h; the language level is in spec/language.h.
 */
#ifndef ABIDE_SPEC_MODULE_H
#define ABIDE_SPEC_MODULE_H

#include "abide/module.h"
#include "base/source.h"
#include "base/yaml.h"
#include "types/error_rule.h"

/* Where a decision comes from: printed by --trace. */
struct abide_rule_origin {
    const char *module; /* name of the module that holds the rule */
    const char *id;     /* of the rule */
    const char *source; /* document, release, clause; NULL: none stated */
    struct abide_place place;
};

enum abide_format { /* of a floating-point scalar */
                    ABIDE_FORMAT_NONE,
                    ABIDE_FORMAT_HALF,
                    ABIDE_FORMAT_BFLOAT,
                    ABIDE_FORMAT_SINGLE,
                    ABIDE_FORMAT_DOUBLE,
                    ABIDE_FORMAT_X87,
                    ABIDE_FORMAT_QUAD,
                    ABIDE_FORMAT_IBM
};

struct abide_scalar_model {
    uint32_t size_bytes; /* 0: the ABI has no such scalar */
    uint32_t align_bytes;
    bool is_signed;
    enum abide_format format;
};

/* records: bitfields; what they are is told in layout/bitfield.c. */
enum abide_bitfields {
    ABIDE_BITFIELDS_DENSE,
    ABIDE_BITFIELDS_UNITS,
    ABIDE_BITFIELDS_LOOSE_UNITS,
    ABIDE_BITFIELDS_FIRM_UNITS
};

struct abide_data_model {
    struct abide_scalar_model scalars[ABIDE_SCALAR_COUNT];
    uint32_t pointer_bytes;
    uint32_t pointer_align_bytes;
    bool big_endian;
    enum abide_bitfields bitfields;
    bool unnamed_bits_align; /* an unnamed bit-field raises the record's alignment */
    bool zero_width_aligns;
    bool natural_bits;       /* packed bit-fields raise the natural alignment of their record */
    bool aligned_bits_after; /* records: aligned_bits: after (else before) */
    bool required_align;     /* records: `align` holds in spite of `packed` and `pack` */
    uint32_t max_pack_bytes; /* records: a larger `pack` says nothing; 0: there is no limit */
    uint32_t empty_bytes;    /* size of a record without members */
    uint32_t record_min_align_bytes;
    uint32_t vector_max_align_bytes; /* 0: vectors are aligned to their size */
    enum abide_scalar enum_base;     /* of an enum without `base` that fits it */
    bool
        packed_reaches_nested; /* a language's own idea of size: packed reaches into unnamed records */
    uint32_t serial;           /* identifies the model in memo tables */
};

enum abide_justify { ABIDE_JUSTIFY_NATURAL, ABIDE_JUSTIFY_LEFT, ABIDE_JUSTIFY_RIGHT };

/* Registers in the order they are used. */
struct abide_bank {
    const char *name;
    const char *const *registers;
    size_t register_count;
    uint32_t width_bytes;
    uint32_t converts_bytes; /* a float narrower than this is held in the wide format; 0: never */
    bool backfill;
    bool scatters; /* backfills register by register */
    bool
        own_counter; /* positional modules: taken in sequence, while block positions are used up too */
    const struct abide_bank *overflow;
    size_t counted_in; /* index of the bank whose counter this one goes by; its own by default */
    const uint8_t
        *counted; /* which register of that bank each of this one's is; NULL: where it stands */
    enum abide_justify justify;
    struct abide_place place;
};

/* Whether an area has room also for arguments that travel in registers; a block has that for those of its positions. */
enum abide_covers {
    ABIDE_COVERS_MEMORY,    /* no: for what lies in it */
    ABIDE_COVERS_ALL,       /* always */
    ABIDE_COVERS_OVERFLOW,  /* once an argument lies in it */
    ABIDE_COVERS_REGISTERS, /* of a stack: behind the arguments, for all that is in registers */
};

struct abide_stack {
    uint32_t slot_bytes;
    uint32_t min_align_bytes;
    uint32_t max_align_bytes;
    bool align_by_type; /* align_by: type (with its own `align`); else natural */
    int64_t start_bytes;
    enum abide_justify justify;
    bool callee_cleans;
    uint32_t align_bytes; /* of the stack pointer at a call */
    uint32_t red_zone_bytes;
    uint32_t home_bytes; /* reserved by the caller even if no argument lies there */
    /* The area and so many bytes more (a return address) are a multiple of `round_to_bytes`; 0: it is not rounded. */
    uint32_t round_to_bytes;
    uint32_t round_with_bytes;
    enum abide_covers covers;
    bool is_block;    /* positional: every argument has a position, banks shadow the first ones */
    bool is_reversed; /* the last argument on the stack lies first */
    /* Why a callee that removes no multiple of the largest alignment on the stack is refused; NULL: it is not. */
    const char *uneven_because;
};

/* How far short integers are extended; each is more than the one before. */
enum abide_extend_rule {
    ABIDE_EXTENDS_NONE,
    ABIDE_EXTENDS_BOOL,
    ABIDE_EXTENDS_TYPE32,
    ABIDE_EXTENDS_TYPE32_SIGN64,
    ABIDE_EXTENDS_TYPE64
};

struct abide_compilers; /* spec/compilers.h: in_c, deviations */
struct abide_rules;     /* spec/rules.h: classes, args, returns */
struct abide_rules_text;
struct abide_language; /* spec/language.h: represent, params, results, order, out, decide, hooks */

struct abide_option_value {
    const char *name;
    const char *value;
};

/* What a list over unnamed arguments that lie one behind the other has in one of its fields. */
struct abide_list_field {
    const char *name;
    bool is_address; /* of the first of them; else the number `value` */
    int64_t value;
    struct abide_place place;
};

/* `variadic: {list: ...}`, about what C calls va_list. */
struct abide_unnamed_list {
    uint32_t
        slot_bytes; /* each unnamed argument of at most that size takes one slot, in a row; 0: not said */
    const struct abide_list_field *fields; /* `over`; none: the list is the address */
    size_t field_count;
};

struct abide_module {
    const char *name;
    const char *version;
    const char *summary;
    const char *source_document;
    const char *of;         /* the module that it is a variant of; NULL: none */
    const char *convention; /* what functions say that are called by the variant; NULL: nothing */
    const char *symbol_prefix; /* NULL: thunks need --prefix */
    bool const_pointers;       /* prototypes say `const` of what is only read */
    bool is_language;
    const char *triple; /* without the vendor */
    const char *arch;   /* first part of the triple, as the module's target says */
    const char *os;
    uint32_t pointer_bytes;
    bool big_endian;
    const struct abide_option_value *options;
    size_t option_count;

    /* machine level (of a language module: that of what it lowers to by default) */
    const abide_module *machine; /* self for a machine module */
    const struct abide_data_model *data;
    const struct abide_bank *const *banks;
    size_t bank_count;
    const struct abide_bank *const *return_banks;
    size_t return_bank_count;
    const struct abide_bank *const *budget_banks; /* counts without registers: `budget` */
    size_t budget_bank_count;
    struct abide_stack stack;
    struct abide_stack return_stack;
    struct abide_rules_text *rules_text; /* abide_module__rules reads it */
    const struct abide_compilers *compilers;
    const char *vector_count_register;      /* variadic: {vector_count: al} */
    uint32_t variadic_home_bytes;           /* variadic: {home: 96} */
    const struct abide_bank *variadic_area; /* variadic: {area: BANK} */
    struct abide_unnamed_list unnamed_list; /* variadic: {list: {slot: 8}} */
    const char *indirect_result_register;   /* special */
    const char *static_chain_register;
    const char *const *scratch; /* registers a thunk may destroy */
    size_t scratch_count;
    const char *const *preserved; /* callee-saved registers */
    size_t preserved_count;
    const char *link_name; /* how symbols are mangled: NULL none; a pattern with $name otherwise */

    /* Calls and returns by instructions that codegen knows by these words. NULL: as the processor's functions do. */
    const char *called_by;
    const char *number_register; /* tells the callee which function is meant; NULL: nothing does */
    const char *returned_by;
    const struct abide_error_rule *errors;
    size_t error_count;

    /* what a module states about memory that results go to (key `hidden`), for its own hidden results */
    bool hidden_exclusive;

    const struct abide_language
        *language;                 /* never NULL: machine modules represent abstract types too */
    const struct abide_yaml *tree; /* resolved, for `abi show` */
    struct abide_place place;
    /* It and all that it extends are part of the library, and so known to be without mistakes: they are not looked for. */
    bool is_built_in;
};

/*
 * How the machine module, or that of a language module, passes arguments and results. Read when first asked for, as layouts
 * need none of it; of modules that may have mistakes, when they are loaded.
 */
const struct abide_rules *abide_module__rules(const abide_module *module);

/* `errors: {WORD: ...}`: how a module's functions report failures of which an interface says `errors: WORD`; NULL: it does not say. */
const struct abide_error_rule *abide_module__errors(const abide_module *module, const char *name);

/* The keys at the top level of a module file, in the order in which they are usually written; NULL past the last. */
const char *abide_module__key_at(size_t index);

/*
 * What calls a function whose `convention:` says this word, of a machine module: a variant of it, with the same options. NULL:
 * the word means nothing to it, or reported.
 */
const abide_module *abide_module__variant(abide_ctx *ctx, const abide_module *module,
                                          const char *convention, struct abide_place place);

#endif
