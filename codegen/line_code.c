/* Instructions, two neighbours in one where there is one for both. */
#include "line_writer.h"

#include <string.h>

bool abide_line__give_up(struct abide_line_writer *w, const char *reason)
{
    if (!w->line->reason)
        w->line->reason = reason;
    return false;
}

uint64_t abide_line__round_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) / align * align;
}

unsigned abide_line__width_of(uint64_t size_bytes)
{
    unsigned width = 0;
    while ((uint64_t)1 << width < size_bytes)
        width++;
    return width;
}

const struct abide_edge_group *abide_line__group_of(const struct abide_line_writer *w,
                                                    const char *name)
{
    return abide_edge_data__find(w->a.data, name).group;
}

bool abide_line__is_vector(const struct abide_line_writer *w, const char *name)
{
    return abide_line__group_of(w, name)->kind == ABIDE_REGISTER_VECTOR;
}

bool abide_line__pushes(const struct abide_line_writer *w)
{
    return w->data->push && w->line->form.pushes;
}

static void write_access(struct abide_line_writer *w, const struct abide_line_access *one)
{
    const struct abide_line_data *data = w->data;
    const char *const *texts = one->kind == ABIDE_ACCESS_CLEAR ? data->clear
                               : one->kind == ABIDE_ACCESS_LOAD
                                   ? (one->is_vector ? data->vector_load : data->load)
                               : one->is_vector ? data->vector_store
                                                : data->store;
    const struct abide_edge_words words = {
        .name = one->name, .base = one->base, .offset = one->offset_bytes};
    if (texts[one->width])
        abide_assembly__write(&w->a, texts[one->width], words);
    else
        abide_line__give_up(w, "there is no instruction of that width");
}

void abide_line__flush(struct abide_line_writer *w)
{
    if (w->waiting.kind)
        write_access(w, &w->waiting);
    w->waiting.kind = ABIDE_ACCESS_NONE;
}

void abide_line__say(struct abide_line_writer *w, const char *text, struct abide_edge_words words)
{
    abide_line__flush(w);
    if (text)
        abide_assembly__write(&w->a, text, words);
    else
        abide_line__give_up(w, "there is no such instruction");
}

static const char *pair_text(const struct abide_line_writer *w, const struct abide_line_access *one)
{
    switch (one->kind) {
    case ABIDE_ACCESS_LOAD:
        return (one->is_vector ? w->data->vector_load_pair : w->data->load_pair)[one->width];
    case ABIDE_ACCESS_STORE:
        return (one->is_vector ? w->data->vector_store_pair : w->data->store_pair)[one->width];
    case ABIDE_ACCESS_CLEAR:
        return (uint64_t)1 << one->width == w->line->word_bytes ? w->data->clear_pair : NULL;
    case ABIDE_ACCESS_NONE: break;
    }
    return NULL;
}

/* Two accesses to neighbours as one; the first must not change what the second one's address is made of. */
static bool write_pair(struct abide_line_writer *w, const struct abide_line_access *two)
{
    const struct abide_line_access *one = &w->waiting;
    uint64_t bytes = (uint64_t)1 << two->width;
    bool is_up = two->offset_bytes == one->offset_bytes + bytes;
    const struct abide_line_access *low = is_up ? one : two, *high = is_up ? two : one;
    if (!one->kind || one->kind != two->kind || one->is_vector != two->is_vector ||
        one->width != two->width || strcmp(one->base, two->base) != 0 ||
        high->offset_bytes != low->offset_bytes + bytes || low->offset_bytes % bytes ||
        !pair_text(w, two))
        return false;
    if (one->kind == ABIDE_ACCESS_LOAD &&
        (!strcmp(one->name, two->name) || !strcmp(one->name, one->base)))
        return false;
    const struct abide_edge_words words = {
        .name = low->name, .second = high->name, .base = low->base, .offset = low->offset_bytes};
    abide_assembly__write(&w->a, pair_text(w, two), words);
    w->waiting.kind = ABIDE_ACCESS_NONE;
    return true;
}

bool abide_line__is_near(const struct abide_line_writer *w, const struct abide_line_access *one)
{
    bool is_odd = one->offset_bytes % ((uint64_t)1 << one->width) != 0;
    uint64_t odd_bytes = w->data->odd_reach_bytes;
    return one->offset_bytes <= w->data->reach_bytes &&
           (!is_odd || !odd_bytes || one->offset_bytes <= odd_bytes);
}

bool abide_line__access_memory(struct abide_line_writer *w, struct abide_line_access one)
{
    if (!abide_line__is_near(w, &one))
        return abide_line__give_up(w, "an offset is large");
    if (write_pair(w, &one))
        return true;
    abide_line__flush(w);
    if (pair_text(w, &one))
        w->waiting = one;
    else
        write_access(w, &one);
    return true;
}

void abide_line__lower(struct abide_line_writer *w, uint64_t bytes)
{
    abide_line__flush(w);
    abide_assembly__lower(&w->a, bytes);
    w->depth_bytes += bytes;
}

void abide_line__raise(struct abide_line_writer *w, uint64_t bytes)
{
    abide_line__flush(w);
    abide_assembly__raise(&w->a, bytes);
    w->depth_bytes -= bytes;
}

bool abide_line__move(struct abide_line_writer *w, const char *to, const char *from)
{
    const struct abide_edge_group *group = abide_line__group_of(w, to);
    if (!strcmp(to, from))
        return true;
    if (!group->move || group->kind != abide_line__group_of(w, from)->kind)
        return abide_line__give_up(w, "a value moves to another kind of register");
    abide_line__say(w, group->move, (struct abide_edge_words){.name = to, .from = from});
    return true;
}

bool abide_line__add_to(struct abide_line_writer *w, const char *to, const char *base,
                        uint64_t offset_bytes)
{
    if (offset_bytes > w->data->reach_bytes)
        return abide_line__give_up(w, "an offset is large");
    if (offset_bytes == 0 && strcmp(base, w->a.data->stack) != 0)
        return abide_line__move(w, to, base);
    abide_line__flush(w);
    abide_assembly__say(
        &w->a, ABIDE_EDGE_ADDRESS,
        (struct abide_edge_words){.name = to, .base = base, .offset = offset_bytes});
    return true;
}
