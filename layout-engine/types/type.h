/* Types and signatures from the inside. Built by types/type.c and the interface reader; everybody else only reads. */
#ifndef ABIDE_TYPES_TYPE_H
#define ABIDE_TYPES_TYPE_H

#include "abide/type.h"
#include "base/source.h"

#include <stdalign.h>
#include <stddef.h>

enum abide_kind {
#define ABIDE_KIND(id, name, example) ABIDE_KIND_##id,
#include "types/kinds.def"
#undef ABIDE_KIND
    ABIDE_KIND_COUNT
};

/* What has no layout of its own: a switch's cases for the abstract kinds, but for resources, which are incomplete. */
#define ABIDE_CASES_ABSTRACT   \
    case ABIDE_KIND_TUPLE:     \
    case ABIDE_KIND_BITSET:    \
    case ABIDE_KIND_SLICE:     \
    case ABIDE_KIND_SEQ:       \
    case ABIDE_KIND_STRING:    \
    case ABIDE_KIND_VA_LIST:   \
    case ABIDE_KIND_CSTRING:   \
    case ABIDE_KIND_CLOSURE:   \
    case ABIDE_KIND_RAW:       \
    case ABIDE_KIND_FLAGS:     \
    case ABIDE_KIND_VARIANT:   \
    case ABIDE_KIND_OPTION:    \
    case ABIDE_KIND_RESULT:    \
    case ABIDE_KIND_BOX:       \
    case ABIDE_KIND_STRING0:   \
    case ABIDE_KIND_STRING16:  \
    case ABIDE_KIND_UTF16:     \
    case ABIDE_KIND_HANDLE:    \
    case ABIDE_KIND_INTERFACE: \
    case ABIDE_KIND_DYN

enum abide_scalar {
#define ABIDE_SCALAR(id, name, group, size_bytes, c_name) ABIDE_SCALAR_##id,
#include "types/scalars.def"
#undef ABIDE_SCALAR
    ABIDE_SCALAR_COUNT
};

enum abide_scalar_group {
    ABIDE_GROUP_BOOL,
    ABIDE_GROUP_SIGNED,
    ABIDE_GROUP_UNSIGNED,
    ABIDE_GROUP_FLOAT
};

struct abide_scalar_info {
    const char *name;
    const char *c_name;
    enum abide_scalar_group group;
    uint32_t size_bytes; /* 0: the module says */
};
extern const struct abide_scalar_info abide__scalars[ABIDE_SCALAR_COUNT];
extern const char *const abide__kind_names[ABIDE_KIND_COUNT];

/* Words that only some ABI cares about: `facts: [inheritable, bycopy]`. A module declares the ones it knows. */
struct abide_fact {
    const char *name; /* interned */
    struct abide_place place;
};
struct abide_facts {
    const struct abide_fact *items;
    size_t count;
};
bool abide_facts__has(struct abide_facts facts, const char *name);

/* A field of a struct, union or tuple. */
struct abide_field {
    const char *name; /* NULL: anonymous member, or an unnamed bit-field */
    const abide_type *type;
    uint32_t align_bytes; /* from `align:`; 0: none */
    uint8_t bits;         /* of a bit-field; may be 0 */
    bool is_bitfield;
    bool packed;
    bool is_base : 1;        /* in a representation: what `base:` of the struct names */
    bool is_later : 1;       /* `since:`: older releases lack it */
    bool starts_version : 1; /* the first one that a release added */
    struct abide_place place;
};

struct abide_enumerator {
    const char *name;
    int64_t value;
    bool is_large; /* an enumerator beyond INT64_MAX: `value` has the bits of the uint64_t */
    struct abide_place place;
};

/* Which interface an object implements: the text `package/interface@major`, and its SHA-256. */
struct abide_interface_id {
    const char *text;
    unsigned char sha256[32];
};

/*
 * What a field is that is nothing but a scalar or a pointer, without a word about packing, alignment or bits: its scalar and one, or
 * one of these. 0: it is more than that, or nobody has looked.
 */
enum { ABIDE_PLAIN_POINTER = ABIDE_SCALAR_COUNT + 1, ABIDE_PLAIN_FUNCTION, ABIDE_PLAIN_COUNT };
/* Fields of which a type knows that. */
enum { ABIDE_TYPE_PLAIN_FIELDS = 16 };

