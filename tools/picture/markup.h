/* XML and HTML: the one place where text that others wrote is made safe. */
#ifndef PICTURE_MARKUP_H
#define PICTURE_MARKUP_H

#include "text.h"

/*
 * Adds UTF-8 text as the content of an element, or of an attribute in double quotes. What XML cannot hold, or what would
 * rearrange the text around it (controls of direction), becomes U+FFFD.
 */
void markup_text(struct text *out, const char *chars);
/* The same for anchors: letters, digits, `_` and `-` stay, all else becomes ".HH". */
void markup_anchor(struct text *out, const char *chars);
/* ` name="VALUE"`, with the value made safe. */
void markup_attribute(struct text *out, const char *name, const char *value);
/* The columns that the text takes when it was made safe. */
size_t markup_columns(const char *chars);
/* The text, cut to at most so many columns, with "…" where something is left out; at least one. Memory of the run's. */
const char *markup_cut(const char *chars, size_t columns);

#endif
