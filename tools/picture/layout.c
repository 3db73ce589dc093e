/* Layouts as pictures: eight bytes a row, boxes for fields, hatching for holes. Work in proportion to boxes, not to bytes. */
#include "picture/layout.h"

#include "picture/markup.h"
#include "picture/sections.h"

#include <string.h>

#define ROW_BITS    64
#define BIT_WIDTH   10
#define GRID_WIDTH  (ROW_BITS * BIT_WIDTH)
#define LINE_HEIGHT 38
#define GAP_HEIGHT  24 /* of a line that stands for many rows */
#define LINE_SPACE  4
#define KEY_HEIGHT  16 /* of a line with the names of boxes too narrow for them */
#define TEXT_SPACE  5  /* between a box and its text */
/* Rows of one field that are drawn before those in the middle are left out, and rows of a section. */
#define BODY_LINES_MAX 4
#define LINES_MAX      240
#define LINES_FIRST    150
#define LINES_LAST     50
#define WORDS_MAX      100 /* boxes that the description names */

/* A line of the picture: one row, or many that look alike. */
struct line {
    uint64_t row, row_count;
    bool is_left_out; /* nothing of it is drawn */
    int y, height;
    int keys_x, key_lines; /* room for names below it */
    unsigned key_count;
};

/* A rectangle of a box, which has up to three: its end of a row, whole rows, its start of a row. */
struct segment {
    const struct box *box;
    size_t first_line, last_line;
    int x, width;
    enum { SEGMENT_PLAIN, SEGMENT_NAMED, SEGMENT_CONTINUED, SEGMENT_KEYED } label;
    char key;
    int key_x, key_line;
    const char *key_text;
};

struct drawing {
    struct canvas *canvas;
    const struct section *section;
    struct line *lines;
    size_t line_count;
    struct segment *segments;
    size_t segment_count;
    size_t hidden; /* boxes without a segment */
    int grid_x;
};

/* ---- lines: which rows are drawn ---- */

static void add_line(struct drawing *drawing, uint64_t row, uint64_t row_count)
{
    struct line *last = drawing->line_count ? &drawing->lines[drawing->line_count - 1] : NULL;
    if (!row_count || (last && row < last->row + last->row_count))
        return;
    drawing->lines[drawing->line_count++] = (struct line){.row = row, .row_count = row_count};
}

/* Whole rows of a box: [first, end). */
struct body {
    uint64_t first, end;
};

static struct body body_of(const struct box *box)
{
    uint64_t end_bits = box->offset_bits + box->size_bits;
    return (struct body){(box->offset_bits + ROW_BITS - 1) / ROW_BITS, end_bits / ROW_BITS};
}

/* At most six lines a box, and the first of them may be there. */
static void add_lines_of(struct drawing *drawing, const struct box *box)
{
    if (!box->size_bits)
        return;
    struct body body = body_of(box);
    add_line(drawing, box->offset_bits / ROW_BITS, 1);
    if (body.end > body.first + BODY_LINES_MAX) {
        add_line(drawing, body.first, 1);
        add_line(drawing, body.first + 1, body.end - body.first - 2);
        add_line(drawing, body.end - 1, 1);
    } else {
        for (uint64_t row = body.first; row < body.end; row++)
            add_line(drawing, row, 1);
    }
    add_line(drawing, (box->offset_bits + box->size_bits - 1) / ROW_BITS, 1);
}

/* Of very many lines the first and the last are drawn. */
static void leave_lines_out(struct drawing *drawing)
{
    if (drawing->line_count <= LINES_MAX)
        return;
    size_t kept = drawing->line_count - LINES_LAST;
    struct line *gap = &drawing->lines[LINES_FIRST];
    gap->is_left_out = true;
    gap->row_count = drawing->lines[kept].row - gap->row;
    memmove(gap + 1, &drawing->lines[kept], LINES_LAST * sizeof *gap);
    drawing->line_count = LINES_FIRST + 1 + LINES_LAST;
}

