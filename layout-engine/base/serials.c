/* Pages of pointers by serial number. */
#include "base/serials.h"

#include <string.h>

/* The list of pages has doubled, so that all the lists there ever were take no more room than twice the last. */
static void make_room(abide_ctx *ctx, struct abide_serials *serials, size_t page)
{
    size_t count = serials->page_count ? serials->page_count : 8;
    while (count <= page)
        count *= 2;
    const void ***pages = abide__new_array(ctx, const void **, count);
    if (serials->page_count)
        memcpy(pages, serials->pages, serials->page_count * sizeof *pages);
    serials->pages = pages;
    serials->page_count = count;
}

const void **abide_serials__grow(abide_ctx *ctx, struct abide_serials *serials, uint32_t serial)
{
    size_t page = serial / ABIDE_SERIALS_PAGE;
    if (page >= serials->page_count)
        make_room(ctx, serials, page);
    if (!serials->pages[page])
        serials->pages[page] = abide__new_array(ctx, const void *, ABIDE_SERIALS_PAGE);
    return &serials->pages[page][serial % ABIDE_SERIALS_PAGE];
}

void abide_serials__forget(struct abide_serials *serials, uint32_t serial, const void *pointer)
{
    size_t page = serial / ABIDE_SERIALS_PAGE;
    if (page >= serials->page_count || !serials->pages[page])
        return;
    const void **slot = &serials->pages[page][serial % ABIDE_SERIALS_PAGE];
    if (*slot == pointer)
        *slot = NULL;
}
