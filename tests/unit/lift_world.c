#include "lift_world.h"

#include "call/physical.h"
#include "call/sum.h"
#include "layout/layout.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

static void *take(struct world *world, enum heap heap, size_t size_bytes)
{
    struct block *block = calloc(1, sizeof *block);
    assert_non_null(block);
    block->memory = calloc(1, size_bytes ? size_bytes : 1);
    assert_non_null(block->memory);
    block->size_bytes = size_bytes;
    block->heap = heap;
    block->next = world->blocks;
    world->blocks = block;
    world->block_count[heap]++;
    world->made_count++;
    return block->memory;
}

static void free_block(struct world *world, struct block **at)
{
    struct block *block = *at;
    *at = block->next;
    world->block_count[block->heap]--;
    free(block->memory);
    free(block);
}

static void give_back(struct world *world, enum heap heap, const void *memory)
{
    for (struct block **at = &world->blocks; *at; at = &(*at)->next) {
        if ((*at)->memory != memory)
            continue;
        assert_int_equal((*at)->heap, heap);
        free_block(world, at);
        return;
    }
    fail_msg("what is freed was never made, or was freed before");
}

size_t world_owned(const struct world *world)
{
    return world->block_count[HEAP_MALLOC] + world->block_count[HEAP_DESTRUCTED] +
           world->handle_count;
}

void world_clear(struct world *world)
{
    for (struct block **at = &world->blocks; *at;) {
        if ((*at)->heap == HEAP_LENT || (*at)->heap == HEAP_COLLECTED)
            free_block(world, at);
        else
            at = &(*at)->next;
    }
}

/* ---- types ---- */

uint64_t pick(struct world *world, uint64_t below)
{
    world->random ^= world->random << 13;
    world->random ^= world->random >> 7;
    world->random ^= world->random << 17;
    return (world->random >> 11) % below;
}

const abide_type *form_of(struct world *world, enum style style, const abide_type *type)
{
    struct abide_representing how = {.module = world->modules[style], .quiet = true};
    const abide_type *form = abide_represent__as(world->ctx, &how, type);
    return form ? abide_type__strip(form) : NULL;
}

const abide_layout *layout_in(struct world *world, enum style style, const abide_type *type)
{
    const abide_layout *layout = abide_layout__physical(
        world->ctx, world->modules[style]->machine->data, form_of(world, style, type));
    assert_non_null(layout);
    return layout;
}

static bool is_text(const abide_type *type)
{
    return type->kind == ABIDE_KIND_STRING || type->kind == ABIDE_KIND_STRING0 ||
           type->kind == ABIDE_KIND_CSTRING;
}

static bool has_own_runtime(enum style style)
{
    return style == STYLE_COLLECTED || style == STYLE_DESTRUCTED;
}

/* What the runtimes have forms of their own for. */
static bool is_runtime_kind(const abide_type *type)
{
    return type->kind == ABIDE_KIND_SEQ || type->kind == ABIDE_KIND_STRING ||
           type->kind == ABIDE_KIND_STRING0;
}

/* ---- values ---- */

static const char *random_text(struct world *world, const abide_type *type, size_t *count)
{
    static const size_t sizes[] = {0, 1, 3, 8, 40, 300};
    *count = sizes[pick(world, sizeof sizes / sizeof *sizes)];
    char *text = abide__new_array(world->ctx, char, *count + 1);
    for (size_t i = 0; i < *count; i++)
        text[i] = (char)('a' + pick(world, 26));
    (void)type;
    return text;
}

static uint64_t random_bits(struct world *world, const abide_type *type)
{
    if (type->kind == ABIDE_KIND_ENUM)
        return (uint64_t)type->enumerators[pick(world, type->enumerator_count)].value;
    if (type->kind == ABIDE_KIND_FLAGS)
        return pick(world, UINT64_C(1) << type->enumerator_count);
    uint64_t bits = pick(world, UINT64_MAX);
    size_t size_bytes = abide__scalars[type->scalar].size_bytes;
    if (type->scalar == ABIDE_SCALAR_BOOL)
        bits &= 1;
    return size_bytes < 8 ? bits & ((UINT64_C(1) << (size_bytes * 8)) - 1) : bits;
}

