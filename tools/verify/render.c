/* One signature, written twice: for abide and for a C compiler. */
#include "signature.h"

static void interface_use(FILE *file, const struct use *use, unsigned number)
{
    for (unsigned i = 0; i < MAX_DIMENSIONS; i++)
        if (use->counts[i] != COUNT_ABSENT)
            fprintf(file, "array<");
    switch (use->kind) {
    case USE_SCALAR: fprintf(file, "%s", scalars[use->index].name); break;
    case USE_NAMED: fprintf(file, "t%u_%u", number, use->index); break;
    case USE_POINTER_TO: fprintf(file, "ptr<t%u_%u>", number, use->index); break;
    }
    for (unsigned i = MAX_DIMENSIONS; i-- > 0;)
        if (use->counts[i] == COUNT_OPEN)
            fprintf(file, ">");
        else if (use->counts[i] != COUNT_ABSENT)
            fprintf(file, ", %u>", use->counts[i] <= COUNT_MAX ? use->counts[i] : 0);
}

static void interface_field(FILE *file, const struct field *field, unsigned i, bool in_list,
                            unsigned number)
{
    bool is_short = !field->is_bitfield && !field->packed && field->align_bytes == 0 && !in_list;
    if (is_short) {
        fprintf(file, "      m%u: ", i);
        interface_use(file, &field->type, number);
        fprintf(file, "\n");
        return;
    }
    const char *lead = "      - ";
    if (!in_list) {
        fprintf(file, "      m%u:\n", i);
        lead = "        ";
    } else if (!field->is_unnamed) {
        fprintf(file, "%sname: m%u\n", lead, i);
        lead = "        ";
    }
    fprintf(file, "%stype: ", lead);
    interface_use(file, &field->type, number);
    fprintf(file, "\n");
    if (field->is_bitfield)
        fprintf(file, "        bits: %u\n", field->bits);
    if (field->packed)
        fprintf(file, "        packed: true\n");
    if (field->align_bytes != 0)
        fprintf(file, "        align: %u\n", field->align_bytes);
}

static void interface_record(FILE *file, const struct type *type, unsigned number)
{
    bool in_list = false;
    for (unsigned i = 0; i < type->field_count; i++)
        in_list = in_list || type->fields[i].is_unnamed;
    const char *word = type->kind == TYPE_UNION ? "union" : "struct";
    fprintf(file, type->field_count == 0 ? "    %s: {}\n" : "    %s:\n", word);
    for (unsigned i = 0; i < type->field_count; i++)
        interface_field(file, &type->fields[i], i, in_list, number);
    if (type->packed)
        fprintf(file, "    packed: true\n");
    if (type->pack_bytes != 0)
        fprintf(file, "    pack: %u\n", type->pack_bytes);
    if (type->align_bytes != 0)
        fprintf(file, "    align: %u\n", type->align_bytes);
}

/* Only a newtype gives a tuple a name. */
static void interface_tuple(FILE *file, const struct type *type, unsigned number)
{
    fprintf(file, "    newtype: tuple<");
    for (unsigned i = 0; i < type->field_count; i++) {
        fprintf(file, i == 0 ? "" : ", ");
        interface_use(file, &type->fields[i].type, number);
    }
    fprintf(file, ">\n");
}

static void interface_enum(FILE *file, const struct type *type)
{
    if (type->is_list)
        fprintf(file, "    enum: [zero, one]\n");
    else
        fprintf(file, "    enum: {low: %lld, high: 100}\n", (long long)type->first_value);
    if (type->base >= 0)
        fprintf(file, "    base: %s\n", scalars[type->base].name);
}

void render_interface_start(FILE *file)
{
    fprintf(file, "abide: 1\npackage: differential\n");
}

void render_interface_types(FILE *file, const struct signature *signature, unsigned number)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        const struct type *type = &signature->types[i];
        if (!used[i])
            continue;
        fprintf(file, "  t%u_%u:\n", number, i);
        switch (type->kind) {
        case TYPE_STRUCT:
        case TYPE_UNION: interface_record(file, type, number); break;
        case TYPE_ENUM: interface_enum(file, type); break;
        case TYPE_TUPLE: interface_tuple(file, type, number); break;
        case TYPE_NEWTYPE:
            fprintf(file, "    newtype: ");
            interface_use(file, &type->fields[0].type, number);
            fprintf(file, "\n");
            break;
        }
    }
}

static void interface_param(FILE *file, const struct signature *signature, unsigned index,
                            unsigned number)
{
    const struct role *role = signature->roles[index];
    fprintf(file, role && role->comes_back ? "inout " : "");
    interface_use(file, &signature->params[index], number);
}

static void interface_facts(FILE *file, const struct signature *signature)
{
    const char *separator = "    facts: {";
    for (unsigned i = 0; i < signature->param_count; i++)
        if (signature->roles[i]) {
            fprintf(file, "%sp%u: %s", separator, i, signature->roles[i]->fact);
            separator = ", ";
        }
    fprintf(file, "}\n");
}

