#include "lowered.h"

#include "cli.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A prototype as texts: "void f(t0_1 *p0, int32_t p1)". */
struct prototype {
    const char *attribute; /* with a blank behind it, or "" */
    const char *result;
    const char *types[MAX_PARAMETERS + 2];
    unsigned count;
};

static const char *trimmed(const char *start, const char *end)
{
    while (start < end && *start == ' ')
        start++;
    while (end > start && end[-1] == ' ')
        end--;
    return cli_copy(start, (size_t)(end - start));
}

/* The declaration of a parameter without its name. */
static const char *type_of(const char *start, const char *end)
{
    const char *name = end;
    while (name > start && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
        name--;
    return trimmed(start, name);
}

/* Behind the attribute of the convention, if the prototype begins with one: "__attribute__((regparm(3))) ". */
static const char *after_attribute(const char *text, const abide_module *machine)
{
    const char *attribute = abide_module_attribute(machine);
    if (!attribute)
        return text;
    const char *start = cli_printf("__attribute__((%s)) ", attribute);
    size_t length = strlen(start);
    return strncmp(text, start, length) == 0 ? text + length : text;
}

/* Behind the attribute of a vector, if there is one: "__attribute__((vector_size(16))) float". */
static const char *after_vector(const char *text)
{
    static const char start[] = "__attribute__((vector_size(";
    const char *end = strncmp(text, start, sizeof start - 1) == 0 ? strstr(text, "))) ") : NULL;
    return end ? end + strlen("))) ") : text;
}

/* false: something in it is no plain list. */
static bool take_apart(const char *text, const abide_module *machine, struct prototype *prototype)
{
    memset(prototype, 0, sizeof *prototype);
    if (!text)
        return false;
    const char *list = after_attribute(text, machine);
    const char *open = strchr(after_vector(list), '('), *close = strrchr(list, ')');
    prototype->attribute = cli_copy(text, (size_t)(list - text));
    text = list;
    if (!open || !close || strchr(text, '{'))
        return false;
    prototype->result = type_of(text, open);
    const char *start = open + 1;
    if (strncmp(start, "void)", 5) == 0)
        return true;
    for (const char *at = after_vector(start); at <= close; at++) {
        if (*at == '(' || *at == '[')
            return false;
        if (*at != ',' && at != close)
            continue;
        if (prototype->count == sizeof prototype->types / sizeof *prototype->types)
            return false;
        prototype->types[prototype->count++] = type_of(start, at);
        start = at + 1;
        at = after_vector(start + strspn(start, " ")) - 1;
    }
    return true;
}

/* A pointer to `type`. */
static bool is_address_of(const char *pointer, const char *type)
{
    if (strncmp(pointer, "const ", 6) == 0 && strncmp(type, "const ", 6) != 0)
        pointer += 6;
    size_t length = strlen(type);
    const char *rest = pointer + length;
    return strncmp(pointer, type, length) == 0 &&
           (strcmp(rest, " *") == 0 || strcmp(rest, "*") == 0);
}

/* The parameter that an argument is; -2: none. */
static int index_of(const abide_argument *argument)
{
    char *end;
    if (argument->role == ABIDE_ROLE_OUT)
        return LOWERED_RESULT;
    if (argument->role != ABIDE_ROLE_VALUE || argument->part || !argument->name ||
        argument->name[0] != 'p')
        return -2;
    long index = strtol(argument->name + 1, &end, 10);
    return *end == '\0' && index >= 0 && index < MAX_PARAMETERS ? (int)index : -2;
}

bool lowered_read(abide_ctx *ctx, const abide_module *machine, const abide_assignment *assignment,
                  const abide_signature *signature, struct lowered *lowered)
{
    const abide_assignment *plain = abide_assignment_of(ctx, machine, signature);
    struct prototype own, direct;
    if (!plain || !take_apart(abide_assignment_prototype(ctx, assignment, "f"), machine, &own) ||
        !take_apart(abide_assignment_prototype(ctx, plain, "f"), machine, &direct) ||
        own.count != abide_assignment_argument_count(assignment))
        return false;
    *lowered = (struct lowered){
        .result = own.result, .param_count = own.count, .attribute = own.attribute};
    bool has_out = false;
    for (unsigned i = 0; i < own.count; i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        struct lowered_param *param = &lowered->params[i];
        *param = (struct lowered_param){.type = own.types[i], .of = index_of(&argument)};
        if (param->of < LOWERED_RESULT || param->of >= (int)direct.count)
            return false;
        const char *type = param->of < 0 ? direct.result : direct.types[param->of];
        param->is_address = param->of < 0 || strcmp(type, param->type) != 0;
        has_out = has_out || param->of < 0;
        if (param->is_address && !is_address_of(param->type, type))
            return false;
    }
    return has_out ? strcmp(own.result, "void") == 0 : strcmp(own.result, direct.result) == 0;
}