/* What layouts of records are made from comes first, in one line of the machine's cache. */
struct abide_type {
    uint32_t serial;      /* order of creation in the context: for stable orders and memo tables */
    uint32_t align_bytes; /* `align: N` on the type; 0: none */
    enum abide_kind kind : 8;
    enum abide_scalar scalar : 8; /* SCALAR */
    unsigned pack_bytes : 8;      /* STRUCT, UNION: `pack: N`; 0: none */
    unsigned nesting : 8;         /* anonymous types around each other; a name ends the count */
    uint16_t value_depth;         /* types inside each other by value, names or not */
    bool packed : 1;              /* STRUCT, UNION: every field */
    bool is_complete : 1;         /* false while declared only (an OPAQUE type stays so) */
    bool is_plain : 1; /* STRUCT, UNION: every field is plain, and `plain` tells of all */
    /*
     * STRUCT, UNION, TUPLE. VARIANT, OPTION, RESULT: the cases in order, with type VOID where a case has no payload; those of
     * an option are called none and some, those of a result ok and err. INTERFACE: the methods, of type FUNCTION.
     */
    const struct abide_field *fields;
    size_t field_count;
    /* POINTER: what it points to (VOID allowed); ARRAY, VECTOR, COMPLEX, SLICE, SEQ: the element; BOX: the content; NEWTYPE, RAW: what it
     * wraps; HANDLE: the resource; DYN: the interface; RESOURCE: the one that `keeps:` names, else NULL; ENUM, FLAGS: the base if one is given,
     * VARIANT: the type of the tag if one is given, else NULL; STRUCT: the struct of `base:`, else NULL; CLOSURE: the named one that this
     * one gives away (`own NAME`), else NULL. */
    const abide_type *target;
    uint64_t plain_set;                     /* STRUCT, UNION: bit P: a field is plain as P */
    uint8_t plain[ABIDE_TYPE_PLAIN_FIELDS]; /* STRUCT, UNION: of the first fields */

    const char *name;         /* NULL: anonymous */
    struct abide_place place; /* of the declaration, or of the first use of an anonymous type */
    struct abide_facts facts;
    bool is_mutable;  /* POINTER: mutptr, mutref; SLICE: mutslice */
    bool is_nullable; /* POINTER: ptr, mutptr */
    bool is_flexible; /* ARRAY without a count, as last field */
    /* ENUM, FLAGS, VARIANT: other values than those named are legal; INTERFACE, STRUCT: later releases may add methods, fields */
    bool is_open;
    /* texts, HANDLE, DYN, CLOSURE: the value is given away with what it lies in (a SEQ, a BOX always is). */
    bool is_own;
    bool is_shared;  /* DYN: it is one of several references (then also is_own) */
    bool is_once;    /* CLOSURE that is_own: called at most once, which ends it */
    bool any_thread; /* RESOURCE: `threads: any`; else it stays on the thread it was made on */
    bool is_from_elsewhere; /* RESOURCE: `origin: elsewhere`; else it is the library's own */
    uint64_t count;         /* ARRAY, VECTOR: elements; COMPLEX: 2; BITSET: elements of the set */
    /* ENUM: the values. FLAGS: the numbers of the bits. VARIANT, OPTION, RESULT: the tags, parallel to `fields`. */
    const struct abide_enumerator *enumerators;
    size_t enumerator_count;
    /* VARIANT, open: room that is kept for the payloads of later cases */
    uint64_t reserved_bytes;
    uint64_t reserved_align_bytes;
    const char *
        form; /* which of an ABI's forms of this kind (`forms:`, `form:`); interned; NULL: its first */
    union {
        const char *destructor;              /* RESOURCE: the symbol that destroys one */
        const struct abide_interface_id *id; /* INTERFACE */
    };
    /* STRUCT, physical: the words that a value of this abstract type becomes in calls (call/flat.h); else NULL. */
    const abide_type *flat_of;
    /* STRUCT, physical: what an error of this abstract type is told by, {code, text}, or one of them, or a result whose failures are
     * told so (call/failure.h); else NULL. */
    const abide_type *code_of;
    const abide_signature *signature; /* FUNCTION, CLOSURE */
};

/*
 * Where a type of a context lies: types made one after the other lie in a row, and each has room in front of it, zero at first, for
 * what the first layer that asks works out of it. A layout beside its type costs no memory that is new, which is slow to come by, and
 * is found without a search.
 */
enum { ABIDE_TYPE_ROOM_BYTES = 64 };
struct abide_type_slot {
    alignas(ABIDE_TYPE_ROOM_BYTES) unsigned char room[ABIDE_TYPE_ROOM_BYTES];
    abide_type type;
};

