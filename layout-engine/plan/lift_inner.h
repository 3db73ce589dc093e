/* Inside plan/lift: a routine that is being written, what is known of a value on each side, and the table of all routines. */
#ifndef ABIDE_PLAN_LIFT_INNER_H
#define ABIDE_PLAN_LIFT_INNER_H

#include "plan/convert_parts.h"
#include "plan/lift.h"
#include "plan/routine_build.h"
#include "spec/validity.h"

enum abide_lift_task {
    ABIDE_LIFT_CONVERT,     /* (from, to, frame) */
    ABIDE_LIFT_DROP,        /* (value) */
    ABIDE_LIFT_RELEASE,     /* (owner, memory, bytes): what an owner word leads to */
    ABIDE_LIFT_FREE,        /* (memory): a chunk of a frame */
    ABIDE_LIFT_FRAME_BYTES, /* (frame, bytes, align) -> address */
    ABIDE_LIFT_FRAME_DROP, /* (frame, code, argument): at the end, the code is called with the argument */
    ABIDE_LIFT_FRAME_END, /* (frame) */
    /* Closures (lift_closure.c); `record` is {code, env, drop}. */
    ABIDE_LIFT_ENV_DROP,    /* (env): code of another ABI lets go of it */
    ABIDE_LIFT_RECORD_DROP, /* (record): what is in it, and itself */
    ABIDE_LIFT_RECORD_END,  /* (record): itself, after its only call */
    ABIDE_LIFT_RECORD_DISARM, /* (record): there is nothing to drop any more; if checked, and it is so already: a trap */
    ABIDE_LIFT_ENV_USED_UP, /* (env): nothing: the mark of a record that was disarmed */
    /* Of objects that stand for another side's (lift_object.c); the first parameter is the object's data. */
    ABIDE_LIFT_OBJECT_DROP,
    ABIDE_LIFT_OBJECT_RETAIN,
    ABIDE_LIFT_OBJECT_RETURN, /* (data): a reference to an object that was only lent is ended */
    ABIDE_LIFT_OBJECT_CHECK,  /* (data): no such reference is left */
    ABIDE_LIFT_OBJECT_QUERY,
    ABIDE_LIFT_OBJECT_ABSENT, /* (): a method that is not there */
    ABIDE_LIFT_CHECK,         /* (value), or (value, note): plan/check.h */
    ABIDE_LIFT_CHECK_PART,    /* (value, path), or (value, note) */
    ABIDE_LIFT_TRAP_AT,       /* (code, function, path, text, value) */
    ABIDE_LIFT_PUT_TEXT,      /* (cursor, text) */
    ABIDE_LIFT_PUT_NUMBER,    /* (cursor, number) */
    ABIDE_LIFT_PUT_PATH,      /* (cursor, path) */
    ABIDE_LIFT_UTF8,          /* (text, length) -> good bytes */
    /* Of texts in two encodings (transcode.h). */
    ABIDE_LIFT_UTF16,    /* (units, count) -> good units */
    ABIDE_LIFT_TO_UTF16, /* (text, bytes, memory) -> units */
    ABIDE_LIFT_TO_UTF8,  /* (units, count, memory) -> bytes */
    ABIDE_LIFT_LENGTH16, /* (units) -> units before a NUL */
    ABIDE_LIFT_HAS_NUL16 /* (units, count) -> 0 or 1 */
};

/* What a routine is for; pointers are compared, so texts are interned. */
struct abide_lift_key {
    const abide_module *from;
    const abide_module *to;
    const abide_iface *iface;
    const abide_type *type;
    const abide_type *from_type;
    const abide_type *to_type;
    const char *function;
    const char *parameter;
    const char *
        symbol; /* RELEASE, FREE, FRAME_BYTES, ENV_DROP, RECORD_DROP, RECORD_END, OBJECT_DROP: of the hook; of RECORD_END maybe NULL; OBJECT_ABSENT: the method */
    const char *symbol2; /* FRAME_BYTES, RECORD_END: of the other one */
    uintptr_t doubtful;  /* CHECK, CHECK_PART: abide_validities */
    uintptr_t
        what; /* CHECK: enum abide_check_what; else what `lifting` says of the conversion, in bits */
    uintptr_t notes; /* CHECK, CHECK_PART: an invalid value is only noted */
    uintptr_t task;  /* and the transfer; as wide as the others: no padding in the key */
    uintptr_t
        transfer; /* CONVERT; of OBJECT_ tasks how many parameters they have, and whether they return something */
};

