#include "lowered.h"

#include "cli.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A prototype as texts: "void f(t0_1 *p0, int32_t p1)". */
struct prototype {
    const char *attribute; /* with a blank behind it, or "" */
    const char *result;
    const char *types[MAX_LOWERED];
    const char *attributes[MAX_LOWERED]; /* behind the names, each with a blank before it, or "" */
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

static const char *name_of(const char *start, const char *end)
{
    const char *name = end;
    while (name > start && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
        name--;
    return name;
}

/* The declaration of a parameter without its name. */
static const char *type_of(const char *start, const char *end)
{
    return trimmed(start, name_of(start, end));
}

/* Where the attribute of a parameter begins, with the blank before it: "void *p0 __attribute__((...))"; or the end. */
static const char *find_attribute(const char *start, const char *end)
{
    static const char mark[] = " __attribute__((";
    for (const char *at = end; at-- > start && end[-1] == ')';)
        if (strncmp(at, mark, strlen(mark)) == 0)
            return at;
    return end;
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

/* The first of these characters that stands in no brackets. */
static const char *find_outside(const char *text, const char *characters)
{
    unsigned depth = 0;
    for (; *text; text++) {
        if (depth == 0 && strchr(characters, *text))
            return text;
        if (strchr("({[", *text))
            depth++;
        else if (strchr(")}]", *text))
            depth -= depth != 0;
    }
    return text;
}

/* The list of parameters: the last brackets. NULL: there is none. */
static const char *find_list(const char *text)
{
    unsigned depth = 0;
    for (const char *at = text + strlen(text); at-- > text;) {
        depth += *at == ')';
        if (*at == '(' && --depth == 0)
            return at;
    }
    return NULL;
}

/* false: something in it is no plain list. */
static bool take_apart(const char *text, const abide_module *machine, struct prototype *prototype)
{
    memset(prototype, 0, sizeof *prototype);
    const char *list = text ? after_attribute(text, machine) : NULL;
    const char *open = list ? find_list(list) : NULL;
    if (!open)
        return false;
    prototype->attribute = cli_copy(text, (size_t)(list - text));
    prototype->result = type_of(list, open);
    if (strcmp(open, "(void)") == 0)
        return true;
    for (const char *at = open + 1;; at++) {
        const char *end = find_outside(at, ",)"), *attribute = find_attribute(at, end);
        if (prototype->count == MAX_LOWERED || attribute == name_of(at, attribute))
            return false; /* the name is inside: a pointer to an array or to a function */
        prototype->attributes[prototype->count] = cli_copy(attribute, (size_t)(end - attribute));
        prototype->types[prototype->count++] = type_of(at, attribute);
        if (*end != ',')
            return *end == ')';
        at = end;
    }
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
    if (argument->role != ABIDE_ROLE_VALUE || !argument->name || argument->name[0] != 'p')
        return -2;
    long index = strtol(argument->name + 1, &end, 10);
    return *end == '\0' && index >= 0 && index < MAX_PARAMETERS ? (int)index : -2;
}

/*
 * The type as the prototype says it, if that is made of names that C has. A language has names of its own, and structs without
 * a name are new types wherever they stand.
 */
static const char *usable_type(const char *own, const char *plain, abide_form form)
{
    if (form == ABIDE_FORM_WORDS)
        return own;
    bool is_known = form == ABIDE_FORM_ADDRESS
                        ? is_address_of(own, plain)
                        : strcmp(own, plain) == 0 || strcmp(own, "void") == 0;
    return is_known && !strchr(own, '{') ? own : NULL;
}

bool lowered_read(abide_ctx *ctx, const abide_module *machine, const abide_assignment *assignment,
                  const abide_signature *signature, int back, struct lowered *lowered)
{
    const abide_assignment *plain = abide_assignment_of(ctx, machine, signature);
    struct prototype own, direct;
    if (!plain || !take_apart(abide_assignment_prototype(ctx, assignment, "f"), machine, &own) ||
        !take_apart(abide_assignment_prototype(ctx, plain, "f"), machine, &direct) ||
        own.count != abide_assignment_argument_count(assignment))
        return false;
    abide_argument result = abide_assignment_result(assignment);
    *lowered = (struct lowered){.param_count = own.count,
                                .attribute = own.attribute,
                                .returns_words = result.form == ABIDE_FORM_WORDS};
    bool has_out = false;
    for (unsigned i = 0; i < own.count; i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        int of = index_of(&argument);
        if (of < LOWERED_RESULT || of >= (int)direct.count)
            return false;
        const char *plain_type = of < 0 ? direct.result : direct.types[of];
        bool is_back = of >= 0 && of == back;
        lowered->params[i] = (struct lowered_param){
            .type = is_back ? NULL : usable_type(own.types[i], plain_type, argument.form),
            .of = of,
            .form = is_back ? ABIDE_FORM_ADDRESS : argument.form,
            .attribute = own.attributes[i]};
        has_out = has_out || of < 0;
    }
    lowered->result = usable_type(own.result, direct.result, result.form);
    return result.form != ABIDE_FORM_ADDRESS &&
           (!has_out || (lowered->result && strcmp(lowered->result, "void") == 0));
}

const char *lowered_word(const char *result, unsigned index)
{
    const char *at = strchr(result, '{');
    for (at = at ? at + 1 : ""; *at; at++) {
        const char *end = find_outside(at, ";}");
        if (*end != ';')
            break;
        if (index-- == 0)
            return trimmed(name_of(at, end), end);
        at = end;
    }
    return NULL;
}