static inline void *abide_type__room(const abide_type *type)
{
    return (unsigned char *)type - offsetof(struct abide_type_slot, type);
}

/* Whoever asks for type after type in their order finds the ones that come next in the cache. Only a hint. */
static inline void abide_type__fetch_next(const abide_type *type)
{
    enum { AHEAD = 6 };
    /* A number, since it may be past the end of what is allocated. NOLINTBEGIN(performance-no-int-to-ptr) */
    uintptr_t next = (uintptr_t)type + AHEAD * sizeof(struct abide_type_slot);
    __builtin_prefetch((const void *)next);
    __builtin_prefetch((const void *)(next - offsetof(struct abide_type_slot, type)));
    /* NOLINTEND(performance-no-int-to-ptr) */
}

struct abide_param {
    const char *name; /* NULL in a function type that names none */
    const abide_type *type;
    enum abide_mode mode;
    /* `own T`: everything that the value owns is given away with the argument. Else it is borrowed for the call. */
    bool is_own;
    struct abide_facts facts;
    bool is_variadic; /* an extra argument of a described call: `... c_int, f64` */
    bool is_self;     /* of a method: what stands for the object */
    struct abide_place place;
};

/* A struct that grows: `open: sized`. */
static inline bool abide_type__is_sized(const abide_type *type)
{
    return type->kind == ABIDE_KIND_STRUCT && type->is_open;
}

/* `callbacks: {f: {data: user, at: 0}}`: parameter `data` comes back as argument `at` of the function parameter `function`. */
struct abide_callback {
    size_t function; /* index into params */
    size_t data;     /* index into params */
    size_t at;       /* index into the function type's params */
    struct abide_place place;
};

struct abide_error_use;

struct abide_signature {
    const struct abide_param *params; /* fixed ones, then the described extra ones */
    size_t param_count;
    size_t fixed_count;
    bool is_variadic;
    const abide_type *result; /* VOID: none */
    /*
     * `-> T from x`: what the result points to belongs to parameter `lender`, and nothing in it is given away. Without a lender
     * the result is given away with everything it owns; a string or a slice is then `own`.
     */
    bool has_lender;
    size_t lender;
    struct abide_facts result_facts;
    const struct abide_error_use
        *errors;            /* of a result<T, E> (types/error_rule.h); NULL: it is a value */
    const char *convention; /* option of a language module; NULL: its default */
    struct abide_place convention_place;
    const struct abide_callback *callbacks;
    size_t callback_count;
    struct abide_place place;
};

/* Bits in a scalar; 0: a module says how many. */
unsigned abide_scalar__bits(enum abide_scalar scalar);

/*
 * What walks types may recurse this deep: the makers of types refuse more (type-too-deep). Chains through pointers to
 * named types have no limit, and are never followed by value.
 */
#define ABIDE_TYPE_MAX_NESTING     128
#define ABIDE_TYPE_MAX_VALUE_DEPTH 256

/* STRUCT, UNION, TUPLE: fields. */
bool abide_type__is_record(const abide_type *type);
/* VARIANT, OPTION, RESULT: one of several cases. */
bool abide_type__is_sum(const abide_type *type);
/* An integer, a truth value or an enum. */
bool abide_type__is_integer(const abide_type *type);
/* Bits that a bit-field of such a type may have; 0: a module says how many. */
unsigned abide_type__integer_bits(const abide_type *type);
/* ARRAY, COMPLEX: `count` values of type `target` in a row. */
bool abide_type__is_sequence(const abide_type *type);
/* Whether there are vectors or complex numbers (`kind`) of such elements: of some scalars. */
bool abide_type__can_be_element(enum abide_kind kind, const abide_type *type);
/* It holds what somebody else owns: a string, slice or handle that is not `own`. Names are not looked through. */
bool abide_type__is_borrowed(const abide_type *type);
/* STRING, STRING0, STRING16, UTF16: text whose length is known. */
bool abide_kind__is_counted_text(enum abide_kind kind);
/* These, and CSTRING. */
bool abide_kind__is_text(enum abide_kind kind);
/* Made by one of the interning constructors: equal is the same pointer. */
bool abide_type__is_interned(const abide_type *type);
/* The case of a sum that has this name; SIZE_MAX: none. */
size_t abide_type__case(const abide_type *sum, const char *name);

