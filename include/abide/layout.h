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
ABIDE_API size_t abide_layout_field_count(const abide_layout *layout);
ABIDE_API abide_field_info abide_layout_field_at(const abide_layout *layout, size_t index);
/** Padding: bits that belong to no field, in order. */
ABIDE_API size_t abide_layout_hole_count(const abide_layout *layout);
ABIDE_API abide_hole abide_layout_hole_at(const abide_layout *layout, size_t index);

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
