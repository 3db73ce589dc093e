/* Values of constants as interface files write them. */
#ifndef ABIDE_IMPORT_LITERALS_H
#define ABIDE_IMPORT_LITERALS_H

#include "store.h"

/* The fewest digits that lead back to the number. NULL: it is a NaN with a sign. */
const char *literal_float(double number, bool is_single);
/* Whether YAML lets every character stand in quotes. */
bool literal_is_plain(const char *text);
/* A plain text in quotes. */
const char *literal_text(const char *chars);
/* Hexadecimal digits in quotes. */
const char *literal_bytes(const unsigned char *bytes, size_t length_bytes);

#endif
