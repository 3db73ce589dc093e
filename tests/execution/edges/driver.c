/* Calls thunks with random values in the caller's places, and looks for them in the callee's; the same with results. */
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

struct picture picture_out, picture_back, picture_in, picture_result;

static uint64_t state;
static const struct test *test;
static int failures, shown;
static uint8_t values[MAX_VALUES][MAX_VALUE_BYTES];
/* Memory that values lie in where a side passes their address. */
static _Alignas(64) uint8_t caller_memory[MAX_VALUES][MAX_VALUE_BYTES];
static _Alignas(64) uint8_t result_memory[MAX_VALUE_BYTES];

static uint8_t any_byte(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint8_t)(state >> 33);
}

static void fill(void *memory, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        ((uint8_t *)memory)[i] = any_byte();
}

static void put_number(uint8_t *bytes, int size_bytes)
{
    int number = any_byte() - 128;
    if (size_bytes == 4)
        memcpy(bytes, &(float){(float)number}, 4);
    if (size_bytes == 8)
        memcpy(bytes, &(double){number}, 8);
}

/* A signalling NaN: its payload is not 0 (little endian, like all processors here). */
static void put_signalling(uint8_t *bytes, size_t size_bytes)
{
    bytes[size_bytes - 1] |= 0x7f;
    bytes[size_bytes - 2] = size_bytes == 4 ? 0x81 : 0xf1;
}

/*
 * Random bytes, among them signalling NaNs, for moves change nothing. Only what a place holds in another format is a number:
 * processors make quiet NaNs of signalling ones when they convert, here as in code of compilers.
 */
static void fill_value(const struct value *value, uint8_t *bytes)
{
    fill(bytes, value->size_bytes);
    if (value->is_float && any_byte() % 4 == 0)
        put_signalling(bytes, value->size_bytes);
    const struct side *sides[] = {&value->caller, &value->callee};
    for (int s = 0; s < 2; s++)
        for (int i = 0; !sides[s]->is_address && i < sides[s]->count; i++)
            if (sides[s]->places[i].is_converted)
                put_number(bytes + sides[s]->places[i].from, sides[s]->places[i].size_bytes);
}

static void fail(const char *what, size_t index, const struct place *place)
{
    static const struct test *last;
    bool is_new = last != test; /* one line for each thunk */
    last = test;
    failures++;
    if (is_new && shown++ < 20)
        printf("%s: %s %zu (bytes %d to %d, place %d)\n", test->name, what, index,
               place ? place->from : 0, place ? place->from + place->size_bytes - 1 : 0,
               place ? place->at : 0);
}

static uint8_t extension(const struct place *place, const uint8_t *bytes)
{
    bool negative = bytes[place->from + place->size_bytes - 1] & 0x80;
    return place->extend == 's' && negative ? 0xff : 0;
}

static void put_converted(uint8_t *picture, const struct place *place, const uint8_t *bytes)
{
    long double number;
    float f;
    double d;
    memcpy(&f, bytes + place->from, 4);
    if (place->size_bytes == 8)
        memcpy(&d, bytes + place->from, 8);
    number = place->size_bytes == 8 ? (long double)d : (long double)f;
    memcpy(picture + place->at, &number, 10);
}

static void put(uint8_t *picture, const struct place *place, const uint8_t *bytes)
{
    if (place->is_converted) {
        put_converted(picture, place, bytes);
        return;
    }
    memcpy(picture + place->at, bytes + place->from, place->size_bytes);
    for (int i = place->size_bytes; i < place->extend_bytes; i++)
        picture[place->at + i] = place->extend == 'b' ? 0xff : extension(place, bytes);
}

static bool is_there(const uint8_t *picture, const struct place *place, const uint8_t *bytes)
{
    uint8_t expected[16];
    if (place->is_converted) {
        struct place whole = {.size_bytes = place->size_bytes, .from = place->from};
        put_converted(expected, &whole, bytes);
        return !memcmp(picture + place->at, expected, 10);
    }
    if (memcmp(picture + place->at, bytes + place->from, place->size_bytes) != 0)
        return false;
    for (int i = place->size_bytes; i < place->extend_bytes; i++)
        if (picture[place->at + i] != (place->extend == 'b' ? 0xff : extension(place, bytes)))
            return false;
    return true;
}

static uintptr_t word_at(const void *picture, int at)
{
    uintptr_t word;
    memcpy(&word, (const uint8_t *)picture + at, sizeof word);
    return word;
}

static void put_side(struct picture *picture, const struct side *side, const uint8_t *bytes,
                     const void *memory)
{
    uintptr_t address = (uintptr_t)memory;
    if (side->is_address && side->count)
        memcpy((uint8_t *)picture + side->places[0].at, &address, sizeof address);
    for (int i = 0; !side->is_address && i < side->count; i++)
        put((uint8_t *)picture, &side->places[i], bytes);
}

static bool is_same(const struct value *value, const uint8_t *memory, const uint8_t *bytes)
{
    for (int i = 0; i < value->leaf_count; i++)
        if (memcmp(memory + value->leaves[i].from, bytes + value->leaves[i].from,
                   value->leaves[i].size_bytes) != 0)
            return false;
    return value->leaf_count > 0 || !memcmp(memory, bytes, value->size_bytes);
}