static void random_items(struct world *world, struct value *value, size_t count,
                         const abide_type *element, unsigned depth)
{
    value->count = count;
    value->items = abide__new_array(world->ctx, struct value, count);
    for (size_t i = 0; i < count; i++)
        value->items[i] = random_value(world, element, depth);
}

static void random_case(struct world *world, struct value *value, const abide_type *type,
                        unsigned depth)
{
    value->case_index = pick(world, type->field_count);
    if (depth == 0 && type->kind == ABIDE_KIND_OPTION)
        value->case_index = 0;
    const abide_type *payload = type->fields[value->case_index].type;
    if (!abide_type__is(payload, ABIDE_KIND_VOID))
        random_items(world, value, 1, payload, depth ? depth - 1 : 0);
}

struct value random_value(struct world *world, const abide_type *type, unsigned depth)
{
    struct value value = {0};
    type = abide_type__strip(type);
    unsigned less = depth ? depth - 1 : 0;
    switch (type->kind) {
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_ENUM: value.bits = random_bits(world, type); return value;
    case ABIDE_KIND_HANDLE: value.bits = 1; return value;
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_CSTRING: value.text = random_text(world, type, &value.count); return value;
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_SEQ:
        random_items(world, &value, depth ? pick(world, 4) : 0, type->target, less);
        return value;
    case ABIDE_KIND_BOX: random_items(world, &value, 1, type->target, less); return value;
    case ABIDE_KIND_ARRAY:
        random_items(world, &value, type->count, type->target, less);
        return value;
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_TUPLE:
        value.count = type->field_count;
        value.items = abide__new_array(world->ctx, struct value, type->field_count);
        for (size_t i = 0; i < type->field_count; i++)
            value.items[i] = random_value(world, type->fields[i].type, depth);
        return value;
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT: random_case(world, &value, type, depth); return value;
    default: fail_msg("no values of %s", abide__kind_names[type->kind]);
    }
    return value;
}

/* ---- the forms of each side ---- */

/* The owner word of values that this test makes itself. */
struct test_owner {
    uintptr_t release;
    struct world *world;
    size_t size_bytes;
};

static void release(uintptr_t owner, uintptr_t memory, uintptr_t size_bytes)
{
    struct test_owner *own = (struct test_owner *)owner;
    struct world *world = own->world;
    assert_int_equal(size_bytes, own->size_bytes);
    give_back(world, HEAP_MALLOC, (void *)memory);
    give_back(world, HEAP_MALLOC, own);
}

static void *new_owner(struct world *world, size_t size_bytes)
{
    struct test_owner *owner = take(world, HEAP_MALLOC, sizeof *owner);
    *owner = (struct test_owner){(uintptr_t)release, world, size_bytes};
    return owner;
}

/* What a sequence is made of, wherever it lies: `elements` is where they are. */
struct parts {
    void *elements;
    size_t count;
    void *owner;
    void *memory; /* to be freed */
    bool is_terminated;
};

struct counted { /* {ptr, len, owner}: SYSTEM */
    void *elements;
    size_t count;
    void *owner;
};
struct list { /* C's own slice in this test */
    uint32_t count, capacity;
    void *elements;
};
struct backwards { /* slices of the runtimes */
    size_t count;
    void *elements;
};
struct collected {
    size_t count, reserved;
};
struct destructed {
    size_t count;
    size_t *memory; /* {cap, data} */
};

static size_t data_offset(struct world *world, enum style style, const abide_type *type,
                          size_t header_bytes)
{
    size_t align_bytes = is_text(type) ? 1 : layout_in(world, style, type->target)->align_bytes;
    return (header_bytes + align_bytes - 1) / align_bytes * align_bytes;
}

static bool is_plain_pointer(enum style style, const abide_type *type)
{
    if (type->kind == ABIDE_KIND_CSTRING)
        return true;
    if (type->kind == ABIDE_KIND_BOX)
        return style != STYLE_SYSTEM;
    return (style == STYLE_NUL || style == STYLE_COUNTED) &&
           (type->kind == ABIDE_KIND_STRING0 ||
            (type->kind == ABIDE_KIND_STRING && style == STYLE_NUL));
}

static bool is_own(const abide_type *type)
{
    return type->kind == ABIDE_KIND_SEQ || type->kind == ABIDE_KIND_BOX || type->is_own;
}

