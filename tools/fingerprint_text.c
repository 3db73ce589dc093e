/* Fingerprints, aliases and descriptors in text. */
#include "fingerprint_text.h"

#include "abide/descriptor.h"

#include <inttypes.h>
#include <string.h>

#define DIGITS 13

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

const char *fingerprint_digits(uint64_t value)
{
    char digits[DIGITS];
    for (size_t i = DIGITS; i-- > 0; value >>= 5)
        digits[i] = alphabet[value & 31];
    return cli_copy(digits, DIGITS);
}

bool fingerprint_from_digits(const char *text, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        const char *digit = text[i] ? strchr(alphabet, text[i]) : NULL;
        if (!digit)
            return false;
        *value = *value << 5 | (uint64_t)(digit - alphabet);
    }
    return true;
}

const char *fingerprint_hex(const unsigned char digest[32])
{
    char hex[64];
    for (size_t i = 0; i < 32; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    return cli_copy(hex, sizeof hex);
}

const char *fingerprint_alias(struct cli *cli, const char *symbol,
                              const abide_fingerprint *fingerprint, abide_alias alias)
{
    const char *text = abide_fingerprint_alias(cli->ctx, symbol, fingerprint, alias);
    if (!text)
        cli_no_memory();
    return text;
}

const char *fingerprint_package_symbol(const char *before, const char *package)
{
    char *symbol = cli_printf("%s%s", before, package);
    for (char *at = symbol; *at; at++)
        if (*at == '-')
            *at = '_';
    return symbol;
}

bool fingerprint_descriptor(struct cli *cli, const abide_iface *iface, const abide_module *module,
                            const abide_descriptor_entry *entries, size_t entry_count,
                            struct fingerprint_data *data)
{
    const void *bytes;
    data->package = abide_iface_package(iface);
    if (!data->package) {
        cli_report(cli, "package-required", "say `package: NAME` in the file",
                   "a descriptor belongs to a package, and '%s' names none",
                   cli->options.operands.items[0]);
        return false;
    }
    if (!abide_descriptor_make(cli->ctx, module, data->package, entries, entry_count, &bytes,
                               &data->size_bytes))
        return false;
    data->bytes = bytes;
    data->big_endian = data->bytes[0] == (ABIDE_DESCRIPTOR_MAGIC >> 24 & 0xff);
    return true;
}

static uint64_t word_at(const struct fingerprint_data *data, size_t at)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++)
        word |= (uint64_t)data->bytes[at + i] << 8 * (data->big_endian ? 7 - i : i);
    return word;
}

void fingerprint_print_data(struct text *text, const struct fingerprint_data *data,
                            const char *symbol, bool is_shared)
{
    size_t count = data->size_bytes / 8;
    if (is_shared)
        text_printf(text,
                    "#if defined(_WIN32)\n#define ABIDE_SHARED __declspec(dllexport)\n#else\n"
                    "#define ABIDE_SHARED __attribute__((visibility(\"default\")))\n#endif\n"
                    "extern ABIDE_SHARED const unsigned long long %s[%zu];\n",
                    symbol, count);
    text_printf(text, "%s __attribute__((aligned(8))) const unsigned long long %s[%zu] = {",
                is_shared ? "ABIDE_SHARED" : "static __attribute__((unused))", symbol, count);
    for (size_t i = 0; i < count; i++)
        text_printf(text, "%s0x%016" PRIx64,
                    i % 4 ? ", "
                    : i   ? ",\n    "
                          : "\n    ",
                    word_at(data, 8 * i));
    text_puts(text, "};\n");
}
