/* Types of an interface file as C writes them, with GNU's attributes, and where their members are. */
#include "given.h"

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_UNKNOWN, STATE_WRITTEN, STATE_REFUSED };

static bool is_kind(const abide_type *type, const char *kind)
{
    return strcmp(abide_type_kind_name(type), kind) == 0;
}

static bool is_record(const abide_type *type)
{
    return is_kind(type, "struct") || is_kind(type, "union");
}

static bool refuse(struct given_c *c, const char *why)
{
    if (!c->why)
        c->why = why;
    return false;
}

static int by_address(const void *a, const void *b)
{
    const struct given_place *x = a, *y = b;
    return (uintptr_t)x->type < (uintptr_t)y->type ? -1 : x->type != y->type;
}

void given_c_start(struct given_c *c, abide_ctx *ctx, const abide_iface *iface)
{
    *c = (struct given_c){.ctx = ctx, .iface = iface, .count = abide_iface_type_count(iface)};
    c->places = cli_alloc(c->count + 1, sizeof *c->places);
    c->states = cli_alloc(c->count + 1, 1);
    for (size_t i = 0; i < c->count; i++)
        c->places[i] = (struct given_place){abide_iface_type_at(iface, i), i};
    qsort(c->places, c->count, sizeof *c->places, by_address);
}

void given_c_restart(struct given_c *c)
{
    memset(c->states, STATE_UNKNOWN, c->count);
    c->why = NULL;
}

/* The place of a type that the interface names; SIZE_MAX: it does not. */
static size_t number_of(const struct given_c *c, const abide_type *type)
{
    const struct given_place key = {type, 0};
    const struct given_place *place =
        bsearch(&key, c->places, c->count, sizeof *c->places, by_address);
    return place ? place->number : SIZE_MAX;
}

/* --- texts --- */

/* A type that is written down: where its members' names begin, "m0" in "m0_2". */
struct writing {
    struct given_c *c;
    FILE *file;
    const char *prefix;
};

static bool write_declaration(const struct writing *w, const abide_type *type, const char *name);

static const char *member_name(const char *prefix, size_t index)
{
    return *prefix ? cli_printf("%s_%zu", prefix, index) : cli_printf("m%zu", index);
}

static void write_attributes(FILE *file, bool is_packed, unsigned align_bytes)
{
    if (is_packed)
        fprintf(file, " __attribute__((packed))");
    if (align_bytes)
        fprintf(file, " __attribute__((aligned(%u)))", align_bytes);
}

static bool write_member(const struct writing *w, const abide_member *member, size_t index)
{
    const char *own = member_name(w->prefix, index);
    const struct writing inner = {w->c, w->file, own};
    abide_packing packing = abide_type_packing(member->type);
    bool is_in_place = number_of(w->c, member->type) == SIZE_MAX;
    if (is_in_place && packing.pack_bytes)
        fprintf(w->file, "\n#pragma pack(push, %u)\n", packing.pack_bytes);
    fprintf(w->file, "    ");
    if (!write_declaration(&inner, member->type, member->name ? own : ""))
        return false;
    if (member->is_bitfield)
        fprintf(w->file, " : %u", member->bits);
    write_attributes(w->file, member->is_packed, member->align_bytes);
    fprintf(w->file, ";\n");
    if (is_in_place && packing.pack_bytes)
        fprintf(w->file, "#pragma pack(pop)\n");
    return true;
}

static bool write_record(const struct writing *w, const abide_type *type)
{
    abide_packing packing = abide_type_packing(type);
    if (is_kind(type, "struct") && abide_type_target(type))
        return refuse(w->c, "it has a base");
    fprintf(w->file, "%s", abide_type_kind_name(type));
    write_attributes(w->file, packing.is_packed, packing.align_bytes);
    fprintf(w->file, " {\n");
    for (size_t i = 0; i < abide_type_member_count(type); i++) {
        abide_member member = abide_type_member_at(type, i);
        if (!write_member(w, &member, i))
            return false;
    }
    fprintf(w->file, "}");
    return true;
}

