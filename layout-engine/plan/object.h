/* Objects of interfaces, as one side has them: where a value leads to its vtable, and what lies where in that. */
#ifndef ABIDE_PLAN_OBJECT_H
#define ABIDE_PLAN_OBJECT_H

#include "plan/convert.h"
#include "plan/parts.h"

/* What stands in a vtable beside the methods. */
enum abide_vtable_entry {
    ABIDE_VTABLE_SIZE,
    ABIDE_VTABLE_FLAGS,
    ABIDE_VTABLE_ID,
    ABIDE_VTABLE_DROP,
    ABIDE_VTABLE_RETAIN,
    ABIDE_VTABLE_QUERY,
    ABIDE_VTABLE_ENTRIES
};

struct abide_vtable {
    const abide_type *interface;
    const abide_type *physical;
    const abide_layout *layout;
    size_t fields[ABIDE_VTABLE_ENTRIES]; /* of `physical`; SIZE_MAX: there is none */
    size_t first_method;                 /* field of `physical`; the others follow */
};

/* False: the side does not say what an interface is. */
bool abide_object__vtable(const struct abide_side *side, const abide_type *interface,
                          struct abide_vtable *vtable);
/* Offset of an entry (abide_object__entry), of a method, and of the end of one. */
uint64_t abide_vtable__offset_bytes(const struct abide_vtable *vtable, size_t field);
bool abide_vtable__has(const struct abide_vtable *vtable, enum abide_vtable_entry entry);
uint64_t abide_vtable__method_bytes(const struct abide_vtable *vtable, size_t method);

/*
 * Where an object leads to its data and its vtable: either the value is {self, vtable}, or (`is_thin`) it is the address of a record that
 * holds the vtable's, and that address is what methods get.
 */
struct abide_object_form {
    bool is_thin;
    uint64_t self_bytes;   /* in the value */
    uint64_t vtable_bytes; /* in the value; of a thin one in the record */
};
/* False: `physical` does not say what its members are for. */
bool abide_object__form(const struct abide_side *side, const abide_type *object,
                        const abide_type *physical, struct abide_object_form *form);

/* Whether vtables of both sides are the same, methods included. NULL, or the reason why not. */
const char *abide_convert__interface(struct abide_crossing crossing, const abide_type *interface,
                                     const abide_type *from_type, const abide_type *to_type,
                                     struct abide_runs *runs);

#endif
