/*
 * Conversions that moving bytes cannot do: an abstract value is *lifted* out of one ABI's form and *lowered* into another's in
 * one go, without a form between them. The result is a routine (plan/routine.h).
 */
#ifndef ABIDE_PLAN_LIFT_H
#define ABIDE_PLAN_LIFT_H

#include "plan/callables.h"

/* What happens to the memory that a value owns. */
enum abide_transfer {
    ABIDE_TRANSFER_BORROW, /* the source keeps it; what has to be made lives until the call returns */
    ABIDE_TRANSFER_MOVE, /* the source is consumed: the target owns its own, and what was only the source's is released */
    ABIDE_TRANSFER_COPY /* the source keeps its own, the target gets one of its own */
};

/* What is released of a value. */
enum abide_release {
    ABIDE_RELEASE_SAID = 0,      /* what the type says that it owns */
    ABIDE_RELEASE_MEMORY = 1,    /* of that, strings, lists and boxes */
    ABIDE_RELEASE_LENT = 2,      /* strings and slices that it says are lent */
    ABIDE_RELEASE_RESOURCES = 4, /* handles, closures, objects that it says it owns */
    /* what runtimes make and destroy, whoever the type says owns it: texts, lists, boxes, closures */
    ABIDE_RELEASE_MADE = 8,
    ABIDE_RELEASE_LOANS =
        16, /* borrowed handles of resources from elsewhere, where the ABI counts them */
    ABIDE_RELEASE_OWN = ABIDE_RELEASE_MEMORY | ABIDE_RELEASE_RESOURCES, /* as SAID, with others */
    ABIDE_RELEASE_ALL = ABIDE_RELEASE_OWN | ABIDE_RELEASE_LENT
};

struct abide_lifting {
    struct abide_crossing crossing;
    const abide_iface *iface; /* names the symbols of hooks */
    const char *function;     /* for traps and messages */
    const char *parameter;    /* "result" */
    const struct abide_function
        *owner; /* that function; NULL: closures that need adapters cannot be made */
    struct abide_callback_duties duties; /* of adapters for closures in the value */
    bool passes_unknown;                 /* a case that is none is nothing, and no trap */
    bool
        takes_all; /* the target owns all memory that it gets, also what the interface lends: of that it gets copies */
    bool passes_resources; /* COPY: memory alone is copied */
    unsigned releases;     /* of drops: enum abide_release */
};

/* A reason that was reported already. */
extern const char abide_lift__reported[];

/* A conversion, and what it costs. */
struct abide_lifted {
    const struct abide_routine *
        routine; /* (from, to, frame); frame is the address of a struct of abide_lift__frame_bytes */
    abide_cost cost;
    bool uses_frame; /* it takes memory from the frame, whose end has to be called */
    /*
     * What it makes refers to the frame, so it lives until the call returns, and is dropped then as far as it needs to be: not what a
     * result may consist of.
     */
    bool lives_in_frame;
};

/*
 * How `from_type`, the physical form of `type` on one side, becomes `to_type` on the other. NULL and *lifted; or the reason why
 * not, as a clause that can follow "because", and in *help (may be NULL) a way out.
 */
const char *abide_lift__convert(const struct abide_lifting *lifting, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                enum abide_transfer transfer, struct abide_lifted *lifted,
                                const char **help);

/*
 * The routine (value) that releases everything a value of `type` owns on one side of the crossing (`module`). *routine is NULL if
 * there is nothing to do. Returns a reason if nobody can.
 */
const char *abide_lift__drop(const struct abide_lifting *lifting, const abide_module *module,
                             const abide_type *type, const abide_type *physical,
                             const struct abide_routine **routine, const char **help);

/*
 * What lives until the call returns: a header, zero bytes at first but for the address and the size of a buffer behind it that is
 * used before memory is allocated.
 */
#define ABIDE_LIFT_FRAME_BUFFER_BYTES 256
uint64_t abide_lift__frame_bytes(uint64_t pointer_bytes); /* of the header alone */
/* Offsets in the header: where the address of the buffer, and the number of its bytes, are stored before the call. */
uint64_t abide_lift__frame_next_bytes(uint64_t pointer_bytes);
uint64_t abide_lift__frame_left_bytes(uint64_t pointer_bytes);
/* The routine (frame) that frees what was allocated; called last. */
const struct abide_routine *abide_lift__frame_end(const struct abide_lifting *lifting);

/* The symbol of the hook `allocate` or `release` of a module. NULL and *symbol; or a reason. */
const char *abide_lift__memory_symbol(const struct abide_lifting *lifting,
                                      const abide_module *module, bool allocates,
                                      const char **symbol, const char **help);

/* Whether values of the type own something (or may). */
bool abide_lift__owns(abide_ctx *ctx, const abide_type *type);
/* Whether there is something of that sort (enum abide_release) in them. */
bool abide_lift__releases(abide_ctx *ctx, const abide_type *type, unsigned what);

#endif
