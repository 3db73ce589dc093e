/* One file of several models: what they have in common stands once, and the rest in sections that compilers choose among. */
#include "bind.h"

#include <string.h>

const char *take_text(struct text *text)
{
    const char *copy = cli_copy(text->chars ? text->chars : "", text->length_bytes);
    text_free(text);
    *text = (struct text){0};
    return copy;
}

struct chunk *add_chunk(struct chunks *chunks, struct text *text)
{
    if (chunks->count == chunks->capacity) {
        chunks->capacity = chunks->count ? 2 * chunks->count : 64;
        struct chunk *copy = cli_alloc(chunks->capacity, sizeof *copy);
        if (chunks->count)
            memcpy(copy, chunks->items, chunks->count * sizeof *copy);
        chunks->items = copy;
    }
    struct chunk *chunk = &chunks->items[chunks->count++];
    *chunk = (struct chunk){.text = take_text(text)};
    chunk->key = chunk->text;
    return chunk;
}

void add_left_out(struct chunks *chunks, struct text *text, const char *indent, const char *start,
                  const struct routine *routine, const char *why)
{
    print_routine_comment(text, indent, start, routine);
    print_comment(text, indent, start,
                  routine->absence ? cli_printf("Not on this target: %s.", routine->absence) : why);
    struct chunk *chunk = add_chunk(chunks, text);
    chunk->key = cli_printf("%s is left out", routine->name);
    chunk->why = routine->absence ? routine->absence : why;
}

/* ---- merging ---- */

/* Where chunks stand last: indexes + 1, by their keys. */
struct places {
    const struct chunks *chunks;
    size_t *slots;
    size_t count;
};

static size_t *find_place(const struct places *places, const char *key)
{
    size_t at = 5381;
    for (const char *c = key; *c; c++)
        at = at * 33 + (unsigned char)*c;
    while (places->slots[at % places->count] &&
           strcmp(places->chunks->items[places->slots[at % places->count] - 1].key, key) != 0)
        at++;
    return &places->slots[at % places->count];
}

static struct places make_places(const struct chunks *chunks)
{
    size_t count = 2 * chunks->count + 1;
    struct places places = {chunks, cli_alloc(count, sizeof(size_t)), count};
    for (size_t i = 0; i < chunks->count; i++)
        *find_place(&places, chunks->items[i].key) = i + 1;
    return places;
}

/* How far behind `index` a chunk stands; SIZE_MAX: it does not. */
static size_t distance(const struct places *places, const char *key, size_t index)
{
    size_t found = *find_place(places, key);
    return found > index ? found - index : SIZE_MAX;
}

void take_chunk(struct chunks *chunks, const struct chunk *chunk)
{
    struct text text = {0};
    *add_chunk(chunks, &text) = *chunk;
}

/* What is the same in both is one chunk, unless the two have it in another order: then each keeps its own. */
static struct chunks merge(const struct chunks *all, const struct chunks *own, size_t model)
{
    const struct places in_all = make_places(all), in_own = make_places(own);
    struct chunks merged = {0};
    size_t i = 0, k = 0;
    while (i < all->count || k < own->count) {
        const struct chunk *a = i < all->count ? &all->items[i] : NULL;
        const struct chunk *b = k < own->count ? &own->items[k] : NULL;
        if (a && b && strcmp(a->key, b->key) == 0) {
            take_chunk(&merged, a);
            merged.items[merged.count - 1].models[model] = true;
            i++;
            k++;
        } else if (!b || (a && distance(&in_own, a->key, k) >= distance(&in_all, b->key, i))) {
            take_chunk(&merged, a);
            i++;
        } else {
            take_chunk(&merged, b);
            k++;
        }
    }
    return merged;
}

struct chunks merge_chunks(const struct file *file, make_chunks *make)
{
    struct chunks all = {0};
    for (size_t m = 0; m < file->model_count; m++) {
        struct chunks own = {0};
        make(&file->models[m], &own);
        for (size_t i = 0; i < own.count; i++) {
            own.items[i].models = cli_alloc(file->model_count, sizeof(bool));
            own.items[i].models[m] = true;
        }
        all = m ? merge(&all, &own, m) : own;
    }
    return all;
}

bool is_common(const struct file *file, const struct chunk *chunk)
{
    for (size_t m = 0; m < file->model_count; m++)
        if (!chunk->models[m])
            return false;
    return true;
}

bool same_models(const struct file *file, const struct chunk *a, const struct chunk *b)
{
    return memcmp(a->models, b->models, file->model_count * sizeof *a->models) == 0;
}

/* ---- conditions ---- */

/* `format` with texts in the place of each %s. */
static const char *fill(const char *format, const char *first, const char *second)
{
    const char *at = strstr(format, "%s");
    return at ? cli_printf("%.*s%s%s", (int)(at - format), format, first,
                           fill(at + 2, second, second))
              : format;
}

