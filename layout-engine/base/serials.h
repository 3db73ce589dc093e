/*
 * Pointers by serial number, in pages that are made when one of their numbers is first asked for: a memo table for what is
 * numbered from 0, such as types. Nothing moves when it grows, and no key is hashed.
 */
#ifndef ABIDE_BASE_SERIALS_H
#define ABIDE_BASE_SERIALS_H

#include "base/ctx.h"

enum { ABIDE_SERIALS_PAGE = 512 };

struct abide_serials {
    const void ***pages; /* NULL in it: not made yet */
    size_t page_count;
};

const void **abide_serials__grow(abide_ctx *ctx, struct abide_serials *serials, uint32_t serial);

/* What is stored under this number; NULL at first. */
static inline const void **abide_serials__slot(abide_ctx *ctx, struct abide_serials *serials,
                                               uint32_t serial)
{
    size_t page = serial / ABIDE_SERIALS_PAGE;
    if (page >= serials->page_count || !serials->pages[page])
        return abide_serials__grow(ctx, serials, serial);
    return &serials->pages[page][serial % ABIDE_SERIALS_PAGE];
}

/* The same, where nothing need be made. */
static inline const void *abide_serials__find(const struct abide_serials *serials, uint32_t serial)
{
    size_t page = serial / ABIDE_SERIALS_PAGE;
    if (page >= serials->page_count || !serials->pages[page])
        return NULL;
    return serials->pages[page][serial % ABIDE_SERIALS_PAGE];
}

/* Takes `pointer` out again, if it is what is stored there. Needs no memory. */
void abide_serials__forget(struct abide_serials *serials, uint32_t serial, const void *pointer);

#endif
