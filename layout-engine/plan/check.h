/*
 * Checked values. check_walk.c goes through a type once and lists what has to be looked at, with where it lies and what people call
 * it; check_write.c turns a list into a routine, plan/describe into words. Each rule stands in one of them.
 */
#ifndef ABIDE_PLAN_CHECK_H
#define ABIDE_PLAN_CHECK_H

#include "plan/lift_inner.h"
#include "spec/validity.h"

enum abide_check_kind {
    ABIDE_CHECK_BOOL,   /* 0 or 1 */
    ABIDE_CHECK_ONE_OF, /* one of `numbers` */
    ABIDE_CHECK_BITS, /* no bit beside those of numbers[0], of `size_bytes`, and numbers[1], of the 8 bytes behind */
    ABIDE_CHECK_CHAR,  /* a Unicode scalar value */
    ABIDE_CHECK_FITS,  /* into number_bytes, with or without a sign */
    ABIDE_CHECK_THERE, /* not null; and aligned to align_bytes */
    ABIDE_CHECK_SEQUENCE,
    ABIDE_CHECK_CASE, /* `inner` holds if the value is case `index` of `sum` */
    ABIDE_CHECK_SIZE, /* the number at offset_bytes, or behind the address there (is_behind, behind_bytes), is at least number_bytes */
    ABIDE_CHECK_REACHES, /* `inner` holds if that number is so large */
    ABIDE_CHECK_PART, /* what is at offset_bytes, by a routine of its own; `count` of them in a row if is_many */
};

struct abide_check;
struct abide_check_list {
    struct abide_check *items;
    size_t count;
    size_t capacity;
};

struct abide_check {
    enum abide_check_kind kind;
    enum abide_trap_code code;
    const char *path; /* behind the name of the whole value: ".mode"; "": the value itself */
    const abide_type *type;
    const abide_type *physical;
    uint64_t offset_bytes, size_bytes;
    const uint64_t *numbers; /* ONE_OF: ascending, without sign, of size_bytes */
    size_t number_count;
    uint64_t number_bytes; /* FITS; SIZE, REACHES */
    bool is_behind;        /* SIZE */
    uint64_t behind_bytes; /* SIZE */
    uint64_t word_bytes;   /* SIZE, is_behind: of the number there */
    bool is_signed;        /* FITS */
    uint64_t align_bytes;  /* THERE: 0 or 1: anything */
    bool may_be_null;      /* THERE: then only the alignment counts */
    const struct abide_lift_sum
        *sum; /* CASE: offset_bytes is that of the value, or of its first word */
    size_t index;
    uint64_t tag_bytes;
    uint64_t count; /* PART */
    bool is_many;
    const struct abide_lift_sequence *sequence;
    struct abide_runs
        gathered; /* SEQUENCE: from the words of a flat form to a value in memory; empty: it lies there */
    struct abide_check_list inner;
};

/* What lies behind the address that a routine gets. */
enum abide_check_what {
    ABIDE_CHECK_VALUE,   /* a value of the adapter's own or in a register */
    ABIDE_CHECK_ADDRESS, /* nothing yet: only the address counts, which the other side made */
    ABIDE_CHECK_VALUE_AND_ADDRESS /* a value of the other side's, which made the address as well */
};

/* What becomes of an invalid value. */
enum abide_check_end {
    ABIDE_CHECK_TRAPS, /* abide_trap */
    /* A word is set, of which the routine gets the address as its second parameter; and the next one, if the value cannot even be
     * released. */
    ABIDE_CHECK_NOTES
};

/*
 * Everything that has to be looked at in a value of `type`, held by `lift->from` as `physical`, if validities are `doubtful`. NULL, or
 * a reason.
 */
const char *abide_check__list(struct abide_lift *lift, abide_validities doubtful,
                              const abide_type *type, const abide_type *physical,
                              struct abide_check_list *checks);
/* Whether there could be something. */
bool abide_check__is_needed(struct abide_crossing crossing, abide_validities doubtful,
                            const abide_type *type);

/* lift.c: the routine for a value that enters the target. *routine NULL: there is nothing to look at. */
const char *abide_lift__check(const struct abide_lifting *lifting, abide_validities doubtful,
                              const abide_type *type, const abide_type *physical,
                              enum abide_check_what what, enum abide_check_end end,
                              const struct abide_routine **routine);

/* check_error.c: the error that `name` means in a result that has it; and the routine that writes it at an address, in the form
 * `physical` of the target. */
bool abide_check__find_error(const abide_type *result, const char *name, uint64_t *number);
const char *abide_check__error(const struct abide_lifting *lifting, const abide_type *type,
                               const abide_type *physical, uint64_t number,
                               const struct abide_routine **routine);

/* check_write.c, for lift.c: the bodies of ABIDE_LIFT_CHECK and ABIDE_LIFT_CHECK_PART. */
const char *abide_check__write(struct abide_lift *lift, const struct abide_lift_key *key);
/* check_text.c: the bodies of the helpers. */
void abide_check__write_helper(struct abide_lift *lift, enum abide_lift_task task);

/* Places of an element on a path, of which the address is the second parameter of a part's routine: {outer, text, index}. */
enum { ABIDE_PATH_OUTER, ABIDE_PATH_TEXT, ABIDE_PATH_INDEX, ABIDE_PATH_WORDS };
#define ABIDE_PATH_NO_INDEX UINT64_MAX

/* check_text.c: a trap with a parameter's name that is put together from `path` (the address of a place) and `text`. */
void abide_check__trap_at(struct abide_lift *lift, enum abide_trap_code code, abide_value path,
                          const char *text, abide_value value);
/* The bytes before the first that belongs to no character: `length`, if there is none. */
abide_value abide_check__utf8(struct abide_lift *lift, abide_value text, abide_value length);

#endif