/* Elements of an array or a bitset at most; sizes in bytes have their own limit (layout). */
#define ABIDE_TYPE_MAX_COUNT       (UINT64_C(1) << 61)
#define ABIDE_TYPE_MAX_ELEMENTS    (UINT64_C(1) << 16) /* of a vector */
#define ABIDE_TYPE_MAX_BITS        (UINT64_C(1) << 32)
#define ABIDE_TYPE_MAX_ALIGN_BYTES (UINT64_C(1) << 28)
#define ABIDE_TYPE_MAX_BITFIELD    128

/* The types made so far, by serial: 0 up to this count. */
size_t abide_type__count(const abide_ctx *ctx);
abide_type *abide_type__by_serial(const abide_ctx *ctx, size_t serial);

/* The types that lie in a value of `type`: its fields, its base, its elements, what it wraps. NULL past the last. */
const abide_type *abide_type__part(const abide_type *type, size_t index);
/* The field a part comes from; NULL: it is no field. */
const struct abide_field *abide_type__part_field(const abide_type *type, size_t index);

/* Constructors for the interface reader; anonymous types are interned structurally. */
const abide_type *abide_type__void(abide_ctx *ctx);
const abide_type *abide_type__scalar(abide_ctx *ctx, enum abide_scalar scalar);
const abide_type *abide_type__pointer(abide_ctx *ctx, const abide_type *target, bool is_mutable,
                                      bool is_nullable);
const abide_type *abide_type__array(abide_ctx *ctx, const abide_type *element, uint64_t count,
                                    bool is_flexible);
const abide_type *abide_type__vector(abide_ctx *ctx, const abide_type *element, uint64_t count);
const abide_type *abide_type__complex(abide_ctx *ctx, const abide_type *part);
/* Any kind with one `target` and no more (SLICE, SEQ, RAW, BOX, HANDLE, DYN), or none (texts). */
const abide_type *abide_type__of(abide_ctx *ctx, enum abide_kind kind, const abide_type *target);
/* The interned type that has the kind, target, payloads, flags and form of `model`; its `fields` are copied. */
const abide_type *abide_type__like(abide_ctx *ctx, const abide_type *model);
/* The payloads may be VOID. */
const abide_type *abide_type__option(abide_ctx *ctx, const abide_type *payload);
const abide_type *abide_type__result(abide_ctx *ctx, const abide_type *ok, const abide_type *err);
/* What is given away in place of a borrowed string, slice or handle; any other type as it is. Names are not looked through. */
const abide_type *abide_type__owned(abide_ctx *ctx, const abide_type *type);
/* Kinds that an ABI may have several forms of. */
bool abide_type__has_forms(enum abide_kind kind);
/*
 * A type without a name, of a kind that has forms, in another form. One that is not interned was made for the place it is in,
 * and gets the form itself: before anybody else sees it.
 */
const abide_type *abide_type__with_form(abide_ctx *ctx, const abide_type *type, const char *form);
const abide_type *abide_type__bitset(abide_ctx *ctx, uint64_t count);
/* The fields of a tuple have no names. They are copied. */
const abide_type *abide_type__tuple(abide_ctx *ctx, const struct abide_field *fields,
                                    size_t field_count);
/* FUNCTION or CLOSURE. Not interned: a signature carries places. */
const abide_type *abide_type__callable(abide_ctx *ctx, enum abide_kind kind,
                                       const abide_signature *signature);
/*
 * The closure that is given away (`own`, or `once`) where `closure` is borrowed. Of one with a name, which may be defined later: it
 * gets its signature by abide_type__settle_closure.
 */
const abide_type *abide_type__given_closure(abide_ctx *ctx, const abide_type *closure,
                                            bool is_once);
/* Once the name is defined. False: it stands for no closure. */
bool abide_type__settle_closure(abide_ctx *ctx, const abide_type *closure);
/* A new, nominal or anonymous, record or other type that the caller fills in before anybody sees it. */
abide_type *abide_type__new(abide_ctx *ctx, enum abide_kind kind, const char *name,
                            struct abide_place place);
/* `nesting`, `value_depth` and what is plain, from the parts, for a type whose content is known; false: too deep (not reported). */
bool abide_type__measure(abide_type *type);

/* Whether all members have names of their own, with those of anonymous members. False: reported. */
bool abide_type__check_members(abide_ctx *ctx, const abide_type *record);

/* Through newtypes to what is wrapped. */
const abide_type *abide_type__strip(const abide_type *type);
/* The function type of a pointer to a function, which may be optional; NULL: it is none. */
const abide_type *abide_type__callback(const abide_type *type);
bool abide_type__is(const abide_type *type, enum abide_kind kind); /* after stripping */

#endif
