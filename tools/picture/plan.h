/* Plans as pictures: the caller's places on the left, the callee's on the right, temporaries between them. */
#ifndef PICTURE_PLAN_H
#define PICTURE_PLAN_H

#include "adapter.h"

/* All of them in one file; with --without, what happens where there is no adapter. */
void plan_print_svg(struct cli *cli, const struct adapters *adapters);
/*
 * Part of a page: the adapters for function `index` between one pair on `count` targets, with what they cost and do; or why
 * there is none.
 */
void picture_adapters(struct cli *cli, const struct adapters *adapters, size_t count, size_t index,
                      struct text *out);
/* A page of them, each with its steps as a list. */
void plan_print_html(struct cli *cli, const struct adapters *adapters);

#endif
