/* Colours: one table for light and for dark pages, as CSS. */
#ifndef PICTURE_PALETTE_H
#define PICTURE_PALETTE_H

#include "text.h"

/* Tones of fields, one after the other. */
#define PALETTE_FIELD_TONES 4

/* The rules for pictures, for both schemes. */
void palette_print_css(struct text *out);
/* The rules for a page around them. */
void palette_print_page_css(struct text *out);

#endif