static struct parts read_parts(struct world *world, enum style style, const abide_type *type,
                               const void *memory)
{
    struct parts parts = {0};
    bool is_runtime = has_own_runtime(style) && is_runtime_kind(type);
    if (is_plain_pointer(style, type)) {
        memcpy(&parts.elements, memory, sizeof(void *));
        parts.memory = parts.elements;
        parts.is_terminated = is_text(type);
        parts.count = is_text(type) ? strlen(parts.elements) : 1;
    } else if (is_runtime && style == STYLE_COLLECTED) {
        char *object;
        memcpy(&object, memory, sizeof object);
        parts.is_terminated = is_text(type);
        if (!object) {
            parts.elements = "";
            return parts;
        }
        parts.count = ((struct collected *)object)->count;
        assert_true(parts.count <= ((struct collected *)object)->reserved);
        parts.elements = object + data_offset(world, style, type, sizeof(struct collected));
    } else if (is_runtime) {
        struct destructed value;
        memcpy(&value, memory, sizeof value);
        parts.count = value.count;
        parts.memory = value.memory;
        parts.is_terminated = is_text(type);
        parts.elements =
            value.memory ? (char *)value.memory + data_offset(world, style, type, sizeof(size_t))
                         : "";
        assert_true(value.count == 0 || (value.memory && *value.memory >= value.count));
    } else if (has_own_runtime(style) && !world->is_real) {
        struct backwards value;
        memcpy(&value, memory, sizeof value);
        parts.count = value.count;
        parts.elements = value.elements;
    } else if (style != STYLE_SYSTEM && type->kind == ABIDE_KIND_SEQ && !world->is_real) {
        struct list value;
        memcpy(&value, memory, sizeof value);
        assert_true(value.capacity >= value.count);
        parts = (struct parts){value.elements, value.count, NULL, value.elements, false};
    } else if (type->kind == ABIDE_KIND_BOX) {
        void *value[2];
        memcpy(value, memory, sizeof value);
        parts = (struct parts){value[0], 1, value[1], value[0], false};
    } else {
        struct counted value = {0};
        bool has_owner = style == STYLE_SYSTEM && is_own(type);
        memcpy(&value, memory, has_owner ? sizeof value : sizeof(struct backwards));
        parts = (struct parts){value.elements, value.count, has_owner ? value.owner : NULL,
                               value.elements, type->kind == ABIDE_KIND_STRING0};
    }
    return parts;
}

static enum heap heap_for(enum style style, const abide_type *type)
{
    if (!is_own(type))
        return HEAP_LENT;
    return style == STYLE_COLLECTED    ? HEAP_COLLECTED
           : style == STYLE_DESTRUCTED ? HEAP_DESTRUCTED
                                       : HEAP_MALLOC;
}

/* Memory for `count` elements of a value that is being built, and the value's own bytes; gives the place of the first. */
static void *write_parts(struct world *world, enum style style, const abide_type *type,
                         size_t count, size_t element_bytes, void *memory)
{
    bool is_runtime = has_own_runtime(style) && is_runtime_kind(type);
    size_t size_bytes = count * element_bytes;
    enum heap heap = heap_for(style, type);
    if (is_runtime && style == STYLE_COLLECTED) {
        size_t offset = data_offset(world, style, type, sizeof(struct collected));
        char *object = take(world, HEAP_COLLECTED, offset + size_bytes + 1);
        *(struct collected *)object = (struct collected){count, count};
        memcpy(memory, &object, sizeof object);
        return object + offset;
    }
    if (is_runtime) {
        size_t offset = data_offset(world, style, type, sizeof(size_t));
        struct destructed value = {count, NULL};
        if (count) {
            value.memory = take(world, HEAP_DESTRUCTED, offset + size_bytes + is_text(type));
            *value.memory = count;
        }
        memcpy(memory, &value, sizeof value);
        return (char *)value.memory + offset;
    }
    bool is_terminated =
        type->kind == ABIDE_KIND_STRING0 || (is_text(type) && is_plain_pointer(style, type));
    void *elements = take(world, heap, size_bytes + is_terminated);
    if (is_plain_pointer(style, type)) {
        memcpy(memory, &elements, sizeof elements);
    } else if (has_own_runtime(style) && !world->is_real) {
        memcpy(memory, &(struct backwards){count, elements}, sizeof(struct backwards));
    } else if (style != STYLE_SYSTEM && type->kind == ABIDE_KIND_SEQ && !world->is_real) {
        memcpy(memory, &(struct list){(uint32_t)count, (uint32_t)count, elements},
               sizeof(struct list));
    } else if (type->kind == ABIDE_KIND_BOX) {
        memcpy(memory, (void *[]){elements, new_owner(world, size_bytes)}, 2 * sizeof(void *));
    } else {
        bool has_owner = style == STYLE_SYSTEM && is_own(type);
        /* What has no elements and no owner may point anywhere but to nothing. */
        void *shown = !has_owner && count == 0 && !is_terminated && pick(world, 2)
                          ? (void *)(uintptr_t)1
                          : elements;
        /* A NUL is no element [O3]. */
        struct counted value = {shown, count, has_owner ? new_owner(world, size_bytes) : NULL};
        memcpy(memory, &value, has_owner ? sizeof value : sizeof(struct backwards));
        if (style != STYLE_SYSTEM && is_own(type))
            memcpy(memory, &elements, sizeof elements);
    }
    return elements;
}