static void check_side(const struct picture *picture, const struct value *value,
                       const struct side *side, const uint8_t *bytes, const char *what,
                       size_t index)
{
    for (int i = 0; !side->is_address && i < side->count; i++)
        if (!is_there((const uint8_t *)picture, &side->places[i], bytes))
            fail(what, index, &side->places[i]);
    const void *memory = result_memory; /* of a result whose address does not come back */
    if (side->is_address && side->count)
        memory = (const void *)word_at(picture, side->places[0].at);
    if (side->is_address && !is_same(value, memory, bytes))
        fail(what, index, NULL);
}

static void copy_kept(struct picture *to, const struct picture *from, const struct convention *abi)
{
    for (int i = 0; i < abi->kept_count; i++)
        memcpy((uint8_t *)to + abi->kept[i].at, (const uint8_t *)from + abi->kept[i].at,
               abi->kept[i].size_bytes);
}

/* The frame that called the thunk has its stack pointer and what is preserved for it, as exceptions would find it. */
static _Unwind_Reason_Code look_at_frame(struct _Unwind_Context *context, void *found)
{
    const struct convention *abi = test->caller;
    if (_Unwind_GetRegionStart(context) != (uintptr_t)picture_call)
        return _URC_NO_REASON;
    *(bool *)found = true;
    if (_Unwind_GetCFA(context) != picture_out.stack_pointer)
        fail("the stack pointer when unwinding", 0, NULL);
    for (int i = 0; i < abi->kept_count; i++)
        if (abi->kept[i].number >= 0 &&
            _Unwind_GetGR(context, abi->kept[i].number) != word_at(&picture_out, abi->kept[i].at))
            fail("a preserved register when unwinding", i, &(struct place){.at = abi->kept[i].at});
    return _URC_END_OF_STACK;
}

static void unwind(void)
{
    bool found = false;
    _Unwind_Backtrace(look_at_frame, &found);
    if (!found)
        fail("unwinding does not get through", 0, NULL);
}

/* A result that lies on the stack. */
static void put_on_stack(const struct side *side)
{
    for (int i = 0; !side->is_address && i < side->count; i++) {
        const struct place *place = &side->places[i];
        int size =
            place->size_bytes > place->extend_bytes ? place->size_bytes : place->extend_bytes;
        if (place->at >= PICTURE_STACK)
            memcpy((uint8_t *)picture_in.stack_pointer + place->at - PICTURE_STACK,
                   (uint8_t *)&picture_result + place->at, size);
    }
}

/* The callee: everything is where it looks, and it leaves nothing that it need not keep. */
void picture_callee(void)
{
    const struct convention *abi = test->callee;
    const struct side *result = &test->result.callee;
    unwind();
    if (picture_in.stack_pointer % abi->align_bytes != 0)
        fail("the alignment of the stack", 0, NULL);
    for (size_t i = 0; i < test->value_count; i++)
        check_side(&picture_in, &test->values[i], &test->values[i].callee, values[i], "argument",
                   i);
    fill(&picture_result, sizeof picture_result);
    copy_kept(&picture_result, &picture_in, abi);
    picture_result.shift = test->callee_pops_bytes;
    picture_result.x87_count = test->callee_x87;
    fill((void *)picture_in.stack_pointer, test->callee_stack_bytes);
    uint8_t *memory =
        result->is_address ? (uint8_t *)word_at(&picture_in, test->callee_hidden_at) : NULL;
    put_side(&picture_result, result, values[test->value_count], memory);
    put_on_stack(result);
    if (memory)
        memcpy(memory, values[test->value_count], test->result.size_bytes);
}

static void check_kept(void)
{
    const struct convention *abi = test->caller;
    for (int i = 0; i < abi->kept_count; i++)
        if (memcmp((uint8_t *)&picture_out + abi->kept[i].at,
                   (uint8_t *)&picture_back + abi->kept[i].at, abi->kept[i].size_bytes) != 0)
            fail("a preserved register", i, &(struct place){.at = abi->kept[i].at});
    if (picture_back.shift != test->caller_pops_bytes)
        fail("bytes of the stack are removed, not as many as there should be", picture_back.shift,
             NULL);
}

static void run(const struct test *next)
{
    test = next;
    fill(&picture_out, sizeof picture_out);
    for (size_t i = 0; i <= test->value_count; i++) {
        const struct value *value = i < test->value_count ? &test->values[i] : &test->result;
        fill_value(value, values[i]);
        memcpy(caller_memory[i], values[i], MAX_VALUE_BYTES);
        if (i < test->value_count)
            put_side(&picture_out, &value->caller, values[i], caller_memory[i]);
    }
    if (test->result.caller.is_address) {
        uintptr_t address = (uintptr_t)result_memory;
        memcpy((uint8_t *)&picture_out + test->caller_hidden_at, &address, sizeof address);
    }
    picture_out.shift = 256 - test->caller->align_bytes % 256;
    picture_out.target = (uintptr_t)test->thunk;
    picture_back.x87_count = test->caller_x87;
    picture_call();
    check_kept();
    check_side(&picture_back, &test->result, &test->result.caller, values[test->value_count],
               "result", 0);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < test_count; i++)
            for (int call = 0; call == 0 || call < tests[i].repeat; call++)
                run(&tests[i]);
    if (failures)
        printf("%d failures\n", failures);
    return failures != 0;
}
