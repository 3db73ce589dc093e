/* The library in C's own forms. */
#include <stdlib.h>
#include <string.h>

enum { MOST_CELLS = 8 };

struct database {
    const char *message;
    struct named {
        char *name;
        define_does does;
    } functions[4];
    size_t function_count;
};

struct statement {
    database *of;
    char *rest, *copy;
    value bound[MOST_CELLS], cells[MOST_CELLS];
    size_t bound_count, cell_count;
    char *kept[MOST_CELLS]; /* what the cells of this row have of their own */
    bind_static_done done[MOST_CELLS];
    size_t done_bytes[MOST_CELLS], done_count;
};

static uint32_t alive;

uint32_t db_alive(void)
{
    return alive;
}

static char *copy_text(const char *text, size_t len)
{
    char *copy = calloc(len + 1, 1);
    memcpy(copy, text, len);
    return copy;
}

int db_open(char *path, mode how, database **result)
{
    if (!(how & (mode_memory | mode_create)) || strcmp(path, ":memory:") != 0)
        return fault_misuse;
    *result = calloc(1, sizeof **result);
    (*result)->message = "";
    alive++;
    return 0;
}

void db_close(database *d)
{
    for (size_t i = 0; i < d->function_count; i++) {
        d->functions[i].does.drop(d->functions[i].does.env);
        free(d->functions[i].name);
        alive--;
    }
    free(d);
    alive--;
}

int db_prepare(database *d, char *sql, size_t sql_len, statement **result)
{
    if (sql_len == 0) {
        d->message = "nöthing to do";
        return fault_failed;
    }
    *result = calloc(1, sizeof **result);
    (*result)->of = d;
    (*result)->rest = (*result)->copy = copy_text(sql, sql_len);
    alive++;
    return 0;
}

static void end_row(statement *s)
{
    for (size_t i = 0; i < s->cell_count; i++) {
        free(s->kept[i]);
        s->kept[i] = NULL;
    }
    s->cell_count = 0;
}

void db_finalize(statement *s)
{
    end_row(s);
    for (size_t i = 0; i < s->done_count; i++)
        s->done[i].code(s->done_bytes[i], s->done[i].env);
    for (size_t i = 0; i < s->bound_count; i++)
        if (s->bound[i].tag == 3)
            free(s->bound[i].payload.text);
        else if (s->bound[i].tag == 4 && s->bound[i].payload.blob.len && s->done_count == 0)
            free(s->bound[i].payload.blob.ptr);
    free(s->copy);
    free(s);
    alive--;
}

static value *place_of(statement *s, uint32_t at)
{
    if (at == 0 || at > MOST_CELLS)
        return NULL;
    s->bound_count = at > s->bound_count ? at : s->bound_count;
    return &s->bound[at - 1];
}

int db_bind(statement *s, uint32_t at, value v)
{
    value *place = place_of(s, at);
    if (!place)
        return fault_range;
    *place = v;
    if (v.tag == 3)
        place->payload.text = copy_text(v.payload.text, strlen(v.payload.text));
    if (v.tag == 4)
        place->payload.blob.ptr =
            (uint8_t *)copy_text((char *)v.payload.blob.ptr, v.payload.blob.len);
    return 0;
}

int db_bind_static(statement *s, uint32_t at, uint8_t *data, size_t data_len, bind_static_done done)
{
    value *place = place_of(s, at);
    if (!place) {
        done.drop(done.env);
        return fault_range;
    }
    place->tag = 4;
    place->payload.blob.ptr = data;
    place->payload.blob.len = data_len;
    s->done_bytes[s->done_count] = data_len;
    s->done[s->done_count++] = done;
    return 0;
}

static value call(statement *s, const char *name, size_t len, size_t cell)
{
    value v = {0};
    for (size_t i = 0; i < s->of->function_count; i++) {
        struct named *f = &s->of->functions[i];
        if (strlen(f->name) != len || memcmp(f->name, name, len) != 0)
            continue;
        gift g = f->does.code(s->bound, s->bound_count, f->does.env);
        v.tag = g.tag == 2 ? 3 : g.tag;
        v.payload.integer = g.payload.integer;
        if (g.tag == 2) {
            v.payload.text = s->kept[cell] = copy_text(g.payload.text.ptr, g.payload.text.len);
            free(g.payload.text.ptr);
        }
    }
    return v;
}

static value read_cell(statement *s, char *text, size_t len, size_t cell)
{
    value v = {0};
    if (len > 2 && text[len - 1] == ')')
        return call(s, text, len - 2, cell);
    if (text[0] == '?')
        return s->bound[text[1] - '1'];
    if (text[0] == '\'') {
        v.tag = 3;
        v.payload.text = s->kept[cell] = copy_text(text + 1, len - 2);
    } else if (memchr(text, '.', len)) {
        v.tag = 2;
        v.payload.real = strtod(text, NULL);
    } else if (text[0] != 'n') {
        v.tag = 1;
        v.payload.integer = strtoll(text, NULL, 10);
    }
    return v;
}

int db_advance(statement *s, step *result)
{
    end_row(s);
    *result = *s->rest ? step_row : step_done;
    while (*s->rest) {
        size_t len = strcspn(s->rest, ",;");
        s->cells[s->cell_count] = read_cell(s, s->rest, len, s->cell_count);
        s->cell_count++;
        char end = s->rest[len];
        s->rest += len + (end != 0);
        if (end == ';')
            break;
    }
    return 0;
}

cell_result db_cell(statement *s, uint32_t column)
{
    cell_result none = {0};
    return column < s->cell_count ? (cell_result){true, s->cells[column]} : none;
}

char *db_text(statement *s, uint32_t column)
{
    return column < s->cell_count && s->cells[column].tag == 3 ? s->cells[column].payload.text
                                                               : NULL;
}

value_payload_blob db_blob(statement *s, uint32_t column)
{
    value_payload_blob none = {0};
    return column < s->cell_count && s->cells[column].tag == 4 ? s->cells[column].payload.blob
                                                               : none;
}

char *db_message(database *d)
{
    return (char *)d->message;
}

int db_define(database *d, char *name, define_does does)
{
    if (d->function_count == 2) {
        does.drop(does.env);
        return fault_busy;
    }
    d->functions[d->function_count++] = (struct named){copy_text(name, strlen(name)), does};
    alive++;
    return 0;
}

int db_each(database *d, char *sql, size_t sql_len, each_row row, uint64_t *result)
{
    statement *s;
    step stepped;
    string names[MOST_CELLS] = {{"first", 5}, {"zwöl", 5}, {"", 0}};
    int status = db_prepare(d, sql, sql_len, &s);
    if (status != 0)
        return status;
    *result = 0;
    while (db_advance(s, &stepped) == 0 && stepped == step_row && ++*result)
        if (!row.code(s->cells, s->cell_count, names, s->cell_count < 3 ? s->cell_count : 3,
                      row.env))
            break;
    db_finalize(s);
    return 0;
}

names_result db_names(database *d)
{
    names_result all = {calloc(d->function_count + 1, sizeof *all.ptr), d->function_count};
    for (size_t i = 0; i < all.len; i++) {
        all.ptr[i].len = strlen(d->functions[i].name);
        all.ptr[i].ptr = copy_text(d->functions[i].name, all.ptr[i].len);
    }
    return all;
}
