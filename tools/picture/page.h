/* Pages: HTML that stands alone, without scripts and without anything from elsewhere. */
#ifndef PICTURE_PAGE_H
#define PICTURE_PAGE_H

#include "picture/canvas.h"
#include "table.h"

void page_begin(struct text *out, const char *title);
/* `by` says what made the page. */
void page_end(struct text *out, const char *by);
/* A heading with an anchor "KIND-NAME", in a section that page_section_end closes. `rest` stands behind the name. */
void page_section(struct text *out, unsigned level, const char *kind, const char *name,
                  const char *rest);
void page_section_end(struct text *out);
void page_anchor(struct text *out, const char *kind, const char *name);
/* `<a href="#KIND-NAME">NAME</a>` */
void page_link(struct text *out, const char *kind, const char *name);
/* Text of several paragraphs, which empty lines divide. */
void page_prose(struct text *out, const char *chars);
/* Inside <dl>: a name, something behind it, and what is said of it (NULL: nothing). */
void page_term(struct text *out, const char *name, const char *rest, const char *doc);
void page_code(struct text *out, const char *chars);
/* Pictures of one thing, each with what it shows; what is drawn alike stands once. */
struct page_picture {
    struct canvas canvas;
    const char *caption;
};
/*
 * The pictures, which scroll where they are wider than the page; "KINDn-NAME" is unique on it. `what` and the captions say what they
 * are. Frees the canvases.
 */
void page_figures(struct text *out, struct page_picture *pictures, size_t count, const char *kind,
                  const char *name, const char *what);
/* The first `head_count` rows are headings; the first cell of the others is, too, if `names_rows`. */
void page_table(struct text *out, const char *caption, const struct table *table, size_t head_count,
                bool names_rows);
/* What is there for those who ask for it. */
void page_details(struct text *out, const char *summary);
void page_details_end(struct text *out);

#endif
