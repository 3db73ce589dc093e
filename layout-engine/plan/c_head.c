/* The heads of functions in portable C: names, conventions as attributes, types of parameters and results. */
#include "plan/c_writer.h"
#include "spec/compilers.h"

#include <string.h>

const char *abide_c__type_name(struct abide_c_writer *writer, const struct abide_plan *plan,
                               const abide_type *type)
{
    return abide_c_types__name(&writer->types, type, plan->function->place);
}

bool abide_c__ends_in_star(const char *type)
{
    return type[strlen(type) - 1] == '*';
}

static bool is_identifier(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!(*c == '_' || ((*c | 32) >= 'a' && (*c | 32) <= 'z') ||
              (c != name && *c >= '0' && *c <= '9')))
            return false;
    return *name != 0;
}

/* Whether one of the words of a list, each between blanks, is `name`, or with `as_start` begins it. */
static bool is_listed(const char *list, const char *name, bool as_start)
{
    for (const char *word = list; *word; word += strcspn(word, " ")) {
        word += strspn(word, " ");
        size_t length = strcspn(word, " ");
        if (length && !strncmp(word, name, length) && (as_start || !name[length]))
            return true;
    }
    return false;
}

bool abide_c__is_free_name(const char *name)
{
    static const char words[] =
        "alignas alignof asm auto bool break case char const constexpr continue default do double "
        "else enum extern false float for goto i386 if inline int linux long main max_align_t "
        "nullptr offsetof ptrdiff_t register restrict return short signed size_t sizeof static "
        "static_assert struct switch thread_local true typedef typeof typeof_unqual union unix "
        "unreachable unsigned void volatile wchar_t while NULL";
    static const char starts[] = "__ abide_ ABIDE_ target_ thunk_ int8 "
                                 "int16 int32 int64 intptr intmax int_ uint str mem";
    return is_identifier(name) && !is_listed(words, name, false) && !is_listed(starts, name, true);
}

/* What gives a function the side's convention, and a blank; or nothing. Compilers may have to be asked whether they know it. */
static const char *convention_of(struct abide_c_writer *writer, const abide_assignment *side)
{
    const char *attribute = side->physical->machine->compilers->attribute;
    if (!attribute)
        return "";
    size_t known = 0;
    while (known < writer->attributes.count &&
           strcmp(writer->attributes.items[known], attribute) != 0)
        known++;
    if (known == writer->attributes.count)
        abide__push(writer->ctx, &writer->attributes, attribute);
    return abide__printf(writer->ctx, "__attribute__((%s)) ", attribute);
}

/* "regparm" of "regparm(3)": compilers that do not know it would warn, and call as ever. */
static void write_checks(abide_ctx *ctx, struct abide_text *text, const char *attributes)
{
    for (const char *name = attributes; *name;) {
        size_t length = strcspn(name, "(, ");
        if (length)
            abide__text_printf(ctx, text,
                               "#if !__has_attribute(%.*s)\n#error \"this compiler has no "
                               "attribute %.*s\"\n#endif\n",
                               (int)length, name, (int)length, name);
        name += length;
        for (int depth = 0; *name && (depth || *name == '(' || *name == ',' || *name == ' ');
             name++)
            depth += (*name == '(') - (*name == ')');
    }
}

const char *abide_c__attribute_checks(struct abide_c_writer *writer)
{
    struct abide_text text = {0};
    abide__text_add(writer->ctx, &text, "", 0);
    for (size_t i = 0; i < writer->attributes.count; i++)
        write_checks(writer->ctx, &text, writer->attributes.items[i]);
    if (writer->attributes.count) /* known, but not on this processor */
        abide__text_printf(writer->ctx, &text, "#pragma GCC diagnostic error \"-Wattributes\"\n\n");
    return text.chars;
}

/* "R name(T0 a0, T1 a1)". NULL: reported. */
static const char *declarator(struct abide_c_writer *writer, const struct abide_plan *plan,
                              const abide_assignment *side, const char *name)
{
    const struct abide_physical *physical = side->physical;
    const char *result = abide_c__type_name(writer, plan, physical->result.type);
    struct abide_text text = {0};
    if (!result)
        return NULL;
    abide__text_printf(writer->ctx, &text, "%s%s%s(", result,
                       abide_c__ends_in_star(result) ? "" : " ", name);
    for (size_t i = 0; i < physical->param_count; i++) {
        const struct abide_physical_param *param = &physical->params[i];
        const char *type = abide_c__type_name(writer, plan, param->type);
        if (!type)
            return NULL;
        abide__text_printf(writer->ctx, &text, "%s%s%s%sa%zu%s", i ? ", " : "", type,
                           abide_c__ends_in_star(type) ? "" : " ", param->comes_back ? "*" : "", i,
                           abide_physical__attribute(writer->ctx, physical, param));
    }
    abide__text_printf(writer->ctx, &text, "%s)", physical->param_count ? "" : "void");
    return text.chars;
}

const char *abide_c__function_head(struct abide_c_writer *writer, const struct abide_plan *plan,
                                   const abide_assignment *side, const char *name)
{
    const char *head = declarator(writer, plan, side, name);
    return head ? abide__printf(writer->ctx, "%s%s", convention_of(writer, side), head) : NULL;
}

const char *abide_c__pointer_type(struct abide_c_writer *writer, const struct abide_plan *plan,
                                  const abide_assignment *side)
{
    return declarator(writer, plan, side,
                      abide__printf(writer->ctx, "(%s*)", convention_of(writer, side)));
}