/* ---- building, checking, dropping ---- */

enum act { BUILD, CHECK, DROP };

struct walk {
    struct world *world;
    enum style style;
    enum act act;
};

static void visit(const struct walk *walk, const abide_type *type, const struct value *value,
                  char *memory);

static const struct value *item(const struct value *value, size_t index)
{
    return value ? &value->items[index] : NULL;
}

static void visit_elements(const struct walk *walk, const abide_type *element, size_t count,
                           const struct value *value, char *memory)
{
    size_t size_bytes = layout_in(walk->world, walk->style, element)->size_bytes;
    for (size_t i = 0; i < count; i++)
        visit(walk, element, item(value, i), memory + i * size_bytes);
}

static void build_sequence(const struct walk *walk, const abide_type *type,
                           const struct value *value, char *memory)
{
    size_t element_bytes =
        is_text(type) ? 1 : layout_in(walk->world, walk->style, type->target)->size_bytes;
    char *elements =
        write_parts(walk->world, walk->style, type, value->count, element_bytes, memory);
    if (is_text(type) && value->count)
        memcpy(elements, value->text, value->count);
    else if (!is_text(type))
        visit_elements(walk, type->target, value->count, value, elements);
}

static void check_sequence(const struct walk *walk, const abide_type *type,
                           const struct value *value, char *memory)
{
    struct parts parts = read_parts(walk->world, walk->style, type, memory);
    assert_int_equal(parts.count, value->count);
    if (!is_text(type)) {
        visit_elements(walk, type->target, value->count, value, parts.elements);
        return;
    }
    if (value->count)
        assert_memory_equal(parts.elements, value->text, value->count);
    if (parts.is_terminated)
        assert_int_equal(((char *)parts.elements)[parts.count], 0);
}

static void drop_sequence(const struct walk *walk, const abide_type *type, char *memory)
{
    struct world *world = walk->world;
    bool is_runtime =
        walk->style == STYLE_DESTRUCTED && (is_runtime_kind(type) || type->kind == ABIDE_KIND_BOX);
    bool is_lent = !is_own(type) && !is_runtime;
    if (is_lent && (!world->drops_lent || is_text(type)))
        return;
    struct parts parts = read_parts(world, walk->style, type, memory);
    if (!is_text(type))
        visit_elements(walk, type->target, parts.count, NULL, parts.elements);
    if (is_lent)
        return;
    if (is_runtime) {
        if (parts.memory)
            give_back(world, HEAP_DESTRUCTED, parts.memory);
    } else if (walk->style == STYLE_SYSTEM) {
        size_t element_bytes =
            is_text(type) ? 1 : layout_in(world, walk->style, type->target)->size_bytes;
        uintptr_t arguments[] = {(uintptr_t)parts.owner, (uintptr_t)parts.elements,
                                 parts.count * element_bytes};
        if (parts.owner)
            interpret_code(&world->interpreter, *(uintptr_t *)parts.owner, arguments);
    } else if (!has_own_runtime(walk->style) && parts.memory) {
        give_back(world, HEAP_MALLOC, parts.memory);
    }
}

