/*
 * Values of interface types as text, and in memory as C on this machine stores them. The text is JSON; on a command line what is one
 * word needs no quotes: 42, 0x2a, -1.5, true, red, read|write, some text, null.
 */
#ifndef ABIDE_TOOLS_VALUE_H
#define ABIDE_TOOLS_VALUE_H

#include "cli.h"

/* Bits of memory that hold a value; but for bit-fields, whole bytes. */
struct value_place {
    unsigned char *memory;
    uint64_t offset_bits;
    uint64_t size_bits;
};

/* All of a value in memory of its own, cleared. `memory` NULL: reported. */
struct value_place value_new(struct cli *cli, const abide_module *c, const abide_type *type);

/* Reads a word of the command line; `what` names it in messages. false: reported (bad-argument). */
bool value_read(struct cli *cli, const abide_module *c, const char *what, const abide_type *type,
                const char *word, struct value_place place);

/* Writes JSON. What pointers point to is not looked at, but for text. */
void value_print(struct cli *cli, const abide_module *c, const abide_type *type,
                 struct value_place place, struct text *text);

/* ---- what both directions share ---- */

/* Newtypes and raw<T> away. */
const abide_type *value_type(const abide_type *type);
bool value_is(const abide_type *type, const char *kind);
uint64_t value_bits_get(struct value_place place);
void value_bits_put(struct value_place place, uint64_t value);
struct value_place value_part(struct value_place whole, const abide_field_info *field);
/* A field of a representation by its name, of a string's or a slice's. false: the representation is none of that kind. */
/* How C has a text: its units are those of UTF-16; it is a pointer to units up to a NUL, else pointer and length. */
struct value_text {
    bool is_wide;
    bool is_ended;
};
struct value_text value_text_of(struct cli *cli, const abide_module *c, const abide_type *type);
bool value_member(struct cli *cli, const abide_module *c, const abide_type *type, const char *name,
                  struct value_place whole, struct value_place *member);

enum value_number { VALUE_BOOL, VALUE_SIGNED, VALUE_UNSIGNED, VALUE_FLOAT };
/* What kind of number a scalar is. */
enum value_number value_number(struct cli *cli, const abide_type *type);

#endif