static bool write_scalar(const struct writing *w, const abide_type *type)
{
    const char *name = abide_type_print(w->c->ctx, type);
    for (unsigned i = 0; i < scalar_count; i++)
        if (strcmp(scalars[i].name, name) == 0) {
            fprintf(w->file, "%s", scalars[i].c_name);
            return true;
        }
    if (strcmp(name, "f80") != 0)
        return refuse(w->c, "C has no such type");
    fprintf(w->file, "__float80");
    return true;
}

static void write_value(FILE *file, const abide_enum_value *value)
{
    if (value->is_unsigned)
        fprintf(file, "%" PRIu64 "u", (uint64_t)value->value);
    else if (value->value == INT64_MIN)
        fprintf(file, "-%" PRId64 " - 1", INT64_MAX);
    else
        fprintf(file, "%" PRId64, value->value);
}

/* C 17 has no word for the base of an enum, so one with a base is that integer. */
static bool write_enum(const struct writing *w, const abide_type *type)
{
    static unsigned serial;
    if (abide_type_target(type))
        return write_declaration(w, abide_type_target(type), "");
    fprintf(w->file, "enum {");
    serial++; /* enumerators of all enums are names alike */
    for (size_t i = 0; i < abide_type_value_count(type); i++) {
        abide_enum_value value = abide_type_value_at(type, i);
        fprintf(w->file, "%s e%u_%zu = ", i ? "," : "", serial, i);
        write_value(w->file, &value);
    }
    fprintf(w->file, " }");
    return true;
}

/* As a type by itself: gcc makes an array of no elements one without a count if it is the array that has the attribute. */
static bool write_vector(const struct writing *w, const abide_type *type)
{
    fprintf(w->file, "__typeof__(");
    if (!write_declaration(w, abide_type_target(type), ""))
        return false;
    fprintf(w->file, " __attribute__((vector_size(%" PRIu64 " * sizeof(", abide_type_count(type));
    if (!write_declaration(w, abide_type_target(type), ""))
        return false;
    fprintf(w->file, ")))))");
    return true;
}

/* A type without the dimensions of an array. */
static bool write_specifier(const struct writing *w, const abide_type *type)
{
    static const char *const pointers[] = {"pointer", "function", "cstring", "handle"};
    size_t number = number_of(w->c, type);
    if (number != SIZE_MAX) {
        fprintf(w->file, "t%zu", number);
        return true;
    }
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        if (is_kind(type, pointers[i])) {
            fprintf(w->file, "void *");
            return true;
        }
    if (is_kind(type, "complex"))
        fprintf(w->file, "_Complex ");
    return is_record(type)            ? write_record(w, type)
           : is_kind(type, "enum")    ? write_enum(w, type)
           : is_kind(type, "vector")  ? write_vector(w, type)
           : is_kind(type, "complex") ? write_declaration(w, abide_type_target(type), "")
           : is_kind(type, "newtype") ? write_declaration(w, abide_type_target(type), "")
           : is_kind(type, "scalar")  ? write_scalar(w, type)
                                      : refuse(w->c, "C has no such type");
}

/* "int name[3][2]"; `name` may be "". */
static bool write_declaration(const struct writing *w, const abide_type *type, const char *name)
{
    const char *dimensions = "";
    while (is_kind(type, "array") && number_of(w->c, type) == SIZE_MAX) {
        dimensions = abide_type_is_flexible(type)
                         ? cli_printf("%s[]", dimensions)
                         : cli_printf("%s[%" PRIu64 "]", dimensions, abide_type_count(type));
        type = abide_type_target(type);
    }
    if (!write_specifier(w, type))
        return false;
    fprintf(w->file, "%s%s%s", *name ? " " : "", name, dimensions);
    return true;
}

/* What the type of a value consists of must stand before it. */
static bool write_needed(struct given_c *c, FILE *file, const abide_type *type, bool is_own)
{
    size_t number = number_of(c, type);
    if (number != SIZE_MAX && !is_own)
        return given_c_type(c, file, number);
    if (is_kind(type, "array") || is_kind(type, "vector") || is_kind(type, "complex") ||
        is_kind(type, "newtype"))
        return write_needed(c, file, abide_type_target(type), false);
    for (size_t i = 0; is_record(type) && i < abide_type_member_count(type); i++)
        if (!write_needed(c, file, abide_type_member_at(type, i).type, false))
            return false;
    return true;
}

