/* Instructions for any number of words. They have registers of their own, some of which the caller counts on (`kept`). */
#include "line_writer.h"

#include <string.h>

/* Whether the registers of an instruction for many words are free. */
static bool are_free(const struct abide_line_writer *w, struct abide_words names)
{
    for (size_t i = 0; i < names.count; i++) {
        bool is_kept = abide_words__find(w->kept, names.items[i]) < w->kept.count;
        if (is_kept && abide_line__is_written(w, names.items[i]))
            return false;
        if (abide_line__has_wanted(w, names.items[i], NULL) ||
            (!is_kept && !abide_line__is_free(w, names.items[i], true)))
            return false;
    }
    return true;
}

bool abide_line__can_copy(const struct abide_line_writer *w)
{
    return w->line->form.copies && are_free(w, w->data->copy_registers);
}

static void take_names(struct abide_line_writer *w, struct abide_words names)
{
    for (size_t i = 0; i < names.count; i++) {
        abide_line__forget_held(w, names.items[i]);
        abide_line__take(w, names.items[i]);
    }
}

static void release(struct abide_line_writer *w, struct abide_words names)
{
    for (size_t i = 0; i < names.count; i++)
        abide_line__forget_held(w, names.items[i]);
    w->taken.count = 0;
}

static bool set_address(struct abide_line_writer *w, const struct abide_line_spot *spot,
                        const char *name)
{
    uint64_t offset_bytes;
    const char *base = abide_line__address(w, spot, name, &offset_bytes);
    return base && abide_line__add_to(w, name, base, offset_bytes);
}

bool abide_line__copy(struct abide_line_writer *w, const struct abide_line_spot *from,
                      const struct abide_line_spot *to, uint64_t size_bytes)
{
    const struct abide_words names = w->data->copy_registers;
    take_names(w, names);
    if (!set_address(w, from, names.items[ABIDE_LINE_COPY_FROM]) ||
        !set_address(w, to, names.items[ABIDE_LINE_COPY_TO]))
        return false;
    abide_line__say(w, w->data->copy, (struct abide_edge_words){.bytes = size_bytes});
    release(w, names);
    return !w->line->reason;
}

bool abide_line__can_fill(const struct abide_line_writer *w)
{
    return w->line->form.fills && w->data->fill && are_free(w, w->data->fill_registers);
}

bool abide_line__fill(struct abide_line_writer *w, const struct abide_line_spot *to,
                      uint64_t size_bytes)
{
    const struct abide_words names = w->data->fill_registers;
    take_names(w, names);
    if (!set_address(w, to, names.items[0]))
        return false;
    abide_line__say(w, w->data->fill, (struct abide_edge_words){.bytes = size_bytes});
    release(w, names);
    return !w->line->reason;
}
