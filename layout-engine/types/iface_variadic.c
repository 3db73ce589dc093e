/* One call of a variadic function, with extra arguments that somebody types (`abide call --variadic`). */
#include "types/iface_reader.h"

#include <string.h>

/* The words of an interface that was read, for expressions that come later. */
static struct iface_reader *reopen(abide_ctx *ctx, const abide_iface *iface)
{
    struct iface_reader *reader = abide__new(ctx, struct iface_reader);
    reader->ctx = ctx;
    reader->iface = (struct abide_iface *)iface; /* nothing is added to it */
    reader->first_serial = abide_type__count(ctx);
    reader->types_are_sound = true;
    abide_iface__add_builtins(reader);
    for (size_t i = 0; i < iface->type_count; i++) {
        struct iface_word *word = abide__new(ctx, struct iface_word);
        word->name = iface->types[i]->name;
        word->type = (abide_type *)iface->types[i]; /* complete, so it is only read */
        abide_iface__add_word(reader, word);
    }
    return reader;
}

/* The list as the parameters of a signature. false: reported. */
static bool read_extra(abide_ctx *ctx, const abide_iface *iface, const char *text,
                       abide_signature *extra)
{
    const char *list = abide__printf(ctx, "(... %s)", text);
    const struct abide_source *source =
        abide_source__from_text(ctx, "<extra arguments>", list, strlen(list));
    struct abide_yaml *node = abide__new(ctx, struct abide_yaml);
    *node = (struct abide_yaml){.kind = ABIDE_YAML_SCALAR,
                                .place = {source, 0, strlen(list)},
                                .text = abide__intern_text(ctx, list),
                                .length_bytes = strlen(list)};
    struct iface_reader *reader = reopen(ctx, iface);
    if (!abide_iface__signature(reader, node, false, extra) ||
        !abide_iface__check_signature(reader, extra))
        return false;
    size_t errors = abide__error_count(ctx);
    abide_iface__settle_ownership(reader);
    return abide__error_count(ctx) == errors;
}

/* What C makes of it behind dots, ISO C 6.5.2.2p6; NULL: it stays as it is. */
static const char *promoted(const abide_type *type)
{
    type = abide_type__strip(type);
    if (type->kind == ABIDE_KIND_ENUM && type->target)
        type = abide_type__strip(type->target);
    if (type->kind != ABIDE_KIND_SCALAR)
        return NULL;
    switch (type->scalar) {
    case ABIDE_SCALAR_F32:
    case ABIDE_SCALAR_C_FLOAT: return "f64";
    case ABIDE_SCALAR_BOOL:
    case ABIDE_SCALAR_I8:
    case ABIDE_SCALAR_U8:
    case ABIDE_SCALAR_I16:
    case ABIDE_SCALAR_U16:
    case ABIDE_SCALAR_C_CHAR:
    case ABIDE_SCALAR_C_SCHAR:
    case ABIDE_SCALAR_C_UCHAR:
    case ABIDE_SCALAR_C_SHORT:
    case ABIDE_SCALAR_C_USHORT: return "c_int";
    default: return NULL;
    }
}

void abide_iface__check_promotions(abide_ctx *ctx, const abide_signature *signature)
{
    for (size_t i = signature->fixed_count; i < signature->param_count; i++) {
        const struct abide_param *param = &signature->params[i];
        const char *type = promoted(param->type);
        if (!type)
            continue;
        abide_diag *diag = abide__report(
            ctx, ABIDE_CODE_PROMOTED_ARGUMENT, param->place, "C passes %s as %s where dots stand",
            abide__quote(ctx, abide_type_print(ctx, param->type)), type);
        abide__diag_help(ctx, diag, "write %s, unless no C compiler makes the call", type);
    }
}

static const abide_signature *join(abide_ctx *ctx, const abide_signature *signature,
                                   const abide_signature *extra)
{
    size_t fixed_count = signature->fixed_count;
    abide_signature *call = abide__new(ctx, abide_signature);
    *call = *signature;
    call->param_count = fixed_count + extra->param_count;
    struct abide_param *params = abide__new_array(ctx, struct abide_param, call->param_count);
    for (size_t i = 0; i < call->param_count; i++) {
        params[i] = i < fixed_count ? signature->params[i] : extra->params[i - fixed_count];
        params[i].is_variadic = i >= fixed_count;
    }
    call->params = params;
    return call;
}

static const abide_signature *variadic_call(abide_ctx *ctx, const abide_iface *iface,
                                            const abide_function *function, const char *text)
{
    if (!function->signature->is_variadic) {
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_NOT_VARIADIC, function->place,
                          "%s takes no extra arguments", abide__quote(ctx, function->name));
        abide__diag_help(ctx, diag, "a variadic function ends in dots: (fmt cstring, ...)");
        return NULL;
    }
    abide_signature *extra = abide__new(ctx, abide_signature);
    if (!read_extra(ctx, iface, text, extra))
        return NULL;
    abide_iface__check_promotions(ctx, extra);
    const abide_signature *call = join(ctx, function->signature, extra);
    if (call->param_count > ABIDE_IFACE_MAX_PARAMS) {
        abide__report(ctx, ABIDE_CODE_TOO_MANY, extra->place, "more than %d parameters",
                      ABIDE_IFACE_MAX_PARAMS);
        return NULL;
    }
    return call;
}

const abide_signature *abide_iface_variadic_call(abide_ctx *ctx, const abide_iface *iface,
                                                 const abide_function *function, const char *text)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_signature *call = variadic_call(ctx, iface, function, text);
    abide__guard_leave(ctx, &guard);
    return call;
}
