/* A program in C's own forms. */
#include "must.h"

void db_close(database *d);
void db_finalize(statement *s);

typedef struct {
    int calls, drops;
} counter;

static void at_end(size_t bytes, void *env)
{
    ((counter *)env)->calls += (int)bytes;
}

static void drop(void *env)
{
    ((counter *)env)->drops++;
}

static value text_value(char *text)
{
    return (value){.tag = 3, .payload.text = text};
}

static void look_at_cells(database *d)
{
    static char sql[] = "7,2.5,'k\xc3\xa4se',null,?1,?2;-9";
    uint8_t data[] = {1, 2, 0, 255};
    counter first = {0}, second = {0};
    statement *s;
    step stepped;
    EXPECT(use_prepare(d, sql, sizeof sql - 1, &s) == 0);
    EXPECT(use_bind(s, 1, text_value("bound")) == 0);
    EXPECT(use_bind(s, 9, (value){.tag = 1, .payload.integer = 1}) == fault_range);
    EXPECT(use_bind_static(s, 2, data, 4, (bind_static_done){at_end, &first, drop}) == 0);
    EXPECT(use_bind_static(s, 77, data, 4, (bind_static_done){at_end, &second, drop}) ==
           fault_range);
    EXPECT(use_advance(s, &stepped) == 0 && stepped == step_row);
    cell_result v = use_cell(s, 0);
    EXPECT(v.has && v.value.tag == 1 && v.value.payload.integer == 7);
    v = use_cell(s, 1);
    EXPECT(v.has && v.value.tag == 2 && v.value.payload.real == 2.5);
    EXPECT(strcmp(use_text(s, 2), "k\xc3\xa4se") == 0 && !use_text(s, 0));
    EXPECT(use_cell(s, 3).value.tag == 0 && !use_cell(s, 6).has);
    v = use_cell(s, 4);
    EXPECT(v.has && v.value.tag == 3 && strcmp(v.value.payload.text, "bound") == 0);
    data[0] = 77;
    EXPECT(use_blob(s, 5).ptr == data && use_blob(s, 5).len == 4 && use_blob(s, 1).len == 0);
    EXPECT(use_advance(s, &stepped) == 0 && use_cell(s, 0).value.payload.integer == -9);
    EXPECT(use_advance(s, &stepped) == 0 && stepped == step_done && first.calls == 0);
    db_finalize(s);
    EXPECT(first.calls == 4 && first.drops == 0 && second.calls == 0 && second.drops == 1);
}

static gift concat(value *args, size_t args_len, void *env)
{
    char *text = malloc(100);
    size_t len = 0;
    for (size_t i = 0; i < args_len; i++)
        len += (size_t)(args[i].tag == 3 ? sprintf(text + len, "%s", args[i].payload.text)
                                         : sprintf(text + len, "%d", (int)args[i].payload.integer));
    text[len++] = '!';
    ((counter *)env)->calls++;
    return (gift){.tag = 2, .payload.text = {text, len}};
}

static gift count(value *args, size_t args_len, void *env)
{
    (void)args;
    return (gift){.tag = 1, .payload.integer = (int64_t)args_len + ((counter *)env)->calls};
}

static void use_functions(database *d, counter *c)
{
    static char sql[] = "concat(),count();count()";
    statement *s;
    step stepped;
    EXPECT(use_define(d, "concat", (define_does){concat, c, drop}) == 0);
    EXPECT(use_define(d, "count", (define_does){count, c, drop}) == 0);
    EXPECT(use_define(d, "late", (define_does){concat, c, drop}) == fault_busy && c->drops == 1);
    names_result names = use_names(d);
    EXPECT(names.len == 2 && names.ptr[0].len == 6 && memcmp(names.ptr[0].ptr, "concat", 6) == 0);
    EXPECT(names.ptr[1].len == 5 && memcmp(names.ptr[1].ptr, "count", 5) == 0);
    free(names.ptr[0].ptr);
    free(names.ptr[1].ptr);
    free(names.ptr);
    EXPECT(use_prepare(d, sql, sizeof sql - 1, &s) == 0);
    EXPECT(use_bind(s, 2, text_value("x")) == 0);
    EXPECT(use_bind(s, 1, (value){.tag = 1, .payload.integer = 40}) == 0);
    EXPECT(use_advance(s, &stepped) == 0 && strcmp(use_text(s, 0), "40x!") == 0);
    EXPECT(use_cell(s, 1).value.payload.integer == 3 && c->calls == 1);
    db_finalize(s);
}

struct seen {
    int64_t sum;
    char names[100];
};

static bool see_row(value *cells, size_t cells_len, string *names, size_t names_len, void *env)
{
    struct seen *seen = env;
    seen->sum += cells[0].payload.integer;
    for (size_t i = 0; i < names_len; i++)
        strncat(seen->names, names[i].ptr, names[i].len);
    if (cells_len > 1)
        strcat(seen->names, cells[1].payload.text);
    return cells[0].payload.integer < 2;
}

uint32_t consume(void)
{
    database *d;
    counter c = {0};
    struct seen seen = {0};
    uint64_t rows;
    expectations = 0;
    EXPECT(use_open("nowhere", mode_create, &d) == fault_misuse);
    EXPECT(use_open(":memory:", mode_create | mode_memory, &d) == 0 && !*use_message(d));
    look_at_cells(d);
    use_functions(d, &c);
    EXPECT(use_each(d, "1,'a';2,'bc';3", 14, (each_row){see_row, &seen}, &rows) == 0 && rows == 2);
    EXPECT(seen.sum == 3 && strcmp(seen.names, "firstzw\xc3\xb6l"
                                               "afirstzw\xc3\xb6l"
                                               "bc") == 0);
    EXPECT(use_each(d, "", 0, (each_row){see_row, &seen}, &rows) == fault_failed);
    EXPECT(strcmp(use_message(d), "n\xc3\xb6thing to do") == 0);
    db_close(d);
    EXPECT(c.drops == 3 && use_alive() == 0);
    return expectations;
}
