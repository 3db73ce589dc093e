/* Symbols that assemblers read as something else, or that an object file cannot have. */
#include "names.h"

#include "base/diag.h"

#include <llvm-c/Object.h>
#include <stdlib.h>
#include <string.h>

/* Words this short may be registers or operators. */
#define SHORT_MAX_BYTES 4

/* A symbol that may be trouble: of a thunk, or the one that it calls. */
struct odd {
    const struct abide_thunk *thunk;
    const char *symbol;
    const char *name; /* as linkers see it */
    bool is_there;
    const char *why_not; /* NULL: nothing is known against it */
};

struct odds {
    struct odd *items; /* sorted by name */
    size_t count;
};

static bool is_plain(const char *symbol)
{
    bool fine = strlen(symbol) > SHORT_MAX_BYTES;
    for (const char *at = symbol; *at; at++)
        fine = fine && (*at == '_' || (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') ||
                        (*at >= 'A' && *at <= 'Z'));
    return fine;
}

/* What is made shape by shape, and has no module, is ELF. */
static bool is_elf(struct abide_emission *e)
{
    return !e->module || strstr(LLVMGetDataLayoutStr(e->module), "m:e");
}

/* What no trial shows: linkers of ELF take `f@V` for f of the version V, also where that is to be called; GNU as takes `@` for more. */
static const char *why_not(struct abide_emission *e, const char *symbol, bool is_defined)
{
    if (!strchr(symbol, '@') || !is_elf(e))
        return NULL;
    if (is_defined)
        return "linkers read a version behind `@`";
    return e->options->emit == ABIDE_EMIT_ASSEMBLY
               ? "assemblers read a kind of relocation behind `@`"
               : NULL;
}

static void add_odd(struct abide_emission *e, struct odds *odds, const struct abide_thunk *thunk,
                    bool is_defined)
{
    const abide_assignment *side = is_defined ? thunk->plan->caller : thunk->plan->callee;
    const char *symbol = is_defined ? thunk->symbol : thunk->plan->symbol;
    if (is_plain(symbol))
        return;
    const char *name = abide_emission__linker_name(e, side->physical->machine, symbol);
    odds->items[odds->count++] =
        (struct odd){thunk, symbol, name, false, why_not(e, symbol, is_defined)};
}

static int compare_odds(const void *a, const void *b)
{
    return strcmp(((const struct odd *)a)->name, ((const struct odd *)b)->name);
}

static struct odds find_odds(struct abide_emission *e, const struct abide_thunk *thunks,
                             size_t thunk_count)
{
    struct odds odds = {abide__new_array(e->ctx, struct odd, 2 * thunk_count), 0};
    for (size_t i = 0; i < thunk_count; i++) {
        if (thunks[i].plan->target == ABIDE_TARGET_SYMBOL)
            add_odd(e, &odds, &thunks[i], false);
        add_odd(e, &odds, &thunks[i], true);
    }
    qsort(odds.items, odds.count, sizeof *odds.items, compare_odds);
    return odds;
}

/* The first line of what LLVM says, without the place in a text that nobody sees: "<inline asm>:10:7: ". */
static const char *short_reason(struct abide_emission *e, const char *why)
{
    const char *place = strchr(why, '>');
    const char *start = *why == '<' && place ? strstr(place, ": ") : NULL;
    start = start ? start + 2 : why;
    return abide__printf(e->ctx, "%.*s", (int)strcspn(start, "\n"), start);
}

static void refuse(struct abide_emission *e, const struct odd *odd, const char *why)
{
    const abide_plan *plan = odd->thunk->plan;
    abide_diag *diag =
        abide__report(e->ctx, ABIDE_CODE_CANNOT_EMIT, abide_emission__place(plan),
                      "no machine code can be made for function '%s': on this target its symbol "
                      "'%s' cannot be written%s%s",
                      plan->function ? plan->function->name : "?", odd->symbol, *why ? ": " : "",
                      short_reason(e, why));
    bool is_defined = odd->symbol == odd->thunk->symbol;
    abide__diag_help(e->ctx, diag, "%s%s",
                     is_defined ? "choose another prefix with `--prefix`"
                                : "have the library offer the function under a second name, of "
                                  "letters, digits and `_`, and say that under `symbol:`",
                     !is_defined && e->options->emit == ABIDE_EMIT_ASSEMBLY ? "; or make an object"
                                                                            : "");
}

static bool refuse_missing(struct abide_emission *e, const struct odds *odds)
{
    bool fine = true;
    for (size_t i = 0; i < odds->count; i++) {
        const struct odd *odd = &odds->items[i];
        bool is_fine = odd->is_there && !odd->why_not;
        if (!is_fine)
            refuse(e, odd, odd->why_not ? odd->why_not : "");
        fine = fine && is_fine;
    }
    return fine;
}

bool abide_names__blame(struct abide_emission *e, const struct abide_thunk *thunks,
                        size_t thunk_count, const char *reason)
{
    struct odds odds = find_odds(e, thunks, thunk_count);
    if (odds.count)
        refuse(e, &odds.items[0], reason);
    return odds.count > 0;
}

/* ---- what is in an object: nothing is allocated in the context while LLVM holds it ---- */

static void mark(struct odds *odds, const char *name)
{
    size_t low = 0, high = odds->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(odds->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < odds->count && strcmp(odds->items[low].name, name) == 0; low++)
        odds->items[low].is_there = true;
}

static void mark_symbols(struct abide_emission *e, struct odds *odds, LLVMMemoryBufferRef object)
{
    char *message = NULL;
    LLVMBinaryRef binary = LLVMCreateBinary(object, e->context, &message);
    if (!binary) {
        LLVMDisposeMessage(message);
        return;
    }
    LLVMSymbolIteratorRef at = LLVMObjectFileCopySymbolIterator(binary);
    for (; at && !LLVMObjectFileIsSymbolIteratorAtEnd(binary, at); LLVMMoveToNextSymbol(at))
        mark(odds, LLVMGetSymbolName(at));
    LLVMDisposeSymbolIterator(at);
    LLVMDisposeBinary(binary);
}

bool abide_names__check_object(struct abide_emission *e, const struct abide_thunk *thunks,
                               size_t thunk_count, const struct abide_text *object)
{
    struct odds odds = find_odds(e, thunks, thunk_count);
    if (odds.count == 0)
        return true;
    LLVMMemoryBufferRef bytes =
        LLVMCreateMemoryBufferWithMemoryRange(object->chars, object->length_bytes, "abide", false);
    mark_symbols(e, &odds, bytes);
    LLVMDisposeMemoryBuffer(bytes);
    return refuse_missing(e, &odds);
}

/* ---- what is no object yet ---- */

/* Makes an object of a module, which is given away, and looks at it. */
static bool check(struct abide_emission *e, struct odds *odds, LLVMModuleRef module)
{
    char *message = NULL;
    LLVMMemoryBufferRef buffer = NULL;
    bool failed =
        LLVMTargetMachineEmitToMemoryBuffer(e->machine, module, LLVMObjectFile, &message, &buffer);
    if (failed && message && !e->failure[0])
        memcpy(e->failure, message, strnlen(message, sizeof e->failure - 1));
    if (message)
        LLVMDisposeMessage(message);
    LLVMDisposeModule(module);
    if (buffer && !e->failure[0])
        mark_symbols(e, odds, buffer);
    if (buffer)
        LLVMDisposeMemoryBuffer(buffer);
    if (!failed && !e->failure[0])
        return refuse_missing(e, odds);
    refuse(e, &odds->items[0], e->failure);
    return false;
}

bool abide_names__check_assembly(struct abide_emission *e, const struct abide_thunk *thunks,
                                 size_t thunk_count, const struct abide_text *text)
{
    struct odds odds = find_odds(e, thunks, thunk_count);
    if (odds.count == 0)
        return true;
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("abide", e->context);
    LLVMSetTarget(module, LLVMGetTarget(e->module));
    LLVMSetDataLayout(module, LLVMGetDataLayoutStr(e->module));
    LLVMSetModuleInlineAsm2(module, text->chars, text->length_bytes);
    return check(e, &odds, module);
}

bool abide_names__check_module(struct abide_emission *e, const struct abide_thunk *thunks,
                               size_t thunk_count)
{
    struct odds odds = find_odds(e, thunks, thunk_count);
    return odds.count == 0 || check(e, &odds, LLVMCloneModule(e->module));
}
