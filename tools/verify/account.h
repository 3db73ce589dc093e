/*
 * What one side, a compiler or abide, says of a signature: layouts, and a
 * place for every byte of every value.
 */
#ifndef ABIDE_VERIFY_ACCOUNT_H
#define ABIDE_VERIFY_ACCOUNT_H

#include "machine.h"
#include "signature.h"

enum {
    PLACE_NONE = -1,    /* padding, or not stated */
    PLACE_UNKNOWN = -2, /* a compiler took the byte from nowhere we know of */
    PLACE_CONVERTED =
        0x4000, /* added to the place of a register that holds the float in a format of its own */
};

enum pass { PASS_IGNORE, PASS_DIRECT, PASS_POINTER, PASS_HIDDEN };

struct extent {
    unsigned offset_bits;
    unsigned size_bits;
};

struct type_account {
    unsigned size_bytes;
    unsigned align_bytes;
    struct extent fields[MAX_FIELDS];
    struct extent holes[MAX_FIELDS * 8]; /* of abide only */
    unsigned hole_count;
};

struct value_account {
    enum pass pass;
    unsigned size_bytes;
    int pointer_place;          /* POINTER, HIDDEN */
    int16_t places[CELL_BYTES]; /* DIRECT */
    int16_t copies[CELL_BYTES]; /* DIRECT, of abide only: where the byte lies a second time */
};

struct account {
    bool is_complete;                  /* false: `error` says why */
    bool is_compiler_lost;             /* because the compiler itself failed, or refuses the C */
    const struct known_failure *known; /* then: as its data says that it does; NULL: otherwise */
    bool is_refused;                   /* because the module refuses the value, and says so */
    char error[256];
    struct type_account types[MAX_TYPES];
    struct value_account params[MAX_PARAMETERS];
    struct value_account result;
    /* HIDDEN: result words that held the address (a compiler), or the one that must (abide). */
    uint32_t returned_words;
    uint32_t arrived_words; /* abide only: where it came in */
    uint64_t popped_bytes;  /* by the callee, of the stack */
    uint64_t
        touched_bytes; /* a compiler only: where the last byte ends that the callee writes to in its caller's area */
    bool has_stack_bytes; /* abide only */
    uint64_t stack_bytes;
    uint64_t home_bytes; /* of the area of a call without arguments */
};

/*
 * The bits of a value that mean something, by the layout measured: no padding,
 * of a bool only the lowest bit (a compiler may keep no more).
 */
void account_mask(const struct signature *signature, const struct account *measured,
                  const struct machine *machine, const struct use *use, unsigned size_bytes,
                  unsigned char mask[CELL_BYTES]);

/*
 * The same, but of floating leaves only; `in_storage`: and of a union only what
 * lies in the member that LLVM types it by, the most aligned, then largest, then
 * first one.
 */
void account_mask_floats(const struct signature *signature, const struct account *measured,
                         const struct machine *machine, const struct use *use, unsigned size_bytes,
                         bool in_storage, unsigned char mask[CELL_BYTES]);

/* "0-7 rdi, 8-11 stack+16" */
void account_print_value(FILE *file, const struct value_account *value,
                         const unsigned char mask[CELL_BYTES], const struct machine *machine,
                         bool is_result);
/* Whether a byte lies on the stack. */
bool account_is_on_stack(int place);
void account_print_place(FILE *file, int place, const struct machine *machine, bool is_result);
const char *account_pass_name(enum pass pass);

#endif