void render_interface_function(FILE *file, const struct signature *signature, unsigned number)
{
    bool has_roles = false;
    for (unsigned i = 0; i < signature->param_count; i++)
        has_roles = has_roles || signature->roles[i];
    fprintf(file, "  f%u:%s (", number, has_roles ? "\n    sig:" : "");
    for (unsigned i = 0; i < signature->param_count; i++) {
        unsigned named = signature->param_count - signature->unnamed_count;
        if (i < named)
            fprintf(file, "%sp%u ", i == 0 ? "" : ", ", i);
        else
            fprintf(file, i == named ? ", ... " : ", ");
        interface_param(file, signature, i, number);
    }
    fprintf(file, ") -> ");
    if (signature->has_result && signature->back == 0)
        interface_use(file, &signature->result, number);
    else
        fprintf(file, "void");
    fprintf(file, "\n");
    if (has_roles)
        interface_facts(file, signature);
}

/* "typedef float f32_vector_4 __attribute__((vector_size(16)));" */
static void c_vectors(FILE *file)
{
    for (unsigned i = 0; i < scalar_count; i++)
        if (scalars[i].group == GROUP_VECTOR)
            fprintf(file, "typedef %s %s __attribute__((vector_size(%u)));\n",
                    scalars[signature_scalar_parts(i).part].c_name, scalars[i].c_name,
                    scalars[i].size_bytes);
}

void render_c_prelude(FILE *file)
{
    fprintf(file, "#include <stddef.h>\n"
                  "#include <stdint.h>\n"
                  "#if defined __SIZEOF_FLOAT128__ || defined __FLOAT128__\n"
                  "typedef __float128 quad;\n"
                  "#elif __LDBL_MANT_DIG__ == 113\n"
                  "typedef long double quad;\n"
                  "#endif\n"
                  "typedef void (*callback_0)(void);\n"
                  "typedef void *(*callback_1)(int32_t, double);\n");
    c_vectors(file);
}

void render_c_use(FILE *file, const struct use *use, unsigned number)
{
    switch (use->kind) {
    case USE_SCALAR: fprintf(file, "%s", scalars[use->index].c_name); break;
    case USE_NAMED: fprintf(file, "t%u_%u", number, use->index); break;
    case USE_POINTER_TO: fprintf(file, "t%u_%u *", number, use->index); break;
    }
}

static void c_field(FILE *file, const struct field *field, unsigned i, unsigned number)
{
    fprintf(file, "    ");
    render_c_use(file, &field->type, number);
    if (!field->is_unnamed)
        fprintf(file, " m%u", i);
    for (unsigned d = 0; d < MAX_DIMENSIONS; d++)
        if (field->type.counts[d] == COUNT_OPEN)
            fprintf(file, "[]");
        else if (field->type.counts[d] != COUNT_ABSENT)
            fprintf(file, "[%u]", field->type.counts[d] <= COUNT_MAX ? field->type.counts[d] : 0);
    if (field->is_bitfield)
        fprintf(file, " : %u", field->bits);
    if (field->packed)
        fprintf(file, " __attribute__((packed))");
    if (field->align_bytes != 0)
        fprintf(file, " __attribute__((aligned(%u)))", field->align_bytes);
    fprintf(file, ";\n");
}

static void c_record(FILE *file, const struct type *type, unsigned i, unsigned number)
{
    if (type->pack_bytes != 0)
        fprintf(file, "#pragma pack(push, %u)\n", type->pack_bytes);
    fprintf(file, "typedef %s", type->kind == TYPE_UNION ? "union" : "struct");
    if (type->packed)
        fprintf(file, " __attribute__((packed))");
    if (type->align_bytes != 0)
        fprintf(file, " __attribute__((aligned(%u)))", type->align_bytes);
    fprintf(file, " {\n");
    for (unsigned f = 0; f < type->field_count; f++)
        c_field(file, &type->fields[f], f, number);
    fprintf(file, "} t%u_%u;\n", number, i);
    if (type->pack_bytes != 0)
        fprintf(file, "#pragma pack(pop)\n");
}

static void c_enum(FILE *file, const struct type *type, unsigned i, unsigned number)
{
    if (type->base >= 0)
        fprintf(file, "typedef %s t%u_%u;\n", scalars[type->base].c_name, number, i);
    else if (type->is_list)
        fprintf(file, "typedef enum { zero%u_%u, one%u_%u } t%u_%u;\n", number, i, number, i,
                number, i);
    else
        fprintf(file, "typedef enum { low%u_%u = %lld, high%u_%u = 100 } t%u_%u;\n", number, i,
                (long long)type->first_value, number, i, number, i);
}

void render_c_types(FILE *file, const struct signature *signature, unsigned number)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        const struct type *type = &signature->types[i];
        if (!used[i])
            continue;
        switch (type->kind) {
        case TYPE_STRUCT:
        case TYPE_TUPLE:
        case TYPE_UNION: c_record(file, type, i, number); break;
        case TYPE_ENUM: c_enum(file, type, i, number); break;
        case TYPE_NEWTYPE:
            fprintf(file, "typedef ");
            render_c_use(file, &type->fields[0].type, number);
            fprintf(file, " t%u_%u;\n", number, i);
            break;
        }
    }
}

void render_c_param(FILE *file, const struct signature *signature, unsigned index, unsigned number)
{
    const struct role *role = signature->roles[index];
    render_c_use(file, &signature->params[index], number);
    fprintf(file, "%s p%u", role && role->comes_back ? " *" : "", index);
    if (role)
        fprintf(file, " __attribute__((%s))", role->attribute);
}
