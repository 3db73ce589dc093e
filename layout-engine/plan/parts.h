/* What the bytes of a representation are for: the parts that its module names (`part:`), found in the physical type. */
#ifndef ABIDE_PLAN_PARTS_H
#define ABIDE_PLAN_PARTS_H

#include "call/represent.h"
#include "layout/layout.h"

/* One side of an adapter, as far as representations go. */
struct abide_side {
    abide_ctx *ctx;
    const abide_module *module;
    const abide_module
        *foreign; /* of the other side, whose forms are carried where `module` has none */
};

struct abide_part {
    const abide_type *type; /* physical; NULL: there is no such part */
    uint64_t offset_bytes;
    bool is_terminated; /* a NUL stands behind the end of the text */
};

/* The parts of a string, a slice, a list or a box that lie in the value itself. */
struct abide_sequence_parts {
    struct abide_part pointer, length, capacity, owner;
    bool is_plain; /* the value has no other members */
};

struct abide_sum_parts {
    /* This case's payload is all that the value holds, and lies at its start; SIZE_MAX: there is a tag. */
    size_t niche_case;
    struct abide_part tag;
    const int64_t *tags;               /* parallel to the cases */
    const struct abide_part *payloads; /* same; a case without payload has no type */
};

/* The template by which one side represents a type: its own, or that of the form it carries. NULL: none. */
const struct abide_template *abide_parts__template(const struct abide_side *side,
                                                   const abide_type *type);

/* False: `physical` does not say what its members are for. */
bool abide_parts__sequence(const struct abide_side *side, const abide_type *type,
                           const abide_type *physical, struct abide_sequence_parts *parts);
bool abide_parts__sum(const struct abide_side *side, const abide_type *sum,
                      const abide_type *physical, struct abide_sum_parts *parts);

/* How many fields a member of a template becomes. */
size_t abide_parts__field_count(const struct abide_template_member *member,
                                const abide_type *record);
/* The field of a record's form that stands for field `index`, or for the base (SIZE_MAX); SIZE_MAX: none. */
size_t abide_parts__field(const struct abide_side *side, const abide_type *record,
                          const abide_type *physical, size_t index);
/* What the interface says of a field of a form; NULL: it is the ABI's own. */
const abide_type *abide_parts__abstract_field(const struct abide_side *side, const abide_type *type,
                                              const abide_type *physical, size_t field);

/* A closure: offsets of its parts. */
struct abide_closure_parts {
    const abide_module *module; /* whose form it is */
    uint64_t code_bytes, env_bytes;
    uint64_t drop_bytes; /* SIZE_MAX: it has none */
};
/* False: nobody says how closures are represented. */
bool abide_parts__closure(const struct abide_side *side, const abide_type *physical,
                          struct abide_closure_parts *parts);

/* How memory that values of `type` own comes and goes on one side; NULL: the module does not say. */
const struct abide_owned_rule *abide_parts__owned(const struct abide_side *side,
                                                  const abide_type *type);

#endif