struct abide_lift_entry; /* lift.c: a routine in the table */

/* A routine that is being written. */
struct abide_lift {
    abide_ctx *ctx;
    const struct abide_lifting *lifting;
    struct abide_lift_entry *entry;
    struct abide_routine_builder build;
    struct abide_side from, to; /* DROP: both are the side of the value */
    enum abide_transfer transfer;
    abide_validities doubtful; /* CHECK, CHECK_PART */
    uint64_t word_bytes;
    const char *help; /* why something failed: a way out; NULL: none */
};

/* Parameters of CONVERT. */
enum { ABIDE_LIFT_FROM, ABIDE_LIFT_TO, ABIDE_LIFT_FRAME };

/* --- lift.c: the table ------------------------------------------------------------------------------ */

/* One conversion inside another: by runs, or by a routine of its own. */
struct abide_lift_step {
    struct abide_runs runs;
    const struct abide_routine *routine; /* NULL: runs */
    bool moves_all; /* the runs move every byte to where it was: elements may be copied in one go */
};

const char *abide_lift__step(struct abide_lift *lift, const abide_type *type,
                             const abide_type *from_type, const abide_type *to_type,
                             enum abide_transfer transfer, struct abide_lift_step *step);
void abide_lift__apply(struct abide_lift *lift, const struct abide_lift_step *step,
                       abide_value from, uint64_t from_bytes, abide_value to, uint64_t to_bytes);
/* A struct that grows, of which a form tells the size. (lift_sized.c) */
const char *abide_lift__write_sized(struct abide_lift *lift, const abide_type *type,
                                    const abide_type *from_type, const abide_type *to_type);
/* A routine that runs a hook or a frame. */
struct abide_routine *abide_lift__helper(struct abide_lift *lift, enum abide_lift_task task,
                                         const char *symbol, const char *symbol2);
/* A routine of an object: see lift_object.c. */
struct abide_routine *abide_lift__object_helper(struct abide_lift *lift, enum abide_lift_task task,
                                                const abide_type *interface, const char *symbol,
                                                size_t parameter_count, bool gives_value);
/* The routine that drops a value of `type`, whether or not the type says that it owns something. */
struct abide_routine *abide_lift__dropper(struct abide_lift *lift, const struct abide_side *side,
                                          const abide_type *type, const abide_type *physical);
/* The routine (value, path) that looks at a part of what lift->from holds; with `notes`, (value, note). */
struct abide_routine *abide_lift__checker(struct abide_lift *lift, const abide_type *type,
                                          const abide_type *physical, bool notes);
void abide_lift__costs(struct abide_lift *lift, abide_cost cost);
void abide_lift__lives_in_frame(struct abide_lift *lift);

/* --- lift_memory.c: hooks and frames ---------------------------------------------------------------- */

/* The symbol of a hook, for values of `type`. NULL and *symbol; or the reason why there is none, and help. */
const char *abide_lift__hook(struct abide_lift *lift, const abide_module *module, const char *name,
                             const abide_type *type, const char *prototype, const char **symbol);
/* Ends the process; if a condition holds. */
void abide_lift__trap(struct abide_lift *lift, enum abide_trap_code code, abide_value value);
void abide_lift__trap_if(struct abide_lift *lift, abide_value condition, enum abide_trap_code code,
                         abide_value value);
/* Memory for elements, and for what lies in front of and behind them. */
struct abide_lift_room {
    abide_value count;
    uint64_t element_bytes;
    uint64_t more_bytes;
    uint64_t align_bytes;
};

/* From a hook of `module`, for a value of `type`. */
const char *abide_lift__allocate(struct abide_lift *lift, const abide_module *module,
                                 const char *hook, const abide_type *type,
                                 const struct abide_lift_room *room, abide_value *memory);
/* Until the call returns. */
const char *abide_lift__allocate_in_frame(struct abide_lift *lift,
                                          const struct abide_lift_room *room, abide_value *memory);