static size_t line_of(const struct drawing *drawing, uint64_t row)
{
    size_t low = 0, high = drawing->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (drawing->lines[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- segments: where boxes lie ---- */

static void add_segment(struct drawing *drawing, const struct box *box, uint64_t first_row,
                        uint64_t last_row, uint64_t first_bit, uint64_t bit_count)
{
    size_t first = line_of(drawing, first_row), last = line_of(drawing, last_row);
    first += drawing->lines[first].is_left_out;
    if (drawing->lines[last].is_left_out) {
        if (last == 0)
            return;
        last--;
    }
    if (first > last)
        return;
    drawing->segments[drawing->segment_count++] =
        (struct segment){.box = box,
                         .first_line = first,
                         .last_line = last,
                         .x = drawing->grid_x + (int)first_bit * BIT_WIDTH,
                         .width = (int)bit_count * BIT_WIDTH};
}

static void add_segments_of(struct drawing *drawing, const struct box *box)
{
    uint64_t end_bits = box->offset_bits + box->size_bits;
    uint64_t first_row = box->offset_bits / ROW_BITS;
    struct body body = body_of(box);
    size_t before = drawing->segment_count;
    if (body.first > body.end) { /* inside one row */
        add_segment(drawing, box, first_row, first_row, box->offset_bits % ROW_BITS,
                    box->size_bits);
    } else {
        if (first_row < body.first)
            add_segment(drawing, box, first_row, first_row, box->offset_bits % ROW_BITS,
                        ROW_BITS - box->offset_bits % ROW_BITS);
        if (body.first < body.end)
            add_segment(drawing, box, body.first, body.end - 1, 0, ROW_BITS);
        if (end_bits % ROW_BITS)
            add_segment(drawing, box, body.end, body.end, 0, end_bits % ROW_BITS);
    }
    drawing->hidden += drawing->segment_count == before;
}

/* ---- labels ---- */

static bool fits(const struct segment *segment, const char *name)
{
    return canvas_text_width(name) <= segment->width - 2 * TEXT_SPACE;
}

/* Names that fit into no box stand below the line, behind a character each; a row has 64 bits, so 64 are enough. */
static void label_with_key(struct drawing *drawing, struct segment *segment)
{
    static const char keys[] = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0+/";
    struct line *line = &drawing->lines[segment->last_line];
    if (line->key_count >= sizeof keys - 1)
        return;
    segment->label = SEGMENT_KEYED;
    segment->key = keys[line->key_count++];
    const char *text = cli_printf("%c %s %s", segment->key, segment->box->name, segment->box->type);
    segment->key_text = markup_cut(text, canvas_small_columns(GRID_WIDTH));
    int width = canvas_small_width(segment->key_text) + 16;
    if (line->key_lines == 0 || line->keys_x + width > GRID_WIDTH + 16) {
        line->key_lines++;
        line->keys_x = 0;
    }
    segment->key_x = line->keys_x;
    segment->key_line = line->key_lines - 1;
    line->keys_x += width;
}

/* The segments of one box: the widest has the name, the others continue it. */
static void label_box(struct drawing *drawing, size_t first, size_t end)
{
    size_t widest = first;
    for (size_t i = first; i < end; i++)
        if (drawing->segments[i].width > drawing->segments[widest].width)
            widest = i;
    for (size_t i = first; i < end; i++) {
        struct segment *segment = &drawing->segments[i];
        if (i != widest)
            segment->label = SEGMENT_CONTINUED;
        else if (fits(segment, segment->box->name) || segment->width == GRID_WIDTH)
            segment->label = SEGMENT_NAMED;
        else if (segment->box->kind != BOX_HOLE)
            label_with_key(drawing, segment);
    }
}

static void label_all(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->segment_count;) {
        size_t end = i + 1;
        while (end < drawing->segment_count &&
               drawing->segments[end].box == drawing->segments[i].box)
            end++;
        label_box(drawing, i, end);
        i = end;
    }
}

/* ---- drawing ---- */

static int place_lines(struct drawing *drawing, int y)
{
    for (size_t i = 0; i < drawing->line_count; i++) {
        struct line *line = &drawing->lines[i];
        line->y = y;
        line->height = line->row_count > 1 ? GAP_HEIGHT : LINE_HEIGHT;
        y += line->height + line->key_lines * KEY_HEIGHT + LINE_SPACE;
    }
    return y;
}

/* The description of a box, for those who point at it and for those who do not see it. */
static const char *box_words(const struct box *box)
{
    uint64_t offset_bits = box->offset_bits;
    const char *where =
        cli_printf("%s at %s", layout_amount_text(box->size_bits), layout_offset_text(offset_bits));
    if (box->kind == BOX_HOLE)
        return cli_printf("padding, %s", where);
    return cli_printf("%s: %s, %s", box->name, box->type, where);
}

static void draw_labels(struct drawing *drawing, const struct segment *segment, int y)
{
    struct canvas *canvas = drawing->canvas;
    const struct box *box = segment->box;
    int room = segment->width - 2 * TEXT_SPACE, x = segment->x + TEXT_SPACE;
    bool is_hole = box->kind == BOX_HOLE;
    switch (segment->label) {
    case SEGMENT_PLAIN: break;
    case SEGMENT_NAMED:
        canvas_text(canvas, is_hole ? "d" : "t b", x, y + 16,
                    markup_cut(box->name, canvas_columns(room)));
        if (canvas_small_width(box->type) <= room || room >= 60)
            canvas_text(canvas, "d s", x, y + 31,
                        markup_cut(box->type, canvas_small_columns(room)));
        break;
    case SEGMENT_CONTINUED:
        if (room >= 16)
            canvas_text(canvas, "d s", x, y + 16,
                        markup_cut(is_hole ? "padding" : cli_printf("\xE2\x80\xA6 %s", box->name),
                                   canvas_small_columns(room)));
        break;
    case SEGMENT_KEYED: {
        const struct line *line = &drawing->lines[segment->last_line];
        const char name[] = {segment->key, '\0'};
        canvas_text(canvas, "t c s", segment->x + segment->width / 2, y + 23, name);
        canvas_text(canvas, "d s", drawing->grid_x + segment->key_x,
                    line->y + line->height + 12 + segment->key_line * KEY_HEIGHT,
                    segment->key_text);
        break;
    }
    }
}

static const char *tone_of(const struct box *box)
{
    switch (box->kind) {
    case BOX_FIELD: return cli_printf("f%u", box->tone);
    case BOX_TAG: return "tag";
    case BOX_UNION: return "u";
    case BOX_HOLE: break;
    }
    return "h";
}

static void draw_segment(struct drawing *drawing, const struct segment *segment)
{
    struct canvas *canvas = drawing->canvas;
    const struct line *first = &drawing->lines[segment->first_line];
    const struct line *last = &drawing->lines[segment->last_line];
    int height = last->y + last->height - first->y;
    if (segment->box->kind == BOX_HOLE)
        canvas_hatched(canvas, segment->x, first->y, segment->width, height);
    else
        canvas_box(canvas, tone_of(segment->box), segment->x, first->y, segment->width, height);
    draw_labels(drawing, segment, first->y);
    for (size_t i = segment->first_line; i <= segment->last_line; i++)
        if (drawing->lines[i].row_count > 1)
            canvas_text(canvas, "d s c", segment->x + segment->width / 2,
                        drawing->lines[i].y + GAP_HEIGHT / 2 + 4,
                        cli_printf("\xE2\x8B\xAE %llu rows alike",
                                   (unsigned long long)drawing->lines[i].row_count));
}

static void draw_boxes(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->segment_count; i++) {
        const struct box *box = drawing->segments[i].box;
        bool begins = i == 0 || drawing->segments[i - 1].box != box;
        bool ends = i + 1 == drawing->segment_count || drawing->segments[i + 1].box != box;
        if (begins)
            canvas_part(drawing->canvas, box_words(box),
                        cli_printf("data-offset-bits=\"%llu\" data-size-bits=\"%llu\"",
                                   (unsigned long long)box->offset_bits,
                                   (unsigned long long)box->size_bits));
        draw_segment(drawing, &drawing->segments[i]);
        if (ends)
            canvas_part_end(drawing->canvas);
    }
}

/* The offsets at the left, and what is left out. */
static void draw_margin(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->line_count; i++) {
        const struct line *line = &drawing->lines[i];
        int x = drawing->grid_x - 8;
        if (line->is_left_out)
            canvas_text(drawing->canvas, "d s c", drawing->grid_x + GRID_WIDTH / 2,
                        line->y + GAP_HEIGHT / 2 + 4,
                        cli_printf("\xE2\x8B\xAE %llu rows with %zu fields are not drawn",
                                   (unsigned long long)line->row_count, drawing->hidden));
        else if (line->row_count == 1)
            canvas_text(drawing->canvas, "d e", x, line->y + 23,
                        cli_printf("%llu", (unsigned long long)line->row * ROW_BITS / 8));
    }
}

