/* A thunk while it is being written: where the caller's arguments, the temporaries and the callee's results are. */
#ifndef ABIDE_CODEGEN_FRAME_H
#define ABIDE_CODEGEN_FRAME_H

#include "bytes.h"
#include "prototype.h"

struct abide_frame {
    struct abide_emission *e;
    const abide_plan *plan;
    struct abide_side caller;
    struct abide_side callee;
    struct abide_prototype prototype; /* of the thunk */
    LLVMValueRef function;
    /* The incoming stack arguments are words (so that they can be rewritten); else one area in memory. */
    bool stack_is_words;
    LLVMValueRef *temporaries;
    const LLVMValueRef *inner;
    LLVMValueRef results[ABIDE_REGISTER_KIND_COUNT][ABIDE_MAX_REGISTERS]; /* after the call */
    LLVMBasicBlockRef landing; /* where exceptions that leave the callee come; NULL: nowhere */
    LLVMValueRef
        result_stack; /* the same: a copy of the stack of an edge's callee, where a result may be */
};

/* The object, wherever it is now. */
struct abide_view abide_frame__view(struct abide_frame *frame, const struct abide_object *object);
/* Memory to write an object to: TEMPORARY, RESULT_MEMORY or POINTEE. */
struct abide_span abide_frame__memory(struct abide_frame *frame, const struct abide_object *object);
/* A pointer to an object: where it lies in memory, else to a copy. */
LLVMValueRef abide_frame__address(struct abide_frame *frame, const struct abide_object *object);
/* What a temporary is aligned to: at least as a word, so that it is read and written word by word. */
uint64_t abide_frame__temporary_align(const struct abide_frame *frame, size_t index);
/* The place of the pointer that the caller gave to an object; NULL: it is no such object. */
const abide_piece *abide_frame__pointer_piece(const struct abide_frame *frame,
                                              const struct abide_object *object);
/* Whether a stack argument of the callee already lies where it has to: in a jump it is not mentioned. */
bool abide_frame__stays(const abide_plan *plan, const struct abide_feed *feed,
                        const abide_piece *sink);
/* The first bytes of an object as one word. */
LLVMValueRef abide_frame__first_word(struct abide_frame *frame, const struct abide_object *object);

/* The address of an inner adapter as a word; zero if the first bytes of the object are zero. */
LLVMValueRef abide_frame__inner(struct abide_frame *frame, size_t index,
                                const struct abide_object *or_null);

#endif
