/* Fingerprints, aliases and descriptors in text: what fingerprint, thunk and inspect share. */
#ifndef ABIDE_TOOLS_FINGERPRINT_TEXT_H
#define ABIDE_TOOLS_FINGERPRINT_TEXT_H

#include "cli.h"

/* As in alias symbols: 13 letters and digits. */
const char *fingerprint_digits(uint64_t value);
/* The digits of `text`, which holds at least 13. false: there are others. */
bool fingerprint_from_digits(const char *text, uint64_t *value);
const char *fingerprint_hex(const unsigned char digest[32]);
const char *fingerprint_alias(struct cli *cli, const char *symbol,
                              const abide_fingerprint *fingerprint, abide_alias alias);

/* A descriptor. */
struct fingerprint_data {
    const char *package;
    const unsigned char *bytes;
    size_t size_bytes;
    bool big_endian; /* the target's order, which the bytes are in */
};

/* `before` and the package, as a C identifier. */
const char *fingerprint_package_symbol(const char *before, const char *package);
/* The descriptor of functions of an interface, which has a package. false: reported. */
bool fingerprint_descriptor(struct cli *cli, const abide_iface *iface, const abide_module *module,
                            const abide_descriptor_entry *entries, size_t entry_count,
                            struct fingerprint_data *data);
/* The same as a C array; `is_shared`: for others by its symbol, else for the one file. */
void fingerprint_print_data(struct text *text, const struct fingerprint_data *data,
                            const char *symbol, bool is_shared);

#endif