/* Fields without a byte, and the end of the description. */
static void draw_empty_fields(struct drawing *drawing, int y)
{
    for (size_t i = 0; i < drawing->section->count; i++) {
        const struct box *box = &drawing->section->boxes[i];
        if (box->size_bits)
            continue;
        const char *text = cli_printf("%s %s: no bytes, at %s", box->name, box->type,
                                      layout_offset_text(box->offset_bits));
        canvas_part(drawing->canvas, box_words(box), NULL);
        canvas_text(drawing->canvas, "d s", drawing->grid_x, y + 12,
                    markup_cut(text, canvas_small_columns(GRID_WIDTH)));
        canvas_part_end(drawing->canvas);
        y += KEY_HEIGHT;
    }
}

static void draw_ruler(struct drawing *drawing, int y)
{
    for (int byte = 0; byte < 8; byte++)
        canvas_text(drawing->canvas, "d s c", drawing->grid_x + byte * 80 + 40, y,
                    cli_printf("%d", byte));
}

static void describe_section(struct canvas *canvas, const struct section *section)
{
    if (section->title)
        text_printf(&canvas->words, "%s%s%s: ", section->title, section->note ? ", " : "",
                    section->note ? section->note : "");
    for (size_t i = 0; i < section->count && i < WORDS_MAX; i++)
        text_printf(&canvas->words, "%s%s", i ? "; " : "", box_words(&section->boxes[i]));
    if (section->count > WORDS_MAX)
        text_printf(&canvas->words, "; and %zu more", section->count - WORDS_MAX);
    text_puts(&canvas->words, ".\n");
}

