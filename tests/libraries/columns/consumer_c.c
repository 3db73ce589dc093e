/* A program in C's own forms. */
#include "must.h"

static void use_columns(void)
{
    arrow_array column;
    arrow_schema schema;
    EXPECT(use_squares(-1, &column, &schema) == 22 && !column.release && !schema.release);
    EXPECT(use_squares(5, &column, &schema) == 0 && ((const int64_t *)column.buffers[1])[4] == 16);
    describe_result text = use_describe(&schema);
    EXPECT(text.len == 24 && memcmp(text.ptr, "squ\xc3\xa4res: l, may be null", 24) == 0);
    free(text.ptr);
    schema.release(&schema);
    EXPECT(use_alive() == 1 && use_sum(&column) == 30 && !column.release && use_alive() == 0);
}

static void use_streams(void)
{
    arrow_array_stream s;
    arrow_array one;
    int64_t batches;
    use_stream(3, &s);
    EXPECT(s.get_next(&s, &one) == 0 && ((const int64_t *)one.buffers[1])[1] == 4);
    one.release(&one);
    EXPECT(use_drain(&s, &batches) == 38 && batches == 2 && !s.release && use_alive() == 0);
    use_stream(-1, &s);
    EXPECT(strcmp(s.get_last_error(&s), "nothing left") == 0);
    EXPECT(use_drain(&s, &batches) == -5 && batches == 0 && use_alive() == 0);
}

static float fill(int64_t *at, size_t at_len, void *env)
{
    *(int *)env += (int)at_len;
    return (float)(10 * at[0] + at[1]) / 2;
}

static void use_tensors(void)
{
    int64_t shape[] = {2, 3};
    int counted = 0;
    managed_tensor_versioned *t = use_new_tensor(shape, 2, (new_tensor_fill){fill, &counted});
    EXPECT(t && counted == 12 && t->dl_tensor.shape[1] == 3 && t->flags == tensor_flags_is_copied);
    EXPECT(use_device_of(&t->dl_tensor).device_id == 3);
    describe_result kind = use_kind(t->dl_tensor.dtype);
    EXPECT(kind.len == 5 && memcmp(kind.ptr, "f32x1", 5) == 0);
    free(kind.ptr);
    view_result values = use_view(&t->dl_tensor);
    EXPECT(values.has && values.value.len == 6 && values.value.ptr[5] == 6);
    t->dl_tensor.dtype.code = type_code_int;
    EXPECT(!use_view(&t->dl_tensor).has);
    EXPECT(use_trace(t) == 5.5 && use_alive() == 0);
    EXPECT(!use_new_tensor(shape, 1, (new_tensor_fill){fill, &counted}));
}

uint32_t consume(void)
{
    arrow_array several[3] = {{0}};
    arrow_schema schema;
    expectations = 0;
    use_columns();
    use_streams();
    use_tensors();
    for (int i = 0; i < 3; i += 2) {
        EXPECT(use_squares(i + 2, &several[i], &schema) == 0);
        schema.release(&schema);
    }
    EXPECT(use_import(several, 3) == 15 && use_alive() == 0);
    return expectations;
}
