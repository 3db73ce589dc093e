/*
 * Descriptors: what a library offers, or a program needs, as data that both carry (abi-specs/fingerprints.md, "Descriptors"). For C
 * (C99 and later) and C++ (11 and later). Nothing to link with; it stands alone.
 *
 * A library of the package `chat` has a symbol `abide_desc_chat`; a program that opens it checks before the first call:
 *
 *     const abide_descriptor *has = (const abide_descriptor *)dlsym(library, "abide_desc_chat");
 *     abide_descriptor_difference difference;
 *     if (!has || !abide_descriptor_check(has, needed, &difference))
 *         give_up(difference.symbol, abide_descriptor_reason(difference.what));
 *
 * `abide fingerprint` makes both sides' descriptors. Only the functions in `needed` are compared, so list those that are called.
 */
#ifndef ABIDE_DESCRIPTOR_H
#define ABIDE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Read as a number in the byte order of the data: "abid". */
#define ABIDE_DESCRIPTOR_MAGIC   UINT32_C(0x61626964)
#define ABIDE_DESCRIPTOR_VERSION 1

/** The start of a descriptor. Offsets are bytes from here; everything lies within size_bytes. */
typedef struct abide_descriptor {
    uint32_t magic;
    uint16_t version;
    uint16_t header_bytes; /**< of this struct; later versions append to it */
    uint32_t size_bytes;   /**< of everything */
    uint32_t flags;        /**< 0 */
    uint64_t package_id;   /**< the first 64 bits of SHA-256 of the package's name */
    uint32_t package;      /**< offset of the package's name, which a NUL ends; so with all names */
    uint32_t function_count;
    uint32_t functions; /**< offset of as many abide_descriptor_function, sorted by symbol */
    uint32_t growing_count;
    uint32_t growing; /**< offset of as many abide_descriptor_growing, sorted by name */
    uint32_t reserved;
} abide_descriptor;

/** Whether an adapter looks at the values that pass through it. Nothing is compared by it. */
typedef enum abide_descriptor_checks {
    ABIDE_DESCRIPTOR_CHECKS_UNTOLD, /**< it is no adapter, or was made before this was told */
    ABIDE_DESCRIPTOR_CHECKS_TRUST,
    ABIDE_DESCRIPTOR_CHECKS_CHECKED, /**< an invalid value ends the process */
    ABIDE_DESCRIPTOR_CHECKS_CONVERT  /**< it becomes an error, where the function has one for it */
} abide_descriptor_checks;

/** A function of the library. */
typedef struct abide_descriptor_function {
    uint64_t layout;
    uint64_t contract;
    uint32_t symbol;
    uint32_t promises; /**< offset of promise_bytes bytes: abide_fingerprint.promises */
    uint32_t promise_bytes;
    uint32_t checks; /**< an abide_descriptor_checks, or a number of a later release */
} abide_descriptor_function;

/** An open type that the functions reach: what stood in it when the descriptor was made. */
typedef struct abide_descriptor_growing {
    uint32_t name;
    uint32_t item_count;
    uint32_t
        items; /**< offset of as many uint64_t, in ascending order: a number for each value or case and what it holds */
    uint32_t reserved;
} abide_descriptor_growing;

/** Why two descriptors do not fit. */
typedef enum abide_descriptor_what {
    ABIDE_DESCRIPTOR_FITS,
    ABIDE_DESCRIPTOR_NONE, /**< this is no descriptor, or one of a version that is not known here */
    ABIDE_DESCRIPTOR_PACKAGE,  /**< another package */
    ABIDE_DESCRIPTOR_MISSING,  /**< there is no such function */
    ABIDE_DESCRIPTOR_LAYOUT,   /**< bytes lie elsewhere: a call would go wrong */
    ABIDE_DESCRIPTOR_CONTRACT, /**< who owns, writes or lends what differs */
    ABIDE_DESCRIPTOR_PROMISES, /**< it asks for more than it did, or promises less */
    ABIDE_DESCRIPTOR_GROWING   /**< an open type did not only grow: values or cases have changed */
} abide_descriptor_what;

