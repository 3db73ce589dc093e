/* Pictures of registers in memory, and the naked functions that make them and are made of them. */
#ifndef ABIDE_CODEGEN_EDGE_IMAGE_H
#define ABIDE_CODEGEN_EDGE_IMAGE_H

#include "edge_text.h"
#include "prototype.h"

/* Where things are, from the picture's address. Results come first: two callees with the same results have them alike. */
struct abide_image {
    uint32_t results[ABIDE_REGISTER_KIND_COUNT][ABIDE_MAX_REGISTERS];
    uint32_t arguments[ABIDE_REGISTER_KIND_COUNT][ABIDE_MAX_REGISTERS];
    uint32_t
        address_bytes; /* of an address: where the caller's stack arguments are, or whom to call */
    uint32_t stack_bytes; /* of stack arguments for a callee; the size of all else */
};

struct abide_image abide_image__of(const struct abide_side *side);

/* A register in a picture. */
struct abide_pictured {
    const char *name;
    uint32_t at_bytes;
};
typedef ABIDE_VEC(struct abide_pictured) abide_pictured_list;

/* Those of arguments, or of results, that are in use; those that move others up when they are loaded in their order. */
abide_pictured_list abide_image__arguments(abide_ctx *ctx, const struct abide_side *side,
                                           const struct abide_image *image);
abide_pictured_list abide_image__results(abide_ctx *ctx, const struct abide_side *side,
                                         const struct abide_image *image);
/* Whether a register, or one that it is a part of, is in the list. */
bool abide_image__has(const struct abide_edge_data *data, const abide_pictured_list *list,
                      const char *name);

/* Whether a result is in a register, or in one that it is a part of. */
bool abide_image__returns_in(const struct abide_side *side, const char *name);

/* Whether callees leave a register as it was, by itself or with one that it is a part of. */
bool abide_image__preserves(const struct abide_side *side, const char *name);

/* Adds a register to those that a frame keeps from `*end_bytes` on. */
void abide_image__keep(abide_ctx *ctx, const struct abide_edge_data *data,
                       abide_pictured_list *kept, const char *name, uint64_t *end_bytes);
/* At the stack pointer; `top_bytes`: from there to the stack pointer of the call that led here. */
void abide_image__save(struct abide_assembly *a, const abide_pictured_list *kept,
                       uint64_t top_bytes);
void abide_image__restore(struct abide_assembly *a, const abide_pictured_list *kept);
/* Returns, and removes so much of the stack. */
void abide_image__give_back(struct abide_assembly *a, uint64_t bytes);

/* The text of a naked function that takes registers from the caller. `first`: where C functions get their first argument. */
const char *abide_edge_text__entry(abide_ctx *ctx, const struct abide_side *side, const char *first,
                                   bool is_protected);
/* The text of a naked C function that calls a callee with so many bytes of stack. */
const char *abide_edge_text__exit(abide_ctx *ctx, const struct abide_side *side, const char *first,
                                  uint64_t stack_bytes, bool is_protected);

#endif
