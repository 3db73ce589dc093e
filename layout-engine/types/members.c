/* The names of a record's members: C sees those of anonymous members in the outer record. */
#include "base/diag.h"
#include "types/type.h"

#include <stdlib.h>

/* Fixed, so that nothing need be allocated: records without anonymous members may have any number of names. */
enum { MAX_NAMES = 4096 };

struct named {
    const struct abide_field *field;
    size_t order;
    size_t member; /* of the record itself: which of them it is, or is in */
};

struct open_record {
    const abide_type *type;
    size_t next;
};

static bool is_anonymous(const struct abide_field *field)
{
    enum abide_kind kind = abide_type__strip(field->type)->kind;
    return !field->name && !field->is_bitfield &&
           (kind == ABIDE_KIND_STRUCT || kind == ABIDE_KIND_UNION);
}

/* All names that are visible in `record`, and how many; SIZE_MAX: too many. */
static size_t collect(const abide_type *record, struct named *names, size_t capacity)
{
    struct open_record open[ABIDE_TYPE_MAX_VALUE_DEPTH];
    size_t depth = 0, count = 0, entered = 0;
    open[depth++] = (struct open_record){record, 0};
    while (depth > 0) {
        struct open_record *inner = &open[depth - 1];
        if (inner->next == inner->type->field_count) {
            depth--;
            continue;
        }
        const struct abide_field *field = &inner->type->fields[inner->next++];
        if (is_anonymous(field) && depth < ABIDE_TYPE_MAX_VALUE_DEPTH) {
            if (++entered > MAX_NAMES)
                return SIZE_MAX;
            open[depth++] = (struct open_record){abide_type__strip(field->type), 0};
        } else if (field->name) {
            if (count == capacity)
                return SIZE_MAX;
            names[count] = (struct named){field, count, open[0].next - 1};
            count++;
        }
    }
    return count;
}

static int compare(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    uintptr_t x = (uintptr_t)a->field->name, y = (uintptr_t)b->field->name; /* interned */
    if (x != y)
        return x < y ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* What an anonymous member repeats in itself was reported there. */
static bool are_unique(abide_ctx *ctx, const abide_type *record, struct named *names, size_t count)
{
    qsort(names, count, sizeof *names, compare);
    for (size_t i = 1; i < count; i++) {
        const struct abide_field *first = names[i - 1].field, *again = names[i].field;
        if (first->name != again->name || names[i - 1].member == names[i].member)
            continue;
        /* A type that is a member twice has its names elsewhere. */
        struct abide_place place =
            first == again ? record->fields[names[i].member].place : again->place;
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, place, "two fields are called %s",
                          abide__quote(ctx, again->name));
        if (first->place.source)
            abide__diag_note(ctx, diag, first->place, "the first one");
        return false;
    }
    return true;
}

/* Of few members, none of them anonymous, which is the usual case. */
static bool are_few_unique(const abide_type *record)
{
    const struct abide_field *fields = record->fields;
    for (size_t i = 0; i < record->field_count; i++) {
        if (is_anonymous(&fields[i]))
            return false;
        for (size_t j = 0; j < i && fields[i].name; j++)
            if (fields[j].name == fields[i].name)
                return false;
    }
    return true;
}

static bool are_many_unique(abide_ctx *ctx, const abide_type *record)
{
    struct named some[MAX_NAMES];
    struct named *names = some;
    size_t capacity = MAX_NAMES;
    if (record->field_count > MAX_NAMES) {
        capacity = record->field_count + MAX_NAMES;
        names = abide__new_array(ctx, struct named, capacity);
    }
    size_t count = collect(record, names, capacity);
    if (count != SIZE_MAX)
        return are_unique(ctx, record, names, count);
    abide__report(ctx, ABIDE_CODE_TOO_MANY, record->place,
                  "more than %d names in anonymous members", MAX_NAMES);
    return false;
}

bool abide_type__check_members(abide_ctx *ctx, const abide_type *record)
{
    enum { FEW = 32 };
    return (record->field_count <= FEW && are_few_unique(record)) || are_many_unique(ctx, record);
}