typedef struct abide_descriptor_difference {
    abide_descriptor_what what;
    const char *symbol; /**< the function, or the open type; "" where it is about the whole */
} abide_descriptor_difference;

/** What may be passed over, for abide_descriptor_check_but. */
enum {
    ABIDE_DESCRIPTOR_BUT_CONTRACT = 1 /**< contracts, promises, open types: bytes alone count */
};

static inline const char *abide_descriptor_reason(abide_descriptor_what what)
{
    switch (what) {
    case ABIDE_DESCRIPTOR_FITS: return "it fits";
    case ABIDE_DESCRIPTOR_NONE: return "it has no descriptor that is known here";
    case ABIDE_DESCRIPTOR_PACKAGE: return "it is another package";
    case ABIDE_DESCRIPTOR_MISSING: return "the library does not have it";
    case ABIDE_DESCRIPTOR_LAYOUT: return "its bytes lie elsewhere";
    case ABIDE_DESCRIPTOR_CONTRACT: return "who owns, writes or lends what differs";
    case ABIDE_DESCRIPTOR_PROMISES: return "it asks for more, or promises less";
    case ABIDE_DESCRIPTOR_GROWING: return "it did not only grow";
    }
    return "";
}

static inline const void *abide_descriptor_at(const abide_descriptor *descriptor, uint32_t offset)
{
    return (const char *)descriptor + offset;
}

/** A name of a descriptor; functions and open types by abide_descriptor_function_at and its like. */
static inline const char *abide_descriptor_name(const abide_descriptor *descriptor, uint32_t offset)
{
    return (const char *)abide_descriptor_at(descriptor, offset);
}

/** The function at `index`, which must be below the count. */
static inline const abide_descriptor_function *
abide_descriptor_function_at(const abide_descriptor *descriptor, uint32_t index)
{
    return (const abide_descriptor_function *)abide_descriptor_at(descriptor,
                                                                  descriptor->functions) +
           index;
}

static inline const abide_descriptor_growing *
abide_descriptor_growing_at(const abide_descriptor *descriptor, uint32_t index)
{
    return (const abide_descriptor_growing *)abide_descriptor_at(descriptor, descriptor->growing) +
           index;
}

/** Whether this is a descriptor that can be read here. The library that it is part of is trusted to be whole. */
static inline bool abide_descriptor_is_known(const abide_descriptor *descriptor)
{
    return descriptor && descriptor->magic == ABIDE_DESCRIPTOR_MAGIC &&
           descriptor->version == ABIDE_DESCRIPTOR_VERSION;
}