static void visit_sequence(const struct walk *walk, const abide_type *type,
                           const struct value *value, char *memory)
{
    switch (walk->act) {
    case BUILD: build_sequence(walk, type, value, memory); return;
    case CHECK: check_sequence(walk, type, value, memory); return;
    case DROP: drop_sequence(walk, type, memory); return;
    }
}

/* The case that lies in memory. */
static size_t case_at(const struct abide_sum *sum, const char *memory)
{
    uint64_t tag = 0;
    size_t size_bytes = sum->tag ? sum->tag_bytes : sizeof(void *);
    memcpy(&tag, memory + (sum->tag ? sum->tag_offset_bytes : 0), size_bytes);
    if (!sum->tag)
        return tag ? 1 - sum->null_case : sum->null_case;
    for (size_t i = 0; i < sum->case_count; i++)
        if ((uint64_t)sum->cases[i].tag == tag)
            return i;
    fail_msg("no case has the tag %llu", (unsigned long long)tag);
    return 0;
}

static void visit_sum(const struct walk *walk, const abide_type *type, const struct value *value,
                      char *memory)
{
    struct abide_representing how = {.module = walk->world->modules[walk->style], .quiet = true};
    const struct abide_sum *sum = abide_sum__of(walk->world->ctx, &how, type);
    assert_non_null(sum);
    size_t index = walk->act == BUILD ? value->case_index : case_at(sum, memory);
    if (walk->act == BUILD && sum->tag)
        memcpy(memory + sum->tag_offset_bytes, &sum->cases[index].tag, sum->tag_bytes);
    if (walk->act == CHECK)
        assert_int_equal(index, value->case_index);
    if (sum->cases[index].physical)
        visit(walk, sum->cases[index].payload, item(value, 0),
              memory + sum->cases[index].offset_bytes);
}

static void visit_handle(const struct walk *walk, const abide_type *type, char *memory)
{
    static const uintptr_t handle = 0x1234;
    struct world *world = walk->world;
    if (walk->act == BUILD)
        memcpy(memory, &handle, sizeof handle);
    else
        assert_memory_equal(memory, &handle, sizeof handle);
    if (type->is_own && walk->act == BUILD)
        world->handle_count++;
    if (type->is_own && walk->act == DROP) {
        assert_true(world->handle_count > 0);
        world->handle_count--;
    }
}

static void visit(const struct walk *walk, const abide_type *type, const struct value *value,
                  char *memory)
{
    type = abide_type__strip(type);
    const abide_layout *layout = layout_in(walk->world, walk->style, type);
    switch (type->kind) {
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_ENUM:
        if (walk->act == BUILD)
            memcpy(memory, &value->bits, layout->size_bytes);
        else if (walk->act == CHECK)
            assert_memory_equal(memory, &value->bits, layout->size_bytes);
        return;
    case ABIDE_KIND_HANDLE: visit_handle(walk, type, memory); return;
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_TUPLE:
        for (size_t i = 0; i < type->field_count; i++)
            visit(walk, type->fields[i].type, item(value, i),
                  memory + abide_layout__field(layout, i).offset_bits / 8);
        return;
    case ABIDE_KIND_ARRAY: visit_elements(walk, type->target, type->count, value, memory); return;
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT: visit_sum(walk, type, value, memory); return;
    default: visit_sequence(walk, type, value, memory); return;
    }
}

void build_value(struct world *world, enum style style, const abide_type *type,
                 const struct value *value, void *memory)
{
    visit(&(struct walk){world, style, BUILD}, type, value, memory);
}

void check_value(struct world *world, enum style style, const abide_type *type,
                 const struct value *value, const void *memory)
{
    visit(&(struct walk){world, style, CHECK}, type, value, (char *)memory);
}

void drop_value(struct world *world, enum style style, const abide_type *type, void *memory)
{
    visit(&(struct walk){world, style, DROP}, type, NULL, memory);
}

/* ---- hooks ---- */

