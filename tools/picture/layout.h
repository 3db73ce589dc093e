/* Layouts as pictures: eight bytes a row. */
#ifndef PICTURE_LAYOUT_H
#define PICTURE_LAYOUT_H

#include "layout_answer.h"
#include "picture/canvas.h"

#include "abide/data.h"

/* "struct, 32 bytes, align 8" */
const char *picture_layout_facts(const struct subject *subject, const struct view *view);
/* Draws the type below what is there already, under its name, facts and ABI unless something around it says that. */
void picture_layout(struct cli *cli, const struct subject *subject, const struct view *view,
                    bool is_named, struct canvas *canvas);
/* All of them in one file. */
void layout_print_svg(struct cli *cli, const struct question *question,
                      const struct subject *subjects, size_t count);
/* A page of them, each with its table. */
void layout_print_html(struct cli *cli, const struct question *question,
                       const struct subject *subjects, size_t count);
/* A section of a page about a type, with the anchor "type-NAME"; `file` (may be NULL) has what is said to readers. */
void picture_type_section(struct cli *cli, const struct subject *subject, size_t view_count,
                          const abide_data *file, struct text *out);

#endif