/** The function of that symbol; NULL: there is none. */
static inline const abide_descriptor_function *
abide_descriptor_find(const abide_descriptor *descriptor, const char *symbol)
{
    uint32_t low = 0, high = descriptor->function_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const abide_descriptor_function *function =
            abide_descriptor_function_at(descriptor, middle);
        int order = strcmp(symbol, abide_descriptor_name(descriptor, function->symbol));
        if (order == 0)
            return function;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Asked for: no more than was promised; given: no less. */
static inline bool abide_descriptor_keeps_promises(const abide_descriptor *provided,
                                                   const abide_descriptor_function *has,
                                                   const abide_descriptor *required,
                                                   const abide_descriptor_function *needs)
{
    const unsigned char *own = (const unsigned char *)abide_descriptor_at(provided, has->promises);
    const unsigned char *old =
        (const unsigned char *)abide_descriptor_at(required, needs->promises);
    uint32_t i;
    if (has->promise_bytes != needs->promise_bytes)
        return false;
    for (i = 0; i + 1 < has->promise_bytes; i += 2)
        if ((own[i] & ~old[i]) || (old[i + 1] & ~own[i + 1]))
            return false;
    return true;
}

/* Whether one of two lists in ascending order has all that the other has: which of the two is older does not matter. */
static inline bool abide_descriptor_is_grown(const uint64_t *a, uint32_t a_count, const uint64_t *b,
                                             uint32_t b_count)
{
    uint32_t i = 0, k = 0, common = 0;
    while (i < a_count && k < b_count) {
        if (a[i] == b[k]) {
            i++;
            k++;
            common++;
        } else if (a[i] < b[k]) {
            i++;
        } else {
            k++;
        }
    }
    return common == a_count || common == b_count;
}

static inline abide_descriptor_what abide_descriptor_compare(const abide_descriptor *provided,
                                                             const abide_descriptor_function *has,
                                                             const abide_descriptor *required,
                                                             const abide_descriptor_function *needs,
                                                             unsigned but)
{
    if (!has)
        return ABIDE_DESCRIPTOR_MISSING;
    if (has->layout != needs->layout)
        return ABIDE_DESCRIPTOR_LAYOUT;
    if (but & ABIDE_DESCRIPTOR_BUT_CONTRACT)
        return ABIDE_DESCRIPTOR_FITS;
    if (has->contract != needs->contract)
        return ABIDE_DESCRIPTOR_CONTRACT;
    return abide_descriptor_keeps_promises(provided, has, required, needs)
               ? ABIDE_DESCRIPTOR_FITS
               : ABIDE_DESCRIPTOR_PROMISES;
}

/* The first open type of both that did not only grow; NULL: there is none. Both are sorted by name. */
static inline const char *abide_descriptor_find_changed(const abide_descriptor *provided,
                                                        const abide_descriptor *required)
{
    uint32_t i = 0, k = 0;
    while (i < provided->growing_count && k < required->growing_count) {
        const abide_descriptor_growing *has = abide_descriptor_growing_at(provided, i);
        const abide_descriptor_growing *needs = abide_descriptor_growing_at(required, k);
        const char *name = abide_descriptor_name(required, needs->name);
        int order = strcmp(abide_descriptor_name(provided, has->name), name);
        if (order == 0 &&
            !abide_descriptor_is_grown(
                (const uint64_t *)abide_descriptor_at(provided, has->items), has->item_count,
                (const uint64_t *)abide_descriptor_at(required, needs->items), needs->item_count))
            return name;
        i += order <= 0;
        k += order >= 0;
    }
    return NULL;
}

/**
 * Whether a library that has `provided` can be used by a program that needs `required`: every function that is needed is there,
 * with the layout and the contract that the program was built for. `difference` tells of the first one that is not; it may be NULL.
 *
 * @param but what is passed over: 0, or ABIDE_DESCRIPTOR_BUT_CONTRACT
 */
static inline bool abide_descriptor_check_but(const abide_descriptor *provided,
                                              const abide_descriptor *required, unsigned but,
                                              abide_descriptor_difference *difference)
{
    abide_descriptor_difference found = {ABIDE_DESCRIPTOR_FITS, ""};
    uint32_t i;
    if (!abide_descriptor_is_known(provided) || !abide_descriptor_is_known(required))
        found.what = ABIDE_DESCRIPTOR_NONE;
    else if (provided->package_id != required->package_id)
        found.what = ABIDE_DESCRIPTOR_PACKAGE;
    for (i = 0; found.what == ABIDE_DESCRIPTOR_FITS && i < required->function_count; i++) {
        const abide_descriptor_function *needs = abide_descriptor_function_at(required, i);
        const char *symbol = abide_descriptor_name(required, needs->symbol);
        const abide_descriptor_function *has = abide_descriptor_find(provided, symbol);
        found.what = abide_descriptor_compare(provided, has, required, needs, but);
        found.symbol = symbol;
    }
    if (found.what == ABIDE_DESCRIPTOR_FITS)
        found.symbol = "";
    if (found.what == ABIDE_DESCRIPTOR_FITS && !(but & ABIDE_DESCRIPTOR_BUT_CONTRACT)) {
        const char *changed = abide_descriptor_find_changed(provided, required);
        if (changed) {
            found.what = ABIDE_DESCRIPTOR_GROWING;
            found.symbol = changed;
        }
    }
    if (difference)
        *difference = found;
    return found.what == ABIDE_DESCRIPTOR_FITS;
}

/** The same, with nothing passed over. */
static inline bool abide_descriptor_check(const abide_descriptor *provided,
                                          const abide_descriptor *required,
                                          abide_descriptor_difference *difference)
{
    return abide_descriptor_check_but(provided, required, 0, difference);
}

#ifdef __cplusplus
}
#endif
#endif
