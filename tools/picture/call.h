/* Calls as pictures: values on the left, the places that they travel in on the right. */
#ifndef PICTURE_CALL_H
#define PICTURE_CALL_H

#include "call_answer.h"
#include "picture/canvas.h"

/* All of them in one file. */
void call_print_svg(struct cli *cli, const struct question *question, const struct called *subjects,
                    size_t count);
/* A page of them, each with its table. */
void call_print_html(struct cli *cli, const struct question *question,
                     const struct called *subjects, size_t count);
/*
 * A section of a page about a function, with the anchor "function-NAME", which page_section_end closes; `file` says what readers are
 * told of parameters (NULL: nothing); `is_linked`: its types have sections there.
 */
void picture_function(struct cli *cli, const struct question *question,
                      const struct called *subject, const abide_data *file, bool is_linked,
                      struct text *out);

#endif