/* The value is dropped when the call returns. */
const char *abide_lift__drop_in_frame(struct abide_lift *lift, const struct abide_side *side,
                                      const abide_type *type, const abide_type *physical,
                                      abide_value value);
/* The hooks by which memory comes and goes that either side, or the machine, has. */
const char *abide_lift__memory_hooks(struct abide_lift *lift, const char **allocate,
                                     const char **release);
/* A routine of one parameter is called when the call returns. */
const char *abide_lift__call_in_frame(struct abide_lift *lift, struct abide_routine *routine,
                                      abide_value value);
void abide_lift__trap_if_null(struct abide_lift *lift, abide_value memory, abide_value bytes);
/* The bodies of helpers. */
void abide_lift__write_helper(struct abide_lift *lift, const struct abide_lift_key *key);

/* --- lift_path.c: where parts lie ------------------------------------------------------------------- */

#define ABIDE_LIFT_MAX_HOPS 2

/* A part of a value, maybe behind pointers, each at the offset before the last in the memory that the one before leads to. */
struct abide_lift_path {
    const abide_type *type; /* physical; NULL: there is no such part */
    uint64_t size_bytes;    /* of a part that is read as a word */
    uint64_t offsets_bytes[ABIDE_LIFT_MAX_HOPS + 1];
    size_t hop_count;
    uint64_t memory_bytes; /* that the last pointer leads to: of what stands in front of elements */
    bool is_terminated;
};

/* A string, a slice, a list or a box, as one side holds it. */
struct abide_lift_sequence {
    const struct abide_side *side;
    const abide_module *module; /* whose form it is */
    const abide_type *type;
    const abide_type *physical;
    uint64_t size_bytes; /* of the value */
    struct abide_lift_path pointer, data, length, capacity, owner;
    bool is_text;
    bool is_terminated;                 /* a NUL stands behind the end */
    const abide_type *element;          /* NULL: bytes of text */
    const abide_type *element_physical; /* same */
    uint64_t element_bytes, element_align_bytes;
    const struct abide_owned_rule *owned; /* NULL: the module does not say */
};

const char *abide_lift__sequence(struct abide_lift *lift, const struct abide_side *side,
                                 const abide_type *type, const abide_type *physical,
                                 struct abide_lift_sequence *sequence);
abide_value abide_lift__read(struct abide_lift *lift, const struct abide_lift_path *path,
                             abide_value value);
void abide_lift__write(struct abide_lift *lift, const struct abide_lift_path *path,
                       abide_value value, abide_value word);
/* The first element, or where one would be. */
abide_value abide_lift__elements(struct abide_lift *lift,
                                 const struct abide_lift_sequence *sequence, abide_value value);
/* Elements; `elements` is their address. */
abide_value abide_lift__count(struct abide_lift *lift, const struct abide_lift_sequence *sequence,
                              abide_value value, abide_value elements);
/* Gives back the memory, but not what the elements own. */
const char *abide_lift__release(struct abide_lift *lift, const struct abide_lift_sequence *sequence,
                                abide_value value, abide_value elements, abide_value count);
/* The address of an owner whose memory goes back to the hook `release` of the form's module. */
const char *abide_lift__owner(struct abide_lift *lift, const struct abide_lift_sequence *sequence,
                              const char *hook, abide_value *owner);

/* --- bodies: NULL, or a reason ---------------------------------------------------------------------- */

const char *abide_lift__write_sequence(struct abide_lift *lift, const abide_type *type,
                                       const abide_type *from_type, const abide_type *to_type);
const char *abide_lift__write_record(struct abide_lift *lift, const abide_type *type,
                                     const abide_type *from_type, const abide_type *to_type);
const char *abide_lift__write_array(struct abide_lift *lift, const abide_type *type,
                                    const abide_type *from_type, const abide_type *to_type);
const char *abide_lift__write_sum(struct abide_lift *lift, const abide_type *type,
                                  const abide_type *from_type, const abide_type *to_type);
const char *abide_lift__write_flat(struct abide_lift *lift, const abide_type *type,
                                   const abide_type *from_type, const abide_type *to_type);
