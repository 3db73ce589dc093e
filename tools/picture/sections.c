/* A layout as it is drawn: types taken apart into boxes. */
#include "picture/sections.h"

#include "picture/palette.h"

#include <stdlib.h>
#include <string.h>

#define SECTIONS_MAX 64
/* A nested record is taken apart until there are this many boxes: nesting doubles, files stay small. */
#define BOXES_MAX 8192

/* What is being taken apart. Sections are found by number: they move while they are added. */
struct collection {
    struct cli *cli;
    const abide_module *machine;
    struct sections sections;
};

/* Where boxes go: a section, and what they are part of. */
struct place {
    size_t section;
    uint64_t base_bits;
    const char *prefix;
    unsigned tone;
    bool is_top; /* each field has a tone of its own */
};

static void add_box(struct collection *collection, size_t index, struct box box)
{
    struct section *section = &collection->sections.items[index];
    section->boxes = cli_grow(section->boxes, section->count, &section->capacity, sizeof box);
    section->boxes[section->count++] = box;
    collection->sections.box_count++;
}

static void add_hole(struct collection *collection, size_t section, uint64_t offset_bits,
                     uint64_t size_bits)
{
    add_box(collection, section,
            (struct box){.kind = BOX_HOLE,
                         .name = layout_amount_text(size_bits),
                         .type = "padding",
                         .offset_bits = offset_bits,
                         .size_bits = size_bits});
}

/* SIZE_MAX: there are too many. */
static size_t add_section(struct collection *collection, struct section section)
{
    struct sections *sections = &collection->sections;
    if (sections->count == SECTIONS_MAX) {
        sections->left_out++;
        return SIZE_MAX;
    }
    sections->items =
        cli_grow(sections->items, sections->count, &sections->capacity, sizeof section);
    sections->items[sections->count] = section;
    return sections->count++;
}

static void add_extents(struct collection *collection, const struct place *place, abide_walk walk);
static void add_union(struct collection *collection, const char *path, uint64_t base_bits,
                      const abide_layout *layout);

/* The layout of a field that can be taken apart; NULL: it is drawn as one box. */
static const abide_layout *inside_of(struct collection *collection, abide_field_info field)
{
    if (field.is_bitfield || !layout_is_record(field.type) ||
        collection->sections.box_count >= BOXES_MAX)
        return NULL;
    const abide_layout *inner =
        abide_layout_of(collection->cli->ctx, collection->machine, field.type);
    return inner && abide_layout_field_count(inner) ? inner : NULL;
}

static void add_field(struct collection *collection, const struct place *place,
                      abide_field_info field)
{
    const char *path = layout_join_path(place->prefix, field.name);
    const abide_layout *inner = inside_of(collection, field);
    uint64_t offset_bits = place->base_bits + field.offset_bits;
    bool is_union = inner && layout_is_kind(abide_layout_type(inner), "union");
    if (inner && !is_union) {
        struct place there = {place->section, offset_bits, path, place->tone, false};
        add_extents(collection, &there, abide_layout_walk(inner));
        return;
    }
    const char *type = is_union && !abide_type_name(field.type)
                           ? "union"
                           : abide_type_print(collection->cli->ctx, field.type);
    if (field.is_bitfield)
        type = cli_printf("%s:%llu", type, (unsigned long long)field.size_bits);
    add_box(collection, place->section,
            (struct box){.kind = is_union ? BOX_UNION : BOX_FIELD,
                         .tone = place->tone,
                         .name = *path      ? path
                                 : is_union ? "(union)"
                                            : "(unnamed)",
                         .type = type,
                         .offset_bits = offset_bits,
                         .size_bits = field.size_bits});
    if (is_union)
        add_union(collection, path, offset_bits, inner);
}

/* Fields and holes become boxes. */
static void add_extents(struct collection *collection, const struct place *place, abide_walk walk)
{
    struct place inside = *place;
    abide_extent extent;
    while (abide_walk_next(&walk, &extent)) {
        if (place->is_top)
            inside.tone = (unsigned)(extent.index % PALETTE_FIELD_TONES);
        if (extent.is_hole)
            add_hole(collection, place->section, place->base_bits + extent.offset_bits,
                     extent.size_bits);
        else
            add_field(collection, &inside, extent.field);
    }
}

