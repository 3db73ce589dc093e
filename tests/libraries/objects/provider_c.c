/* The library in C's own forms: texts that end in a NUL, functions with data and a destroy notify. */
#include <stdlib.h>
#include <string.h>

typedef bool handler_code(object *, property, void *);
typedef void ready_code(object *, property, error *, void *);
typedef void drop_code(void *);

struct error {
    domain domain;
    int32_t code;
    const char *text;
};

struct object {
    uint32_t references;
    char *name;
    struct {
        char *name;
        property value;
    } properties[8];
    size_t property_count;
    struct {
        char *signal;
        handler_code *run;
        void *data;
        drop_code *drop;
    } handlers[4]; /* with the number of the place plus 1; without code: free */
};

static struct {
    object *o;
    char *path;
    ready_code *done;
    void *data;
} waiting;
static int32_t alive;

int32_t ob_alive(void)
{
    return alive;
}

static char *copied(const char *text)
{
    return memcpy(malloc(strlen(text) + 1), text, strlen(text) + 1);
}

static property copy(property p)
{
    if (p.tag == 4)
        p.payload.text = copied(p.payload.text);
    if (p.tag == 5) {
        char **list = malloc((p.payload.strings.len + 1) * sizeof *list);
        for (size_t i = 0; i < p.payload.strings.len; i++)
            list[i] = copied(p.payload.strings.ptr[i]);
        p.payload.strings.ptr = list;
    }
    return p;
}

static void end(property p)
{
    if (p.tag == 4)
        free(p.payload.text);
    for (size_t i = 0; p.tag == 5 && i < p.payload.strings.len; i++)
        free(p.payload.strings.ptr[i]);
    if (p.tag == 5)
        free(p.payload.strings.ptr);
}

static error *failure(domain domain, int32_t code, const char *text)
{
    error *e = malloc(sizeof *e);
    *e = (error){domain, code, text};
    alive++;
    return e;
}

void ob_error_free(error *e)
{
    free(e);
    alive--;
}

uint32_t ob_error_domain(error *e)
{
    return e->domain;
}

int32_t ob_error_code(error *e)
{
    return e->code;
}

char *ob_error_text(error *e)
{
    return (char *)e->text;
}

object *ob_new(char *name)
{
    object *o = calloc(1, sizeof *o);
    o->references = 1;
    o->name = copied(name);
    alive++;
    return o;
}

object *ob_ref(object *o)
{
    o->references++;
    return o;
}

void ob_unref(object *o)
{
    if (--o->references)
        return;
    for (size_t i = 0; i < o->property_count; i++) {
        free(o->properties[i].name);
        end(o->properties[i].value);
    }
    for (uint64_t id = 1; id <= 4; id++)
        ob_disconnect(o, id);
    free(o->name);
    free(o);
    alive--;
}

bool ob_same(object *a, object *b)
{
    return a == b;
}

char *ob_name(object *o)
{
    return o->name;
}

static error *keep(object *o, char *name, property value)
{
    size_t i = 0;
    if (!*name)
        return failure(domain_parse, -2, "no n\xc3\xa4me");
    while (i < o->property_count && strcmp(o->properties[i].name, name) != 0)
        i++;
    if (i < o->property_count) {
        end(o->properties[i].value);
    } else {
        o->properties[o->property_count++].name = copied(name);
    }
    o->properties[i].value = value;
    return NULL;
}

bool ob_set(object *o, char *name, property p, error **failed)
{
    property value = copy(p);
    *failed = keep(o, name, value);
    if (*failed)
        end(value);
    return !*failed;
}

property ob_get(object *o, char *name)
{
    for (size_t i = 0; i < o->property_count; i++)
        if (strcmp(o->properties[i].name, name) == 0)
            return copy(o->properties[i].value);
    return (property){0};
}

put_result ob_put(object *o, char *name, property p)
{
    error *failed = keep(o, name, p);
    if (!failed)
        return (put_result){.tag = 0, .payload.ok = o};
    end(p);
    ob_unref(o);
    return (put_result){.tag = 1, .payload.err = failed};
}

uint64_t ob_connect(object *o, char *signal, handler_code *run, void *data, drop_code *drop)
{
    for (uint64_t i = 0; i < 4; i++) {
        if (o->handlers[i].run)
            continue;
        o->handlers[i].signal = copied(signal);
        o->handlers[i].run = run;
        o->handlers[i].data = data;
        o->handlers[i].drop = drop;
        alive++;
        return i + 1;
    }
    drop(data);
    return 0;
}

bool ob_disconnect(object *o, uint64_t id)
{
    if (id == 0 || id > 4 || !o->handlers[id - 1].run)
        return false;
    o->handlers[id - 1].run = NULL;
    free(o->handlers[id - 1].signal);
    o->handlers[id - 1].drop(o->handlers[id - 1].data);
    alive--;
    return true;
}

uint32_t ob_emit(object *o, char *signal, property detail)
{
    uint32_t count = 0;
    for (size_t i = 0; i < 4; i++)
        if (o->handlers[i].run && strcmp(o->handlers[i].signal, signal) == 0)
            count += o->handlers[i].run(o, detail, o->handlers[i].data);
    return count;
}

/* What a path leads to is the path itself. */
bool ob_load(object *o, char *path, own_slice_u8 *content, error **failed)
{
    (void)o;
    bool is_there = path[0] == '/';
    *failed = is_there ? NULL : failure(domain_io, 2, "not there");
    *content = (own_slice_u8){0};
    if (is_there)
        *content = (own_slice_u8){(uint8_t *)copied(path), strlen(path)};
    return is_there;
}

query_result ob_query(object *o, char *path)
{
    (void)o;
    if (path[0] != '/')
        return (query_result){.tag = 1, .payload.err = failure(domain_io, 2, "not there")};
    info i = {copied(path + 1), strlen(path), path[1] == 'e' ? copied("tag") : NULL};
    return (query_result){.tag = 0, .payload.ok = i};
}

property_payload_strings ob_names(object *o)
{
    property_payload_strings all = {malloc((o->property_count + 1) * sizeof *all.ptr),
                                    o->property_count};
    for (size_t i = 0; i < all.len; i++)
        all.ptr[i] = copied(o->properties[i].name);
    return all;
}

void ob_load_later(object *o, char *path, ready_code *done, void *data, drop_code *drop)
{
    if (waiting.o) { /* there is room for one */
        drop(data);
        return;
    }
    waiting.o = ob_ref(o);
    waiting.path = copied(path);
    waiting.done = done;
    waiting.data = data;
    alive++;
}

bool ob_iterate(void)
{
    object *o = waiting.o;
    own_slice_u8 content;
    error *failed;
    property outcome = {0};
    if (!o)
        return false;
    if (ob_load(o, waiting.path, &content, &failed))
        outcome = (property){.tag = 4, .payload.text = (char *)content.ptr};
    waiting.o = NULL;
    alive--;
    waiting.done(o, outcome, failed, waiting.data); /* which also ends itself, and the error */
    end(outcome);
    free(waiting.path);
    ob_unref(o);
    return true;
}