static uintptr_t hook_malloc(void *user, const uintptr_t *arguments)
{
    struct world *world = user;
    /* What no test can have; those that ask for it trap before they use it. */
    static const uintptr_t too_much = (uintptr_t)1 << 30;
    assert_true(arguments[0] > 0);
    if (world->has_no_memory)
        return 0;
    return (uintptr_t)take(world, HEAP_MALLOC, arguments[0] < too_much ? arguments[0] : 16);
}

static uintptr_t hook_free(void *user, const uintptr_t *arguments)
{
    give_back(user, HEAP_MALLOC, (void *)arguments[0]);
    return 0;
}

static uintptr_t hook_drop_handle(void *user, const uintptr_t *arguments)
{
    struct world *world = user;
    assert_int_equal(arguments[0], 0x1234);
    assert_true(world->handle_count > 0);
    world->handle_count--;
    return 0;
}

static void assert_zero(const void *memory, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        assert_int_equal(((const char *)memory)[i], 0);
}

/* "gc_set_string", "v2_new_12": a runtime's hook, maybe for the type of that serial number. */
static const abide_type *type_of_hook(struct world *world, const char *symbol)
{
    const char *digits = strrchr(symbol, '_') + 1;
    return *digits >= '0' && *digits <= '9'
               ? abide_type__by_serial(world->ctx, (size_t)atoi(digits))
               : abide_type__of(world->ctx, ABIDE_KIND_STRING, NULL);
}

struct hook {
    struct world *world;
    const abide_type *type;
    enum style style;
};

static uintptr_t hook_set(void *user, const uintptr_t *arguments)
{
    struct hook *hook = user;
    struct value value = {.text = (const char *)arguments[1], .count = arguments[2]};
    assert_zero((void *)arguments[0], hook->style == STYLE_COLLECTED ? 8 : 16);
    build_value(hook->world, hook->style, hook->type, &value, (void *)arguments[0]);
    return 0;
}

static uintptr_t hook_new(void *user, const uintptr_t *arguments)
{
    struct hook *hook = user;
    size_t count = hook->type->kind == ABIDE_KIND_BOX ? 1 : arguments[1];
    assert_zero((void *)arguments[0], layout_in(hook->world, hook->style, hook->type)->size_bytes);
    write_parts(hook->world, hook->style, hook->type, count,
                layout_in(hook->world, hook->style, hook->type->target)->size_bytes,
                (void *)arguments[0]);
    return 0;
}

static bool is_zero(const char *memory, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        if (memory[i])
            return false;
    return true;
}

/* Elements of zero bytes own nothing, whatever their type says. */
static uintptr_t hook_drop(void *user, const uintptr_t *arguments)
{
    struct hook *hook = user;
    const abide_type *type = hook->type;
    struct walk walk = {hook->world, hook->style, DROP};
    struct parts parts = read_parts(hook->world, hook->style, type, (void *)arguments[0]);
    size_t element_bytes =
        type->target ? layout_in(hook->world, hook->style, type->target)->size_bytes : 0;
    for (size_t i = 0; type->target && i < parts.count; i++) {
        char *element = (char *)parts.elements + i * element_bytes;
        if (!is_zero(element, element_bytes))
            visit(&walk, type->target, NULL, element);
    }
    if (parts.memory)
        give_back(hook->world, HEAP_DESTRUCTED, parts.memory);
    return 0;
}

static const struct interpreted_function *find(void *user, const char *symbol)
{
    static struct interpreted_function function;
    static struct hook hook;
    struct world *world = user;
    hook = (struct hook){.world = world,
                         .style = symbol[0] == 'g' ? STYLE_COLLECTED : STYLE_DESTRUCTED};
    function = (struct interpreted_function){symbol, NULL, world};
    if (strcmp(symbol, "malloc") == 0) {
        function.call = hook_malloc;
    } else if (strcmp(symbol, "free") == 0) {
        function.call = hook_free;
    } else if (strcmp(symbol, "resource_drop") == 0) {
        function.call = hook_drop_handle;
    } else {
        hook.type = type_of_hook(world, symbol);
        function.user = &hook;
        function.call = strstr(symbol, "_set_")   ? hook_set
                        : strstr(symbol, "_new_") ? hook_new
                                                  : hook_drop;
    }
    return &function;
}

/* A hook of a runtime, and the beginning of the symbol that this test gives it. */
struct hook_name {
    const char *name;
    const char *symbol;
    enum abide_kind kind; /* STRING: one for all */
};

