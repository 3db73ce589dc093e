/*
 * Layouts: size, alignment, offsets and holes of a type under an ABI.
 *
 * Life: owned by the context; the same question gives the same pointer.
 */
#ifndef ABIDE_LAYOUT_H
#define ABIDE_LAYOUT_H

#include "abide/iface.h"
#include "abide/module.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_layout abide_layout;

/** A field of a laid out struct or union. On big-endian targets the bits of a bit-field count from the most significant. */
typedef struct abide_field_info {
    const char *name; /**< NULL: anonymous */
    const abide_type *type;
    uint64_t offset_bits;
    uint64_t size_bits;
    bool is_bitfield;
} abide_field_info;

typedef struct abide_hole {
    uint64_t offset_bits;
    uint64_t size_bits;
} abide_hole;

/**
 * The layout of `type` under `module`; an abstract type is first represented as the module says.
 *
 * @return NULL: reported (incomplete-type, type-too-large, no-representation)
 */
ABIDE_API const abide_layout *abide_layout_of(abide_ctx *ctx, const abide_module *module,
                                              const abide_type *type);

ABIDE_API const abide_type *
abide_layout_type(const abide_layout *layout); /**< the physical type that was laid out */
ABIDE_API uint64_t abide_layout_size_bytes(const abide_layout *layout);
ABIDE_API uint64_t abide_layout_align_bytes(const abide_layout *layout);
/** Whether it is an integer with a sign, as `c_char` is under some ABIs; of an enum, the integer that holds it. */
ABIDE_API bool abide_layout_is_signed(const abide_layout *layout);
ABIDE_API size_t abide_layout_field_count(const abide_layout *layout);
ABIDE_API abide_field_info abide_layout_field_at(const abide_layout *layout, size_t index);
/** Padding: bits that belong to no field, in order. */
ABIDE_API size_t abide_layout_hole_count(const abide_layout *layout);
ABIDE_API abide_hole abide_layout_hole_at(const abide_layout *layout, size_t index);

/** How the cases of a sum (a variant, an option, a result) are told apart under an ABI, and where their payloads lie. */
typedef struct abide_sum abide_sum;

typedef struct abide_case {
    const char *name;
    int64_t tag; /**< what the discriminant is; means nothing where there is none */
    abide_field_info
        payload; /**< its physical type, and where it lies in the sum; `type` NULL: the case has none */
} abide_case;

/**
 * The cases of `type` under `module`.
 *
 * @return owned by `ctx`; NULL: the type is no sum, or is opaque to `module` (nothing is reported then), or has no layout
 *         (reported, as by abide_layout_of)
 */
ABIDE_API const abide_sum *abide_sum_of(abide_ctx *ctx, const abide_module *module,
                                        const abide_type *type);
/** The tag; `type` NULL: there is none, and a null pointer at the start tells. */
ABIDE_API abide_field_info abide_sum_discriminant(const abide_sum *sum);
/** The case that a null pointer at the start means; SIZE_MAX: there is a tag. */
ABIDE_API size_t abide_sum_null_case(const abide_sum *sum);
/** The size of that pointer, if there is no tag. */
ABIDE_API uint64_t abide_sum_null_bits(const abide_sum *sum);
/** The room that an open variant keeps for payloads; `size_bits` 0: it is closed, or the ABI keeps none. */
ABIDE_API abide_hole abide_sum_reserve(const abide_sum *sum);
ABIDE_API size_t abide_sum_case_count(const abide_sum *sum);
ABIDE_API abide_case abide_sum_case_at(const abide_sum *sum, size_t index);
/** Bits that belong to nothing while this is the case, in order; those inside the fields of the payload do not count. */
ABIDE_API size_t abide_sum_case_hole_count(const abide_sum *sum, size_t index);
ABIDE_API abide_hole abide_sum_case_hole_at(const abide_sum *sum, size_t index, size_t hole);

/** A stretch of memory in a layout: a field, or a hole between fields. */
typedef struct abide_extent {
    bool is_hole;
    size_t index; /**< of the hole, of the field, or of the case whose payload it is */
    uint64_t offset_bits;
    uint64_t size_bits;
    abide_field_info field; /**< of a hole: nothing */
} abide_extent;

/** A place in a layout, from which abide_walk_next goes on. Made and copied at will; nothing has to be freed. */
typedef struct abide_walk {
    const abide_layout *layout; /**< or */
    const abide_sum *sum;
    size_t case_index;
    size_t field; /**< the next one */
    size_t hole;
} abide_walk;

/** The start of a record: of its fields in their order, each behind the holes that lie before it. */
ABIDE_API abide_walk abide_layout_walk(const abide_layout *layout);
/** The start of a case of a sum: of its payload, and of what belongs to nothing before and behind it. */
ABIDE_API abide_walk abide_sum_case_walk(const abide_sum *sum, size_t index);
/**
 * What comes next. For almost all ABIs that is the order of offsets; where fields lie otherwise than they are declared, and in unions,
 * it is that of the declaration.
 *
 * @return false: nothing does
 */
ABIDE_API bool abide_walk_next(abide_walk *walk, abide_extent *extent);

/**
 * Compares the layouts that the interface expects of these of its types (`expect:`) with those of `module`.
 *
 * @return false: reported (layout-mismatch)
 */
ABIDE_API bool abide_layout_check(abide_ctx *ctx, const abide_module *module,
                                  const abide_iface *iface, const abide_type *const *types,
                                  size_t type_count);

#ifdef __cplusplus
}
#endif
#endif
