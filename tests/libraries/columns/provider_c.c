/* The library in C's own forms. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t alive;

int64_t columns_alive(void)
{
    return alive;
}

static void end_array(arrow_array *a)
{
    free((void *)a->buffers[1]);
    free((void *)a->buffers);
    a->release = NULL;
    alive--;
}

static void make_array(int64_t first, int64_t count, arrow_array *into)
{
    const void **buffers = calloc(2, sizeof *buffers);
    int64_t *values = calloc((size_t)count + 1, sizeof *values);
    for (int64_t i = 0; i < count; i++)
        values[i] = (first + i) * (first + i);
    buffers[1] = values;
    *into =
        (arrow_array){.length = count, .n_buffers = 2, .buffers = buffers, .release = end_array};
    alive++;
}

static void end_schema(arrow_schema *s)
{
    free(s->private_data);
    s->release = NULL;
    alive--;
}

static void make_schema(const char *name, arrow_schema *into)
{
    char *copy = memcpy(malloc(strlen(name) + 1), name, strlen(name) + 1);
    *into = (arrow_schema){.format = "l",
                           .name = copy,
                           .flags = schema_flags_nullable,
                           .release = end_schema,
                           .private_data = copy};
    alive++;
}

int columns_squares(int64_t count, arrow_array *into, arrow_schema *schema)
{
    if (count < 0) { /* nothing is made: an empty struct says so */
        memset(into, 0, sizeof *into);
        memset(schema, 0, sizeof *schema);
        return EINVAL;
    }
    make_array(0, count, into);
    make_schema("squ\xc3\xa4res", schema);
    return 0;
}

struct source {
    int64_t left, next;
};

static int get_schema(arrow_array_stream *s, arrow_schema *into)
{
    (void)s;
    make_schema("batch", into);
    return 0;
}

static int get_next(arrow_array_stream *s, arrow_array *into)
{
    struct source *source = s->private_data;
    memset(into, 0, sizeof *into);
    if (source->left < 0)
        return EIO;
    if (source->left-- > 0)
        make_array(source->next++, 2, into);
    return 0;
}

static const char *get_last_error(arrow_array_stream *s)
{
    return ((struct source *)s->private_data)->left < 0 ? "nothing left" : NULL;
}

static void end_stream(arrow_array_stream *s)
{
    free(s->private_data);
    s->release = NULL;
    alive--;
}

void columns_stream(int64_t batches, arrow_array_stream *into)
{
    struct source *source = malloc(sizeof *source);
    *source = (struct source){batches, 1};
    *into = (arrow_array_stream){get_schema, get_next, get_last_error, end_stream, source};
    alive++;
}

int64_t columns_sum(arrow_array *column)
{
    const int64_t *values = column->buffers[1];
    int64_t sum = 0;
    for (int64_t i = 0; i < column->length; i++)
        sum += values[column->offset + i];
    column->release(column);
    return sum;
}

int64_t columns_drain(arrow_array_stream *s, int64_t *batches)
{
    int64_t total = 0;
    arrow_array array;
    int status;
    *batches = 0;
    while ((status = s->get_next(s, &array)) == 0 && array.release) {
        total += columns_sum(&array);
        ++*batches;
    }
    s->release(s);
    return status ? -status : total;
}

static describe_result copied(const char *text)
{
    size_t len = strlen(text);
    return (describe_result){memcpy(malloc(len + 1), text, len), len};
}

describe_result columns_describe(const arrow_schema *s)
{
    char text[100];
    snprintf(text, sizeof text, "%s: %s%s", s->name ? s->name : "?", s->format,
             s->flags & schema_flags_nullable ? ", may be null" : "");
    return copied(text);
}

static void delete_tensor(managed_tensor_versioned *t)
{
    free(t->dl_tensor.shape);
    free(t->dl_tensor.data);
    free(t);
    alive--;
}

managed_tensor_versioned *columns_new_tensor(int64_t *shape, size_t shape_len, new_tensor_fill fill)
{
    if (shape_len != 2)
        return NULL;
    managed_tensor_versioned *t = calloc(1, sizeof *t);
    float *data = calloc((size_t)(shape[0] * shape[1]) + 1, sizeof *data);
    *t = (managed_tensor_versioned){
        .version = {1, 0}, .deleter = delete_tensor, .flags = tensor_flags_is_copied};
    t->dl_tensor = (tensor){.data = data,
                            .device = {device_type_cpu, 3},
                            .ndim = 2,
                            .dtype = {type_code_float, 32, 1},
                            .byte_offset = 4,
                            .shape = memcpy(malloc(16), shape, 16)};
    for (int64_t i = 0; i < shape[0] * shape[1]; i++)
        data[1 + i] = fill.code((int64_t[]){i / shape[1], i % shape[1]}, 2, fill.env);
    alive++;
    return t;
}

static const float *values_of(const tensor *t)
{
    return (const float *)((const char *)t->data + t->byte_offset);
}

double columns_trace(managed_tensor_versioned *t)
{
    double trace = 0;
    for (int64_t i = 0; i < t->dl_tensor.shape[0]; i++)
        trace += values_of(&t->dl_tensor)[i * t->dl_tensor.shape[1] + i];
    if (t->deleter)
        t->deleter(t);
    return trace;
}

device columns_device_of(const tensor *t)
{
    return t->device;
}

describe_result columns_kind(data_type d)
{
    char text[20];
    snprintf(text, sizeof text, "%s%dx%d",
             d.code == type_code_float ? "f"
             : d.code == 200           ? "?"
                                       : "i",
             d.bits, d.lanes);
    return copied(text);
}

view_result columns_view(const tensor *t)
{
    view_result none = {0};
    return t->data && t->dtype.code == type_code_float
               ? (view_result){true, {(float *)values_of(t), (size_t)(t->shape[0] * t->shape[1])}}
               : none;
}

int64_t columns_import(arrow_array *arrays, size_t arrays_len)
{
    int64_t sum = 0;
    for (size_t i = 0; i < arrays_len; i++) {
        arrow_array moved = arrays[i];
        sum += moved.release ? columns_sum(&moved) : 0;
    }
    return sum;
}