static void add_hook(struct world *world, struct abide_iface *iface, const struct hook_name *name)
{
    abide_ctx *ctx = world->ctx;
    ABIDE_VEC(struct abide_iface_hook) hooks = {0};
    for (size_t i = 0; i < iface->hook_count; i++)
        abide__push(ctx, &hooks, iface->hooks[i]);
    if (name->kind == ABIDE_KIND_STRING)
        abide__push(ctx, &hooks,
                    (struct abide_iface_hook){.name = name->name, .symbol = name->symbol});
    for (size_t i = 0; i < abide_type__count(ctx) && name->kind != ABIDE_KIND_STRING; i++) {
        const abide_type *type = abide_type__by_serial(ctx, i);
        if (type->kind == name->kind)
            abide__push(
                ctx, &hooks,
                (struct abide_iface_hook){.name = name->name,
                                          .symbol = abide__printf(ctx, "%s_%zu", name->symbol, i),
                                          .type = type->target});
    }
    iface->hooks = hooks.items;
    iface->hook_count = hooks.count;
}

const struct abide_iface *iface_with_hooks(struct world *world, const abide_iface *iface,
                                           enum style runtime)
{
    static const struct hook_name played[] = {{"set_string", "gc_set_string", ABIDE_KIND_STRING},
                                              {"new_list", "gc_new", ABIDE_KIND_SEQ},
                                              {"new_box", "gc_new", ABIDE_KIND_BOX},
                                              {"new_seq", "v2_new", ABIDE_KIND_SEQ},
                                              {"drop_seq", "v2_drop", ABIDE_KIND_SEQ},
                                              {"make_box", "v2_new", ABIDE_KIND_BOX},
                                              {"drop_box", "v2_drop", ABIDE_KIND_BOX},
                                              {NULL, NULL, ABIDE_KIND_VOID}};
    static const struct hook_name collected[] = {{"set_string", "gc_set_string", ABIDE_KIND_STRING},
                                                 {"new_seq", "gc_new", ABIDE_KIND_SEQ},
                                                 {"new_box", "gc_new", ABIDE_KIND_BOX},
                                                 {NULL, NULL, ABIDE_KIND_VOID}};
    static const struct hook_name destructed[] = {
        {"set_string", "v2_set_string", ABIDE_KIND_STRING},
        {"drop_string", "v2_drop_string", ABIDE_KIND_STRING},
        {"new_seq", "v2_new", ABIDE_KIND_SEQ},
        {"drop_seq", "v2_drop", ABIDE_KIND_SEQ},
        {"new_box", "v2_new", ABIDE_KIND_BOX},
        {"drop_box", "v2_drop", ABIDE_KIND_BOX},
        {NULL, NULL, ABIDE_KIND_VOID}};
    abide_iface *copy = abide__new(world->ctx, abide_iface);
    *copy = *iface;
    const struct hook_name *names = !world->is_real              ? played
                                    : runtime == STYLE_COLLECTED ? collected
                                                                 : destructed;
    for (; names->name; names++)
        add_hook(world, copy, names);
    return copy;
}

/* ---- life ---- */

void world_open(struct world *world, abide_ctx *ctx, uint64_t seed, bool is_real)
{
    static const char *const played[] = {"system", "lift-c", "lift-c:text=nul", "lift-gc",
                                         "lift-v2"};
    static const char *const real[] = {"system", "c", "c", "nim-cgen:gc=refc", "nim-cgen:gc=orc"};
    const char *const *references = is_real ? real : played;
    memset(world, 0, sizeof *world);
    world->ctx = ctx;
    world->is_real = is_real;
    world->random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (size_t i = 0; i < STYLE_COUNT; i++) {
        world->modules[i] = abide_module_load(ctx, references[i], "x86_64-linux-gnu");
        for (size_t k = 0; !world->modules[i] && k < abide_ctx_diag_count(ctx); k++)
            fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, k), false), stderr);
        assert_non_null(world->modules[i]);
    }
    world->interpreter.find = find;
    world->interpreter.user = world;
}

void world_close(struct world *world)
{
    world_clear(world);
    assert_int_equal(world_owned(world), 0);
    interpreter_end(&world->interpreter);
}
