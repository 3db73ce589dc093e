/*
 * Before LLVM 18 only the textual IR can say `musttail`. Marked calls are found in the module's text by the number of their
 * attribute group, and the text is read again.
 */
#include "musttail.h"

#if ABIDE_LLVM_HAS_TAIL_CALL_KIND

bool abide_musttail__settle(struct abide_emission *e)
{
    (void)e;
    return true;
}

#else

#include "base/diag.h"

#include <llvm-c/IRReader.h>

#include <stdlib.h>
#include <string.h>

/* The group of attributes that is the mark: `attributes #3 = { "abide-musttail" }`. NULL: nothing is marked. */
static const char *mark_group(abide_ctx *ctx, const char *text)
{
    const char *mark = strstr(text, "= { \"" ABIDE_LLVM_MUSTTAIL_MARK "\" }");
    if (!mark)
        return NULL;
    const char *start = mark;
    while (start > text && start[-1] != '\n')
        start--;
    unsigned long number = strtoul(start + strcspn(start, "#") + 1, NULL, 10);
    return abide__printf(ctx, " #%lu", number);
}

static bool is_marked(const char *line, size_t length_bytes, const char *group)
{
    size_t group_bytes = strlen(group);
    for (size_t i = 0; i + group_bytes <= length_bytes; i++) {
        char after = i + group_bytes < length_bytes ? line[i + group_bytes] : '\n';
        if (!memcmp(line + i, group, group_bytes) && (after == '\n' || after == ','))
            return true;
    }
    return false;
}

static struct abide_text rewrite(abide_ctx *ctx, const char *text, const char *group)
{
    static const char tail[] = "  tail call ";
    struct abide_text out = {0};
    for (const char *line = text; *line;) {
        size_t length_bytes = strcspn(line, "\n");
        size_t next_bytes = length_bytes + (line[length_bytes] == '\n');
        if (!strncmp(line, tail, sizeof tail - 1) && is_marked(line, length_bytes, group)) {
            abide__text_printf(ctx, &out, "  must");
            abide__text_add(ctx, &out, line + 2, next_bytes - 2);
        } else {
            abide__text_add(ctx, &out, line, next_bytes);
        }
        line += next_bytes;
    }
    return out;
}

bool abide_musttail__settle(struct abide_emission *e)
{
    e->text = LLVMPrintModuleToString(e->module);
    const char *group = mark_group(e->ctx, e->text);
    if (!group)
        return true;
    struct abide_text text = rewrite(e->ctx, e->text, group);
    LLVMDisposeMessage(e->text);
    e->text = NULL;
    if (e->debug)
        LLVMDisposeDIBuilder(e->debug);
    e->debug = NULL;
    LLVMDisposeModule(e->module);
    e->module = NULL;
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(text.chars, text.length_bytes, "abide");
    if (!LLVMParseIRInContext(e->context, buffer, &e->module, &e->text))
        return true;
    abide__report(e->ctx, ABIDE_CODE_CANNOT_EMIT, ABIDE_NOWHERE,
                  "internal error: LLVM does not read its own text: %s", e->text);
    return false;
}

#endif