/* The definition of a type that the interface names, whatever it is. */
static bool write_definition(struct given_c *c, FILE *file, size_t number)
{
    const abide_type *type = abide_iface_type_at(c->iface, number);
    const struct writing w = {c, file, ""};
    const char *name = cli_printf("t%zu", number);
    abide_packing packing = abide_type_packing(type);
    if (packing.pack_bytes)
        fprintf(file, "#pragma pack(push, %u)\n", packing.pack_bytes);
    fprintf(file, "typedef ");
    bool good = is_record(type)             ? write_record(&w, type)
                : is_kind(type, "enum")     ? write_enum(&w, type)
                : is_kind(type, "newtype")  ? write_declaration(&w, abide_type_target(type), name)
                : is_kind(type, "function") ? fprintf(file, "void *") > 0
                                            : refuse(c, "C has no such type");
    if (good && !is_kind(type, "newtype"))
        fprintf(file, " %s", name);
    fprintf(file, ";\n%s", packing.pack_bytes ? "#pragma pack(pop)\n" : "");
    return good;
}

bool given_c_type(struct given_c *c, FILE *file, size_t number)
{
    char *text = NULL;
    size_t size_bytes = 0;
    const abide_type *type = abide_iface_type_at(c->iface, number);
    if (c->states[number] == STATE_WRITTEN)
        return true;
    if (c->states[number] == STATE_REFUSED)
        return refuse(c, "it holds a type that C does not have");
    c->states[number] = STATE_REFUSED;
    if (!abide_type_has_size(type) || !write_needed(c, file, type, true))
        return refuse(c, "it has no size");
    FILE *definition = open_memstream(&text, &size_bytes);
    if (!definition)
        cli_no_memory();
    bool good = write_definition(c, definition, number);
    if (fclose(definition) != 0)
        cli_no_memory();
    if (good) {
        fputs(text, file);
        c->states[number] = STATE_WRITTEN;
    }
    free(text);
    return good;
}

/* --- members --- */

struct collecting {
    struct given_c *c;
    const abide_module *module;
    struct given_member *members;
    size_t count, capacity;
};

/* How a record is reached from the outermost one. */
struct reached {
    const char *prefix; /* of its members' names in C */
    const char *path, *name;
    uint64_t offset_bits;
};

static void add_member(struct collecting *all, const struct given_member *member)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity ? 2 * all->capacity : 16;
        struct given_member *members = cli_alloc(capacity, sizeof *members);
        if (all->count)
            memcpy(members, all->members, all->count * sizeof *members);
        all->members = members;
        all->capacity = capacity;
    }
    all->members[all->count++] = *member;
}

static bool collect(struct collecting *all, const abide_type *type, const struct reached *from)
{
    const abide_layout *layout = abide_layout_of(all->c->ctx, all->module, type);
    size_t count = abide_type_member_count(type);
    if (!layout || abide_layout_field_count(layout) != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        abide_member member = abide_type_member_at(type, i);
        abide_field_info field = abide_layout_field_at(layout, i);
        const char *own = member_name(from->prefix, i), *dot = member.name ? "." : "";
        const struct given_member found = {
            .path = cli_printf("%s%s", from->path, member.name ? own : ""),
            .name = cli_printf("%s%s", from->name, member.name ? member.name : ""),
            .is_bitfield = member.is_bitfield,
            .offset_bits = from->offset_bits + field.offset_bits,
            .size_bits = field.size_bits};
        if (member.name)
            add_member(all, &found);
        const struct reached inner = {own, cli_printf("%s%s", found.path, dot),
                                      cli_printf("%s%s", found.name, dot), found.offset_bits};
        bool is_in_place = is_record(member.type) && number_of(all->c, member.type) == SIZE_MAX;
        if (is_in_place && !collect(all, member.type, &inner))
            return false;
    }
    return true;
}

size_t given_c_members(struct given_c *c, const abide_module *module, const abide_type *type,
                       struct given_member **members)
{
    struct collecting all = {.c = c, .module = module};
    if (is_record(type) && !collect(&all, type, &(struct reached){"", "", "", 0}))
        return SIZE_MAX;
    *members = all.members;
    return all.count;
}