/* As wide as the largest offset needs, so that sections stand below each other. */
static int margin_width(const struct view *view)
{
    uint64_t size_bytes = abide_layout_size_bytes(view->layout);
    return canvas_text_width(cli_printf("%llu", (unsigned long long)size_bytes)) + 8;
}

static void draw_section(struct canvas *canvas, const struct section *section, int grid_x)
{
    struct drawing drawing = {.canvas = canvas, .section = section, .grid_x = grid_x};
    drawing.lines = cli_alloc(6 * section->count + 1, sizeof *drawing.lines);
    drawing.segments = cli_alloc(3 * section->count + 1, sizeof *drawing.segments);
    for (size_t i = 0; i < section->count; i++)
        add_lines_of(&drawing, &section->boxes[i]);
    leave_lines_out(&drawing);
    for (size_t i = 0; i < section->count; i++)
        if (section->boxes[i].size_bits)
            add_segments_of(&drawing, &section->boxes[i]);
    label_all(&drawing);
    int y = canvas->height + 4;
    if (section->title) {
        const char *title = markup_cut(section->title, 60);
        canvas_text(canvas, "t b", grid_x, y + 4, title);
        if (section->note)
            canvas_text(canvas, "d", grid_x + canvas_text_width(title) + 12, y + 4, section->note);
        y += 16;
    }
    if (drawing.line_count)
        draw_ruler(&drawing, y + 8);
    y = place_lines(&drawing, y + 14);
    draw_boxes(&drawing);
    draw_margin(&drawing);
    draw_empty_fields(&drawing, y);
    describe_section(canvas, section);
    canvas_reach(canvas, grid_x + GRID_WIDTH, y - CANVAS_MARGIN + 6);
}

const char *picture_layout_facts(const struct subject *subject, const struct view *view)
{
    return cli_printf("%s, %s, align %llu", abide_type_kind_name(subject->type),
                      layout_amount_text(abide_layout_size_bytes(view->layout) * 8),
                      (unsigned long long)abide_layout_align_bytes(view->layout));
}

static void draw_heading(struct canvas *canvas, const char *name, const char *facts, int width)
{
    int y = canvas->height ? canvas->height + 16 : CANVAS_MARGIN;
    canvas_text(canvas, "t n", CANVAS_MARGIN, y + 14, markup_cut(name, 60));
    canvas_text(canvas, "d", CANVAS_MARGIN, y + 34, markup_cut(facts, canvas_columns(width)));
    canvas_reach(canvas, CANVAS_MARGIN + width, y + 34 - CANVAS_MARGIN + 8);
}

void picture_layout(struct cli *cli, const struct subject *subject, const struct view *view,
                    bool is_named, struct canvas *canvas)
{
    struct sections sections = sections_of(cli, subject, view);
    const char *name = abide_type_name(subject->type);
    const char *facts = picture_layout_facts(subject, view);
    int margin = margin_width(view);
    if (is_named)
        draw_heading(canvas, name, cli_printf("%s   (%s)", facts, layout_view_text(view)),
                     GRID_WIDTH + margin);
    else if (!canvas->height)
        canvas->height = 10;
    text_printf(&canvas->words, "%s, %s\n", name, facts);
    for (size_t i = 0; i < sections.count; i++)
        draw_section(canvas, &sections.items[i], CANVAS_MARGIN + margin);
    if (sections.left_out)
        canvas_text(
            canvas, "d", CANVAS_MARGIN, canvas->height + 8,
            cli_printf("%zu members of unions, or cases, are not drawn", sections.left_out));
}
