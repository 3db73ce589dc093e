/* The places of a call, one by one: registers and ranges of the stack, and what each of them is for. */
#ifndef PICTURE_SLOTS_H
#define PICTURE_SLOTS_H

#include "cli.h"

enum slot_role {
    SLOT_HIDDEN,  /* the address of memory for the result */
    SLOT_VALUE,   /* bytes of an argument */
    SLOT_ADDRESS, /* the address of one */
    SLOT_RESULT,  /* bytes of the result */
    SLOT_RETURNED /* the address of the result, when the call returns */
};

struct slot {
    enum slot_role role;
    size_t argument;   /* of the assignment; of a result it says nothing */
    abide_piece piece; /* an address: all of it */
    const char *name;  /* "rdi", "sp+0..sp+24" */
    const char *value; /* "key [0..8)", "address of p" */
    const char *type;
    const char *how; /* "zero-extended to 32 bits"; "" as it is */
    bool comes_back; /* it holds a new value when the call returns */
};

/* In the order of the roles, of arguments those in registers first. */
struct slot *slots_of(struct cli *cli, const abide_assignment *assignment, size_t *count);
bool slot_is_of_result(const struct slot *slot);
/* "registers", "stack", "result" */
const char *slot_group(const struct slot *slot);
/* The tone of the palette for its kind of place. */
const char *slot_tone(const struct slot *slot);

#endif