/* Each member of a union is a section; behind a short one, the rest of the union is no padding of its own. */
static void add_union(struct collection *collection, const char *path, uint64_t base_bits,
                      const abide_layout *layout)
{
    uint64_t size_bits = abide_layout_size_bytes(layout) * 8;
    for (size_t i = 0; i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        const char *name = field.name ? field.name : "(unnamed)";
        size_t section = add_section(
            collection, (struct section){.title = *path ? cli_printf("%s as %s", path, name)
                                                        : cli_printf("as %s", name),
                                         .offset_bits = base_bits,
                                         .size_bits = size_bits});
        if (section == SIZE_MAX)
            continue;
        struct place place = {section, base_bits, path, (unsigned)(i % PALETTE_FIELD_TONES), false};
        add_field(collection, &place, field);
        uint64_t end_bits = field.offset_bits + field.size_bits;
        if (end_bits < size_bits)
            add_hole(collection, section, base_bits + end_bits, size_bits - end_bits);
    }
}

/* What tells that this is the case: the tag with its number, or a null pointer. */
static void add_discriminant(struct collection *collection, const struct place *place,
                             const abide_sum *sum, size_t index)
{
    abide_field_info tag = abide_sum_discriminant(sum);
    bool is_null = !tag.type && index == abide_sum_null_case(sum);
    long long number = (long long)abide_sum_case_at(sum, index).tag;
    if (tag.type)
        add_box(collection, place->section,
                (struct box){.kind = BOX_TAG,
                             .name = cli_printf("%s = %lld", tag.name ? tag.name : "tag", number),
                             .type = abide_type_print(collection->cli->ctx, tag.type),
                             .offset_bits = tag.offset_bits,
                             .size_bits = tag.size_bits});
    else if (is_null)
        add_box(collection, place->section,
                (struct box){.kind = BOX_TAG,
                             .name = "null",
                             .type = "pointer",
                             .size_bits = abide_sum_null_bits(sum)});
}

static void add_case(struct collection *collection, const abide_sum *sum, size_t index,
                     uint64_t size_bits)
{
    const char *name = abide_sum_case_at(sum, index).name;
    size_t section = add_section(collection, (struct section){.title = cli_printf("case %s", name),
                                                              .note = layout_case_text(sum, index),
                                                              .size_bits = size_bits});
    if (section == SIZE_MAX)
        return;
    struct place place = {section, 0, "", (unsigned)(index % PALETTE_FIELD_TONES), false};
    add_discriminant(collection, &place, sum, index);
    add_extents(collection, &place, abide_sum_case_walk(sum, index));
}

/* Fields stand in the order of their declaration, which for a few ABIs is not that of their places. */
static int compare_boxes(const void *a, const void *b)
{
    const struct box *left = a, *right = b;
    if (left->offset_bits != right->offset_bits)
        return left->offset_bits < right->offset_bits ? -1 : 1;
    return left->size_bits < right->size_bits ? -1 : left->size_bits > right->size_bits;
}

struct sections sections_of(struct cli *cli, const struct subject *subject, const struct view *view)
{
    struct collection collection = {.cli = cli, .machine = abide_module_machine(view->module)};
    const abide_layout *layout = view->layout;
    uint64_t size_bits = abide_layout_size_bytes(layout) * 8;
    if (view->sum) {
        for (size_t i = 0; i < abide_sum_case_count(view->sum); i++)
            add_case(&collection, view->sum, i, size_bits);
    } else if (layout_is_kind(abide_layout_type(layout), "union") &&
               abide_layout_field_count(layout)) {
        add_union(&collection, "", 0, layout);
    } else {
        size_t section = add_section(&collection, (struct section){.size_bits = size_bits});
        struct place place = {section, 0, "", 0, true};
        if (abide_layout_field_count(layout))
            add_extents(&collection, &place, abide_layout_walk(layout));
        else if (size_bits)
            add_box(&collection, section,
                    (struct box){.kind = layout_is_record(abide_layout_type(layout)) ? BOX_HOLE
                                                                                     : BOX_FIELD,
                                 .name = abide_type_name(subject->type),
                                 .type = abide_type_kind_name(subject->type),
                                 .size_bits = size_bits});
    }
    for (size_t i = 0; i < collection.sections.count; i++) {
        struct section *section = &collection.sections.items[i];
        if (section->count)
            qsort(section->boxes, section->count, sizeof *section->boxes, compare_boxes);
    }
    return collection.sections;
}