/* The condition of all targets of a model. */
static const char *condition_of(const struct model *model, const struct choice *choice)
{
    const char *text = "";
    for (size_t t = 0; t < model->target_count; t++) {
        const char *guard = target_guard(&model->targets[t], choice->key);
        if (guard && model->is_own[t])
            text = cli_printf("%s%s%s", text, *text ? choice->between : "",
                              fill(choice->one, guard, ""));
    }
    return text;
}

void print_choice(const struct file *file, const struct choice *choice, struct text *text)
{
    if (file->model_count == 1)
        return;
    text_puts(text, choice->head);
    const char *format = choice->first;
    for (size_t m = 0; m < file->model_count; m++) {
        const char *condition = condition_of(&file->models[m], choice);
        if (!*condition)
            continue;
        text_puts(text, fill(format, condition, cli_printf("%zu", m + 1)));
        format = choice->next;
    }
    text_puts(text, choice->end);
}

static const char *sections_of(const struct file *file, const struct choice *choice,
                               const struct chunk *chunk)
{
    const char *text = "";
    for (size_t m = 0; m < file->model_count; m++)
        if (chunk->models[m])
            text = cli_printf("%s%s%s", text, *text ? choice->or_is : "",
                              fill(choice->is, cli_printf("%zu", m + 1), ""));
    return text;
}

/* ---- printing ---- */

void print_indented(struct text *text, const char *indent, const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        text_puts(text, length ? indent : "");
        text_add(text, lines, length);
        text_puts(text, "\n");
        lines += length + (lines[length] == '\n');
    }
}

static bool share_models(const struct file *file, const struct chunk *a, const struct chunk *b)
{
    for (size_t m = 0; m < file->model_count; m++)
        if (a->models[m] && b->models[m])
            return true;
    return false;
}

/* Chunks next to one another, and the first one of each group of them that the same models have. No model is in two groups. */
struct run {
    const struct chunks *chunks;
    size_t first, end;
    size_t *groups, group_count;
};

/* Whether the next chunk is of a group of the run, or of a new one. */
static bool extends(const struct file *file, struct run *run, const struct chunk *chunk)
{
    if (is_common(file, chunk))
        return false;
    for (size_t g = 0; g < run->group_count; g++) {
        const struct chunk *other = &run->chunks->items[run->groups[g]];
        if (same_models(file, other, chunk))
            return true;
        if (share_models(file, other, chunk))
            return false;
    }
    run->groups[run->group_count++] = run->end;
    return true;
}

static struct run find_run(const struct file *file, const struct chunks *chunks, size_t first)
{
    struct run run = {chunks, first, first, cli_alloc(file->model_count, sizeof(size_t)), 0};
    while (run.end < chunks->count && extends(file, &run, &chunks->items[run.end]))
        run.end++;
    return run;
}

static bool is_comment(const char *lines)
{
    for (; *lines; lines += strcspn(lines, "\n"), lines += *lines == '\n') {
        size_t blanks = strspn(lines, " ");
        if (lines[blanks] != '#' && lines[blanks] != '\n' && lines[blanks])
            return false;
    }
    return true;
}

/* What the chunks of a group declare. */
static const char *group_text(const struct file *file, const struct run *run, size_t group)
{
    struct text text = {0};
    for (size_t i = run->groups[group]; i < run->end; i++)
        if (same_models(file, &run->chunks->items[i], &run->chunks->items[run->groups[group]]))
            text_puts(&text, run->chunks->items[i].text);
    return take_text(&text);
}

static void print_run(const struct file *file, const struct run *run, const struct choice *choice,
                      struct text *text)
{
    for (size_t g = 0; g < run->group_count; g++) {
        const char *lines = group_text(file, run, g);
        text_puts(text, g == 0 && *lines == '\n' ? "\n" : "");
        text_puts(text, fill(g ? choice->other : choice->open,
                             sections_of(file, choice, &run->chunks->items[run->groups[g]]), ""));
        print_indented(text, choice->indent, lines + strspn(lines, "\n"));
        if (*choice->nothing && is_comment(lines))
            text_printf(text, "%s%s\n", choice->indent, choice->nothing);
    }
    text_puts(text, choice->close);
}

void print_chunks(const struct file *file, const struct chunks *chunks, const struct choice *choice,
                  struct text *text)
{
    for (size_t i = 0; i < chunks->count;) {
        if (is_common(file, &chunks->items[i])) {
            text_puts(text, chunks->items[i++].text);
            continue;
        }
        struct run run = find_run(file, chunks, i);
        print_run(file, &run, choice, text);
        i = run.end;
    }
}