/* One of the types is what an error is told by (`code_of`). */
const char *abide_lift__write_code(struct abide_lift *lift, const abide_type *type,
                                   const abide_type *from_type, const abide_type *to_type);
const char *abide_lift__write_object(struct abide_lift *lift, const abide_type *type,
                                     const abide_type *from_type, const abide_type *to_type);
/* Ends the reference that a value is, by the vtable it came with. */
const char *abide_lift__drop_object(struct abide_lift *lift, const abide_type *type,
                                    const abide_type *physical);
/* The body of an OBJECT_ task. */
const char *abide_lift__write_object_helper(struct abide_lift *lift,
                                            const struct abide_lift_key *key);
const char *abide_lift__write_drop(struct abide_lift *lift, const abide_type *type,
                                   const abide_type *physical);
const char *abide_lift__write_closure(struct abide_lift *lift, const abide_type *type,
                                      const abide_type *from_type, const abide_type *to_type);
const char *abide_lift__drop_closure(struct abide_lift *lift, const abide_type *type,
                                     const abide_type *physical);
void abide_lift__write_record_helper(struct abide_lift *lift, const struct abide_lift_key *key);

/* What an adapter will be made for, once all routines of the walk are written: its code calls what lies in a record. */
struct abide_lift_callee {
    struct abide_crossing crossing;
    const struct abide_function *function;
    const abide_iface *iface;
    const char *parameter;
    const abide_signature *signature;
    uint64_t record_bytes;
    bool is_disarmed;   /* before the call, */
    bool is_checked;    /* and then it is seen whether it was so already */
    const char *let_go; /* symbols of hooks, called after it; NULL: none */
    const char *release;
};
/* The adapter of the routine that is being written. */
const struct abide_adapter *abide_lift__adapter(struct abide_lift *lift,
                                                const struct abide_lift_callee *callee);

/* A variant, option or result, as one side holds it. */
struct abide_lift_sum {
    struct abide_sum_parts parts;
    /*
     * {status, value, error} (call/physical.h): the status is 0 for ok, and the error's number, or another one, for err. `parts` then
     * says that the status tells the case as a null pointer does, and the payload of err is the status itself if it is a number.
     */
    bool is_status;
    bool is_error_status;
    uint64_t tag_bytes; /* of the tag, or of what tells the case in its place */
};

const char *abide_lift__sum(struct abide_lift *lift, const struct abide_side *side,
                            const abide_type *type, const abide_type *physical,
                            struct abide_lift_sum *sum);
/* The tag, or what tells the case in its place. */
abide_value abide_lift__read_tag(struct abide_lift *lift, const struct abide_lift_sum *sum,
                                 abide_value value);

/* A choice between the cases of a sum. */
struct abide_lift_choice {
    const struct abide_sum_parts *sum;
    abide_value tag; /* or what tells the case in its place */
    uint64_t tag_bytes;
};

/*
 * Opens the choice. abide_lift__case then opens what is done for a case, which abide_op__end closes, and abide_lift__chosen closes the
 * choice; `traps`: where the tag is none of the cases that were opened.
 */
void abide_lift__choose(struct abide_lift *lift, const struct abide_lift_choice *choice);
void abide_lift__case(struct abide_lift *lift, const struct abide_lift_choice *choice,
                      size_t index);
void abide_lift__chosen(struct abide_lift *lift, const struct abide_lift_choice *choice,
                        bool traps);

/* Small questions about types. */
const abide_layout *abide_lift__layout(const struct abide_side *side, const abide_type *physical);
const abide_type *abide_lift__represent(const struct abide_side *side, const abide_type *type);
bool abide_lift__is_signed(const struct abide_side *side,
                           const abide_type *physical); /* a number */
/* The value itself owns memory, or a handle: not only what lies in it. */
bool abide_lift__owns_itself(const abide_type *type);
/* Text lies in it that is the runtime's own under `module`, so that it is dropped with the value, lent or not. */
bool abide_lift__keeps_text(abide_ctx *ctx, const abide_module *module, const abide_type *type);
bool abide_lift__is_sequence(const abide_type *type);

/* Whether a value of the type is something of that sort (enum abide_release) itself: not what lies in it. */
bool abide_lift__releases_itself(const abide_type *type, uintptr_t what);

#endif
