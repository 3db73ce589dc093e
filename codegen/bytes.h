/*
 * Moving the bytes of values between registers and memory, as SSA values where possible: a byte that lies in a register on
 * both sides never visits memory.
 */
#ifndef ABIDE_CODEGEN_BYTES_H
#define ABIDE_CODEGEN_BYTES_H

#include "emission.h"

enum abide_holder {
    ABIDE_HELD_INTEGER = ABIDE_REGISTER_INTEGER,
    ABIDE_HELD_VECTOR = ABIDE_REGISTER_VECTOR,
    ABIDE_HELD_EXTENDED = ABIDE_REGISTER_EXTENDED,
    ABIDE_HELD_MEMORY = ABIDE_REGISTER_KIND_COUNT
};

/* Bytes [offset, offset + size) of an object, held in one place. */
struct abide_span {
    enum abide_holder holder;
    LLVMValueRef value; /* the whole register, or a pointer */
    uint64_t offset_bytes;
    uint64_t size_bytes;
    uint64_t at_bytes;    /* from the start of the register, or from the pointer */
    uint64_t slack_bytes; /* memory: so many bytes more may be read and overwritten */
    uint64_t align_bytes; /* memory: of the pointer */
    abide_extend extend;  /* register: what is promised about the bits above */
    uint32_t extend_bits;
};

/* Where an object is: spans in order of offset. */
struct abide_view {
    const struct abide_span *spans;
    size_t count;
};

/* The bytes of one representation, made from another that is in `view`. */
struct abide_bytes {
    struct abide_view view;
    const struct abide_run *runs;
    size_t run_count;
};

/* Bytes [offset, offset + size) as an integer of that size; bytes that nothing covers are zero. */
LLVMValueRef abide_bytes__integer(struct abide_emission *e, const struct abide_bytes *bytes,
                                  uint64_t offset_bytes, uint64_t size_bytes);

/* The bytes of a vector register as another of the types that one may have: a scalar is its lowest part. */
LLVMValueRef abide_bytes__fit_vector(struct abide_emission *e, LLVMValueRef value,
                                     LLVMTypeRef type);

/* The float of a size that a register holds converted. */
LLVMValueRef abide_bytes__narrowed(struct abide_emission *e, LLVMValueRef value,
                                   uint64_t size_bytes);

/* Whether a piece promises more bytes than it has. */
bool abide_bytes__is_extended(const abide_piece *piece);
/* The piece with all the bytes that it promises, as an integer of that size. */
LLVMValueRef abide_bytes__extended(struct abide_emission *e, const struct abide_bytes *bytes,
                                   const abide_piece *piece);

/* A register that holds `piece`; `must_extend`: what the piece promises about higher bits has to be made true. */
LLVMValueRef abide_bytes__register(struct abide_emission *e, enum abide_register_kind kind,
                                   const struct abide_bytes *bytes, const abide_piece *piece,
                                   bool must_extend);

/* Stores all bytes that runs cover into memory, a span that the whole representation fills. */
void abide_bytes__store(struct abide_emission *e, const struct abide_bytes *bytes,
                        const struct abide_span *memory);

/*
 * The span that holds bytes [offset, offset + size) unchanged and side by side, with `at_bytes` moved to the first; false: there is
 * none.
 */
bool abide_bytes__lie_together(const struct abide_bytes *bytes, uint64_t offset_bytes,
                               uint64_t size_bytes, struct abide_span *span);

/* The alignment at `offset_bytes` from memory that is aligned to `align_bytes`. */
unsigned abide_bytes__align_at(uint64_t align_bytes, uint64_t offset_bytes);

/* The address at or below `pointer` that is aligned to a power of two. */
LLVMValueRef abide_bytes__aligned(struct abide_emission *e, LLVMValueRef pointer,
                                  uint64_t align_bytes);

/* `pointer` plus an offset. */
LLVMValueRef abide_bytes__advance(struct abide_emission *e, LLVMValueRef pointer,
                                  uint64_t offset_bytes);

#endif
