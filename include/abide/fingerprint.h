/*
 * Fingerprints: two numbers for each function by which a library and a program that uses it find out, without a description,
 * whether they mean the same. The layout fingerprint covers bytes and places under one ABI, with all types that can be reached; the
 * contract fingerprint who owns what, who writes, what lends. Names are in neither. abi-specs/fingerprints.md defines them;
 * abide/descriptor.h checks them in programs.
 *
 * Life: owned by the context. The same on every run and machine.
 */
#ifndef ABIDE_FINGERPRINT_H
#define ABIDE_FINGERPRINT_H

#include "abide/iface.h"
#include "abide/module.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is promised of one value besides its contract; a bit each. A release may ask for less, and give more. */
typedef enum abide_promise {
    ABIDE_PROMISE_PRESENT = 1,    /**< it is there: no null pointer, no empty option */
    ABIDE_PROMISE_UTF8 = 2,       /**< it is well-formed UTF-8, or UTF-16 */
    ABIDE_PROMISE_TERMINATED = 4, /**< a NUL ends it */
    ABIDE_PROMISE_WRITABLE = 8,   /**< what it points to may be written */
    ABIDE_PROMISE_ANY_THREAD = 16 /**< it may be used and destroyed on every thread */
} abide_promise;

/** The fingerprints of a function under an ABI. */
typedef struct abide_fingerprint {
    uint64_t layout;   /**< the first 64 bits of layout_digest, the first byte highest */
    uint64_t contract; /**< the same of contract_digest */
    unsigned char layout_digest[32];   /**< SHA-256 of the function's canonical layout text */
    unsigned char contract_digest[32]; /**< SHA-256 of its canonical contract text */
    /** Bits of abide_promise, two bytes for each parameter and then for the result: the caller's, the callee's. */
    const unsigned char *promises;
    size_t promise_count; /**< bytes in `promises` */
} abide_fingerprint;

/**
 * The fingerprints of a function. The first one of an interface takes as long as the types that it reaches, later ones as long as
 * what they reach beyond that.
 *
 * @return false: reported (whatever abide_assignment_of reports); `fingerprint` is then as it was
 */
ABIDE_API bool abide_fingerprint_of(abide_ctx *ctx, const abide_module *module,
                                    const abide_function *function, abide_fingerprint *fingerprint);

/**
 * The canonical texts of a function and of all types that it reaches, each behind its SHA-256 and indented by two spaces, those of
 * the function last; first of the layout, then of the contract. Owned by `ctx`. NULL: reported.
 */
ABIDE_API const char *abide_fingerprint_print(abide_ctx *ctx, const abide_module *module,
                                              const abide_function *function);

/** What an alias symbol vouches for. */
typedef enum abide_alias {
    ABIDE_ALIAS_LAYOUT,  /**< `send__s1_` and 13 letters and digits for the layout fingerprint */
    ABIDE_ALIAS_CONTRACT /**< the same, then `_` and 13 for the contract fingerprint */
} abide_alias;

/** The alias of a linker's name: a symbol at the same address, which only a library of these fingerprints has. NULL: no memory. */
ABIDE_API const char *abide_fingerprint_alias(abide_ctx *ctx, const char *symbol,
                                              const abide_fingerprint *fingerprint,
                                              abide_alias alias);

/**
 * The same interface, whose functions are known to the linker by their aliases under `module`: what is planned with it calls only
 * libraries that agree. NULL: reported (also bad-symbol: an alias would be too long).
 */
ABIDE_API const abide_iface *abide_iface_with_aliases(abide_ctx *ctx, const abide_iface *iface,
                                                      const abide_module *module,
                                                      abide_alias alias);

/** A function as a library offers it, or a program needs it. */
typedef struct abide_descriptor_entry {
    const abide_function *function;
    const char *symbol;  /**< NULL: the function's */
    abide_checks checks; /**< abide_plan_checks of its adapter; UNSAID: it is no adapter */
} abide_descriptor_entry;

/**
 * The descriptor of some functions under an ABI: read-only data in the target's byte order, without an address in it, as
 * abide/descriptor.h reads it. To be aligned to 8 bytes.
 *
 * @param package whose functions they are; not NULL
 * @param bytes on success `*size_bytes` bytes owned by `ctx`
 * @return false: reported (as abide_fingerprint_of; duplicate-name: two have one symbol)
 */
ABIDE_API bool abide_descriptor_make(abide_ctx *ctx, const abide_module *module,
                                     const char *package, const abide_descriptor_entry *entries,
                                     size_t entry_count, const void **bytes, size_t *size_bytes);

#ifdef __cplusplus
}
#endif
#endif
