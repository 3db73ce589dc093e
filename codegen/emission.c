/*
 * The life of an LLVM module, from thunks to the bytes of a file. The file also knows what has to be done once in a process:
 * LLVM registers its targets and its handler of fatal errors in globals of its own.
 */
#include "emission.h"

#include "archive.h"
#include "base/diag.h"
#include "edge.h"
#include "extras.h"
#include "llvm_once.h"
#include "musttail.h"
#include "names.h"
#include "routine.h"
#include "tables.h"
#include "shapes.h"
#include "side.h"
#include "thunk.h"

#include <assert.h>
#include <llvm-c/Analysis.h>
#include <llvm-c/BitWriter.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char producer[] = "abide";

/* ---- small things for those who write functions ---- */

LLVMTypeRef abide_emission__integer(struct abide_emission *e, uint64_t size_bytes)
{
    return LLVMIntTypeInContext(e->context, (unsigned)(size_bytes * 8));
}

LLVMValueRef abide_emission__number(struct abide_emission *e, uint64_t value)
{
    return LLVMConstInt(e->word, value, false);
}

/* At the start of the function, where LLVM takes it for a part of the frame. */
LLVMValueRef abide_emission__alloca(struct abide_emission *e, uint64_t size_bytes,
                                    uint64_t align_bytes)
{
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(LLVMGetBasicBlockParent(here));
    LLVMValueRef first = LLVMGetFirstInstruction(entry);
    if (first)
        LLVMPositionBuilderBefore(e->builder, first);
    else
        LLVMPositionBuilderAtEnd(e->builder, entry);
    uint64_t words = (size_bytes + e->word_bytes - 1) / e->word_bytes;
    LLVMValueRef memory = LLVMBuildAlloca(
        e->builder, abide_llvm_array(e->byte, (words ? words : 1) * e->word_bytes), "");
    LLVMSetAlignment(memory, (unsigned)(align_bytes ? align_bytes : 1));
    LLVMPositionBuilderAtEnd(e->builder, here);
    return memory;
}

static LLVMAttributeRef text_attribute(struct abide_emission *e, const char *name,
                                       const char *value)
{
    return LLVMCreateStringAttribute(e->context, name, (unsigned)strlen(name), value,
                                     (unsigned)strlen(value));
}

struct abide_place abide_emission__place(const abide_plan *plan)
{
    return plan->function ? plan->function->place : ABIDE_NOWHERE;
}

static void describe(struct abide_emission *e, LLVMValueRef function, const char *name,
                     struct abide_place place)
{
    unsigned line = abide_place__position(place).line;
    LLVMMetadataRef program = LLVMDIBuilderCreateFunction(
        e->debug, e->debug_file, name, strlen(name), "", 0, e->debug_file, line, e->debug_type,
        false, true, line, LLVMDIFlagArtificial | LLVMDIFlagThunk, true);
    LLVMSetSubprogram(function, program);
    LLVMSetCurrentDebugLocation2(
        e->builder, LLVMDIBuilderCreateDebugLocation(e->context, line, 0, program, NULL));
}

/* A function that others have referred to already gives its name and its uses to the one that is defined now. */
static LLVMValueRef add_function(struct abide_emission *e, const char *symbol, LLVMTypeRef type)
{
    LLVMValueRef declared = LLVMGetNamedFunction(e->module, symbol);
    if (declared)
        LLVMSetValueName2(declared, "", 0);
    LLVMValueRef function = LLVMAddFunction(e->module, symbol, type);
    if (declared) {
        LLVMReplaceAllUsesWith(declared, function);
        LLVMDeleteFunction(declared);
    }
    return function;
}

void abide_emission__start_function(struct abide_emission *e, LLVMValueRef function,
                                    const char *name, struct abide_place place,
                                    const struct abide_module *machine)
{
    /* 2: exact at every instruction, for exceptions as well as for profilers. */
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(e->context, e->uwtable, 2));
    if (machine->stack.red_zone_bytes < e->processor->conventions[0].red_zone_bytes)
        LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                                LLVMCreateEnumAttribute(e->context, e->noredzone, 0));
    for (size_t i = 0;
         e->options->control_flow_protection && i < e->processor->function_attribute_count; i++)
        LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                                text_attribute(e, e->processor->function_attributes[i].name,
                                               e->processor->function_attributes[i].value));
    LLVMPositionBuilderAtEnd(e->builder, LLVMAppendBasicBlockInContext(e->context, function, ""));
    if (e->debug)
        describe(e, function, name, place);
}

void abide_emission__probe_stack(struct abide_emission *e, LLVMValueRef function)
{
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            text_attribute(e, "probe-stack", "inline-asm"));
}

void abide_emission__prefer_short(struct abide_emission *e, LLVMValueRef function)
{
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(e->context, e->optsize, 0));
}

static bool converts(const struct abide_copy_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (steps[i].routine && !steps[i].routine->is_test)
            return true;
    return false;
}

static bool calls_routines(const abide_plan *plan)
{
    return converts(plan->before, plan->before_count) || converts(plan->after, plan->after_count);
}

LLVMValueRef abide_emission__define(struct abide_emission *e, const abide_plan *plan,
                                    const char *symbol, bool is_local, LLVMTypeRef type)
{
    const struct abide_module *machine = plan->caller->physical->machine;
    LLVMValueRef function =
        add_function(e, is_local ? symbol : abide_emission__linked(e, machine, symbol), type);
    if (is_local)
        LLVMSetLinkage(function, LLVMInternalLinkage);
    else if (e->options->hidden_visibility)
        LLVMSetVisibility(function, LLVMHiddenVisibility);
    abide_emission__start_function(e, function, symbol, abide_emission__place(plan),
                                   plan->caller->physical->machine);
    if (calls_routines(plan))
        abide_emission__prefer_short(e, function);
    return function;
}

/* Behind a first byte of 1 a name is what the linker sees; others get what the object format puts in front of names. */
const char *abide_emission__linked(struct abide_emission *e, const struct abide_module *module,
                                   const char *symbol)
{
    static const char name[] = "$name";
    const char *pattern = module->link_name;
    if (!pattern || (e->is_macho && !strcmp(pattern, "_$name")))
        return symbol;
    const char *place = strstr(pattern, name);
    return abide__printf(e->ctx, "\1%.*s%s%s", (int)(place - pattern), pattern, symbol,
                         place + sizeof name - 1);
}

LLVMValueRef abide_emission__external(struct abide_emission *e, const char *symbol,
                                      LLVMTypeRef type)
{
    LLVMValueRef function = LLVMGetNamedFunction(e->module, symbol);
    return function ? function : LLVMAddFunction(e->module, symbol, type);
}

void abide_emission__note_way(struct abide_emission *e, const char *symbol, const char *way,
                              const char *why)
{
    if (e->options->emit == ABIDE_EMIT_WAYS)
        abide__text_printf(e->ctx, &e->ways, "%s: %s%s%s\n", symbol, way, why ? ": " : "",
                           why ? why : "");
}

/* ---- what goes wrong ---- */

void abide_emission__refuse(struct abide_emission *e, const abide_plan *plan, const char *what)
{
    abide__report(e->ctx, ABIDE_CODE_CANNOT_EMIT, abide_emission__place(plan),
                  "no machine code can be made for function '%s': %s",
                  plan->function ? plan->function->name : "?", what);
}

void abide_emission__lack(struct abide_emission *e, const abide_plan *plan,
                          const abide_assignment *assignment, const char *reason)
{
    const struct abide_physical *physical = assignment->physical;
    abide_diag *diag = abide__report(
        e->ctx, ABIDE_CODE_UNSUPPORTED_CONVENTION, abide_emission__place(plan),
        "LLVM has no calling convention that passes arguments as %s does for function '%s'",
        physical->machine->name, plan->function ? plan->function->name : "?");
    abide__diag_help(e->ctx, diag, "the nearest is not it: %s", reason);
}

static bool fail(struct abide_emission *e, const char *what, const char *detail)
{
    abide__report(e->ctx, ABIDE_CODE_CANNOT_EMIT, ABIDE_NOWHERE, "%s: %s", what,
                  detail && *detail ? detail : "no reason given");
    return false;
}

/* LLVM prints errors and ends the process unless somebody listens. Must not unwind: LLVM's frames are above. */
static void listen(LLVMDiagnosticInfoRef info, void *user)
{
    struct abide_emission *e = user;
    if (LLVMGetDiagInfoSeverity(info) != LLVMDSError || e->failure[0])
        return;
    char *text = LLVMGetDiagInfoDescription(info);
    size_t length_bytes = strlen(text);
    if (length_bytes >= sizeof e->failure)
        length_bytes = sizeof e->failure - 1;
    memcpy(e->failure, text, length_bytes);
    LLVMDisposeMessage(text);
}

/* ---- the module ---- */

static void release(void *object)
{
    struct abide_emission *e = object;
    if (e->text)
        LLVMDisposeMessage(e->text);
    if (e->buffer)
        LLVMDisposeMemoryBuffer(e->buffer);
    if (e->debug)
        LLVMDisposeDIBuilder(e->debug);
    if (e->builder)
        LLVMDisposeBuilder(e->builder);
    if (e->layout)
        LLVMDisposeTargetData(e->layout);
    if (e->machine)
        LLVMDisposeTargetMachine(e->machine);
    if (e->module)
        LLVMDisposeModule(e->module);
    if (e->context)
        LLVMContextDispose(e->context);
}

static bool mangles_as_macho(LLVMTargetDataRef layout)
{
    char *text = LLVMCopyStringRepOfTargetData(layout);
    bool is_macho = strstr(text, "-m:o-") != NULL;
    LLVMDisposeMessage(text);
    return is_macho;
}

static bool make_machine(struct abide_emission *e, const struct abide_module *module)
{
    LLVMTargetRef target;
    e->text = LLVMNormalizeTargetTriple(module->triple);
    const char *triple = abide__printf(e->ctx, "%s", e->text);
    LLVMDisposeMessage(e->text);
    e->text = NULL;
    if (LLVMGetTargetFromTriple(triple, &target, &e->text)) {
        abide_diag *diag = abide__report(e->ctx, ABIDE_CODE_UNSUPPORTED_TARGET, ABIDE_NOWHERE,
                                         "the LLVM of this build makes no code for %s", triple);
        abide__diag_help(e->ctx, diag, "`--emit c` needs no LLVM");
        return false;
    }
    e->machine = abide_llvm_machine(target, triple, e->processor->cpu, e->processor->features,
                                    e->processor->abi,
                                    e->is_plain ? LLVMCodeGenLevelNone : LLVMCodeGenLevelDefault);
    if (!e->machine)
        return fail(e, "LLVM cannot make code for this target", triple);
    e->layout = LLVMCreateTargetDataLayout(e->machine);
    e->is_macho = mangles_as_macho(e->layout);
    LLVMSetTarget(e->module, triple);
    LLVMSetModuleDataLayout(e->module, e->layout);
    return true;
}

static unsigned attribute_kind(const char *name)
{
    return LLVMGetEnumAttributeKindForName(name, strlen(name));
}

static LLVMTypeRef vector_type(const struct abide_emission *e)
{
    LLVMTypeRef lane = LLVMFloatTypeInContext(e->context);
    switch (e->vector_bytes) {
    case 0: return NULL;
    case 4: return lane;
    case 8: return LLVMDoubleTypeInContext(e->context);
    default: return LLVMVectorType(lane, (unsigned)e->vector_bytes / 4);
    }
}

static LLVMTypeRef extended_type(const struct abide_emission *e, uint32_t bytes)
{
    if (bytes == 10)
        return LLVMX86FP80TypeInContext(e->context);
    return bytes ? LLVMVectorType(LLVMFloatTypeInContext(e->context), bytes / 4) : NULL;
}

static void make_types(struct abide_emission *e)
{
    const uint32_t *bytes = e->processor->register_bytes;
    e->word_bytes = bytes[ABIDE_REGISTER_INTEGER];
    e->vector_bytes = bytes[ABIDE_REGISTER_VECTOR];
    e->void_type = LLVMVoidTypeInContext(e->context);
    e->byte = LLVMInt8TypeInContext(e->context);
    e->word = abide_emission__integer(e, e->word_bytes);
    e->pointer = LLVMPointerTypeInContext(e->context, 0);
    e->vector = vector_type(e);
    e->extended = extended_type(e, bytes[ABIDE_REGISTER_EXTENDED]);
    e->uwtable = attribute_kind("uwtable");
    e->noredzone = attribute_kind("noredzone");
    e->sret = attribute_kind("sret");
    e->byval = attribute_kind("byval");
    e->inreg = attribute_kind("inreg");
    e->nest = attribute_kind("nest");
    e->align = attribute_kind("align");
    e->optsize = attribute_kind("optsize");
}

static void add_flag(struct abide_emission *e, const char *name, unsigned value)
{
    LLVMTypeRef type = LLVMInt32TypeInContext(e->context);
    LLVMAddModuleFlag(e->module, LLVMModuleFlagBehaviorWarning, name, strlen(name),
                      LLVMValueAsMetadata(LLVMConstInt(type, value, false)));
}

/* What objects of this ABI are marked with, so that linkers take them. */
static void add_abi_flag(struct abide_emission *e)
{
    static const char name[] = "target-abi";
    if (!*e->processor->abi)
        return;
    LLVMMetadataRef text =
        LLVMMDStringInContext2(e->context, e->processor->abi, strlen(e->processor->abi));
    LLVMAddModuleFlag(e->module, LLVMModuleFlagBehaviorError, name, sizeof name - 1, text);
}

static void add_flags(struct abide_emission *e)
{
    add_abi_flag(e);
    for (size_t i = 0; e->options->control_flow_protection && i < e->processor->module_flag_count;
         i++)
        add_flag(e, e->processor->module_flags[i].name,
                 (unsigned)strtoul(e->processor->module_flags[i].value, NULL, 10));
    add_flag(e, "uwtable", 2);
}

static void start_debug(struct abide_emission *e, const abide_plan *plan)
{
    if (!e->options->debug_info || !plan->iface || !plan->iface->source)
        return;
    const char *name = plan->iface->source->name;
    add_flag(e, "Debug Info Version", LLVMDebugMetadataVersion());
    LLVMSetSourceFileName(e->module, name, strlen(name));
    e->debug = LLVMCreateDIBuilder(e->module);
    e->debug_file = LLVMDIBuilderCreateFile(e->debug, name, strlen(name), "", 0);
    LLVMDIBuilderCreateCompileUnit(e->debug, LLVMDWARFSourceLanguageC11, e->debug_file, producer,
                                   sizeof producer - 1, true, "", 0, 0, "", 0,
                                   LLVMDWARFEmissionFull, 0, false, false, "", 0, "", 0);
    e->debug_type =
        LLVMDIBuilderCreateSubroutineType(e->debug, e->debug_file, NULL, 0, LLVMDIFlagZero);
}

static const struct abide_processor *
choose_processor(struct abide_emission *e, const struct abide_thunk *thunks, size_t thunk_count)
{
    assert(thunks && thunk_count > 0);
    const struct abide_module *module = thunks[0].plan->caller->physical->machine;
    size_t count;
    const struct abide_processor *processors =
        abide_processors__of(e->ctx, module->arch, module->triple, &count);
    if (!processors)
        return NULL;
    const abide_plan **plans = abide__new_array(e->ctx, const abide_plan *, thunk_count);
    for (size_t i = 0; i < thunk_count; i++)
        plans[i] = thunks[i].plan;
    return abide_side__choose(e->ctx, processors, count, plans, thunk_count);
}

bool abide_emission__start_module(struct abide_emission *e, const struct abide_module *module)
{
    e->context = LLVMContextCreate();
    LLVMContextSetDiagnosticHandler(e->context, listen, e);
    e->module = LLVMModuleCreateWithNameInContext(producer, e->context);
    e->builder = LLVMCreateBuilderInContext(e->context);
    if (!make_machine(e, module))
        return false;
    e->big_endian = LLVMByteOrder(e->layout) == LLVMBigEndian;
    if (module->big_endian != e->big_endian ||
        module->pointer_bytes != e->processor->register_bytes[ABIDE_REGISTER_INTEGER]) {
        abide__report(e->ctx, ABIDE_CODE_UNSUPPORTED_TARGET, ABIDE_NOWHERE,
                      "no machine code can be made for %s", module->triple);
        return false;
    }
    make_types(e);
    add_flags(e);
    return true;
}

static bool start(struct abide_emission *e, const struct abide_plan *plan)
{
    if (!abide_emission__start_module(e, plan->caller->physical->machine))
        return false;
    start_debug(e, plan);
    return true;
}

/* ---- from the module to bytes ---- */

/* Registers that met in memory become values again; nothing else was seen to help thunks that only move bytes. */
static const char moving_passes[] = "function(sroa)";
/* A routine that one thunk calls becomes part of it, and its memory values. */
static const char converting_passes[] =
    "inferattrs,"
    "cgscc(inline,function(sroa,early-cse<memssa>,simplifycfg," ABIDE_LLVM_COMBINE
    ",sroa,early-cse<memssa>,gvn,dse,simplifycfg<sink-common-insts>," ABIDE_LLVM_COMBINE
    ",simplifycfg)),"
    "globaldce,constmerge";

static bool optimize(struct abide_emission *e)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    const char *passes = e->routines ? converting_passes : moving_passes;
    LLVMErrorRef error = LLVMRunPasses(e->module, passes, e->machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error)
        return true;
    char *text = LLVMGetErrorMessage(error);
    memcpy(e->failure, text, strnlen(text, sizeof e->failure - 1));
    LLVMDisposeErrorMessage(text);
    return fail(e, "LLVM refuses to optimize", e->failure);
}

static bool finish_module(struct abide_emission *e)
{
    if (e->debug) {
        LLVMSetCurrentDebugLocation2(e->builder, NULL);
        LLVMDIBuilderFinalize(e->debug);
    }
    if (!abide_musttail__settle(e))
        return false;
    if (LLVMVerifyModule(e->module, LLVMReturnStatusAction, &e->text))
        return fail(e, "internal error: LLVM finds the code ill-formed", e->text);
    LLVMDisposeMessage(e->text);
    e->text = NULL;
    return optimize(e);
}

static struct abide_text buffer_text(struct abide_emission *e)
{
    return (struct abide_text){.chars = (char *)LLVMGetBufferStart(e->buffer),
                               .length_bytes = LLVMGetBufferSize(e->buffer)};
}

/* NULL: it was made. */
static const char *why_no_code(struct abide_emission *e, LLVMCodeGenFileType type,
                               struct abide_text *made)
{
    if (LLVMTargetMachineEmitToMemoryBuffer(e->machine, e->module, type, &e->text, &e->buffer))
        return e->text ? e->text : "";
    if (e->failure[0])
        return e->failure;
    *made = buffer_text(e);
    return NULL;
}

static bool make_code(struct abide_emission *e, LLVMCodeGenFileType type, struct abide_text *made)
{
    const char *why = why_no_code(e, type, made);
    return !why || fail(e, "LLVM makes no code", why);
}

/* The code of thunks; no symbol of theirs has become something else. */
static bool make_thunks(struct abide_emission *e, LLVMCodeGenFileType type,
                        const struct abide_thunk *thunks, size_t thunk_count,
                        struct abide_text *made)
{
    const char *why = why_no_code(e, type, made);
    if (why)
        return !abide_names__blame(e, thunks, thunk_count, why) &&
               fail(e, "LLVM makes no code", why);
    if (e->in_process)
        return true;
    return type == LLVMObjectFile ? abide_names__check_object(e, thunks, thunk_count, made)
                                  : abide_names__check_assembly(e, thunks, thunk_count, made);
}

const char *abide_emission__linker_name(struct abide_emission *e, const struct abide_module *module,
                                        const char *symbol)
{
    const char *name = abide_emission__linked(e, module, symbol);
    if (*name == 1)
        return name + 1;
    return e->is_macho ? abide__printf(e->ctx, "_%s", name) : name;
}

static struct abide_text archived(struct abide_emission *e, const struct abide_thunk *thunks,
                                  size_t thunk_count, const struct abide_text *object)
{
    const struct abide_module *machine = thunks[0].plan->caller->physical->machine;
    size_t count = 0, room = thunk_count + e->options->alias_count + e->options->data_count;
    const char **symbols = abide__new_array(e->ctx, const char *, room);
    for (size_t i = 0; i < thunk_count; i++)
        symbols[count++] = abide_emission__linker_name(e, machine, thunks[i].symbol);
    for (size_t i = 0; i < e->options->alias_count; i++)
        symbols[count++] = abide_emission__linker_name(e, machine, e->options->aliases[i].alias);
    for (size_t i = 0; i < e->options->data_count; i++)
        symbols[count++] = abide_emission__linker_name(e, machine, e->options->data[i].symbol);
    const char *name = e->options->member_name ? e->options->member_name : "abide.o";
    const struct abide_archive_member member = {name, object->chars, object->length_bytes, symbols,
                                                count};
    return abide_archive__write(e->ctx, e->is_macho ? ABIDE_ARCHIVE_BSD : ABIDE_ARCHIVE_GNU,
                                &member);
}

static bool make_output(struct abide_emission *e, const struct abide_thunk *thunks,
                        size_t thunk_count, struct abide_text *made)
{
    switch (e->options->emit) {
    case ABIDE_EMIT_OBJECT: return make_thunks(e, LLVMObjectFile, thunks, thunk_count, made);
    case ABIDE_EMIT_ASSEMBLY: return make_thunks(e, LLVMAssemblyFile, thunks, thunk_count, made);
    case ABIDE_EMIT_ARCHIVE: {
        struct abide_text object;
        if (!make_thunks(e, LLVMObjectFile, thunks, thunk_count, &object))
            return false;
        *made = archived(e, thunks, thunk_count, &object);
        return true;
    }
    case ABIDE_EMIT_IR:
        if (!abide_names__check_module(e, thunks, thunk_count))
            return false;
        e->text = LLVMPrintModuleToString(e->module);
        *made = (struct abide_text){.chars = e->text, .length_bytes = strlen(e->text)};
        return true;
    case ABIDE_EMIT_WAYS: *made = e->ways; return true;
    case ABIDE_EMIT_BITCODE:
        if (!abide_names__check_module(e, thunks, thunk_count))
            return false;
        e->buffer = LLVMWriteBitcodeToMemoryBuffer(e->module);
        *made = buffer_text(e);
        return true;
    }
    return false;
}

/* No name that LLVM would take for its own, or that no assembler can say. */
static bool is_symbol(const char *symbol)
{
    bool fine = *symbol && strncmp(symbol, "llvm.", 5) != 0;
    for (const char *at = symbol; *at; at++)
        fine = fine && (unsigned char)*at > ' ' && *at != '"' && *at != '\\' && *at != 0x7f;
    return fine;
}

static bool check_symbol(struct abide_emission *e, const abide_plan *plan, const char *symbol)
{
    bool fine = is_symbol(symbol);
    if (!fine)
        abide_emission__refuse(e, plan,
                               abide__printf(e->ctx, "'%s' is no name for a symbol", symbol));
    return fine;
}

static bool check_thunk(struct abide_emission *e, const struct abide_thunk *thunk,
                        const struct abide_thunk *before)
{
    const abide_plan *plan = thunk->plan;
    if (before && !strcmp(before->symbol, thunk->symbol)) {
        abide_emission__refuse(e, plan,
                               abide__printf(e->ctx, "two thunks are called '%s'", thunk->symbol));
        return false;
    }
    const char *hook;
    for (size_t i = 0; (hook = abide_plan__hook_symbol(plan, i)); i++)
        if (!check_symbol(e, plan, hook))
            return false;
    return check_symbol(e, plan, thunk->symbol) &&
           (plan->target != ABIDE_TARGET_SYMBOL || check_symbol(e, plan, plan->symbol));
}

static void give(struct abide_emission *e, const struct abide_text *made, const char **bytes,
                 size_t *size_bytes)
{
    char *copy = abide__alloc(e->ctx, made->length_bytes);
    if (made->length_bytes)
        memcpy(copy, made->chars, made->length_bytes);
    *bytes = copy;
    *size_bytes = made->length_bytes;
}

/* Whether the code of the only thunk is there already; else it gets its own name. */
static bool is_known(struct abide_emission *e, const struct abide_thunk *thunk)
{
    const struct abide_sharing *sharing = e->sharing;
    if (!sharing)
        return false;
    e->text = LLVMPrintModuleToString(e->module);
    bool known = sharing->is_known(sharing->user, e->text);
    LLVMDisposeMessage(e->text);
    e->text = NULL;
    if (known)
        return true;
    const struct abide_module *machine = thunk->plan->caller->physical->machine;
    const char *name = abide_emission__linked(e, machine, sharing->symbol);
    LLVMValueRef function =
        LLVMGetNamedFunction(e->module, abide_emission__linked(e, machine, thunk->symbol));
    LLVMSetValueName2(function, name, strlen(name));
    return false;
}

bool abide_emission__write(struct abide_emission *e, const struct abide_thunk *thunks,
                           size_t thunk_count)
{
    bool fine = abide_routines__write(e, thunks, thunk_count);
    for (size_t i = 0; i < thunk_count; i++)
        fine = check_thunk(e, &thunks[i], i ? &thunks[i - 1] : NULL) &&
               abide_thunk__emit(e, thunks[i].plan, thunks[i].symbol, false) && fine;
    fine = abide_tables__write(e) && fine;
    abide_routines__finish(e);
    abide_edges__finish(e);
    return fine;
}

bool abide_emission__make_object(struct abide_emission *e, const char **bytes, size_t *size_bytes)
{
    struct abide_text made;
    if (!finish_module(e) || !make_code(e, LLVMObjectFile, &made))
        return false;
    give(e, &made, bytes, size_bytes);
    return true;
}

/* Whether nothing is to be said about names. */
static bool are_named_well(const struct abide_thunk *thunks, size_t thunk_count)
{
    bool fine = true;
    for (size_t i = 0; i < thunk_count; i++) {
        const abide_plan *plan = thunks[i].plan;
        fine = fine && !plan->unwinds && !plan->cleans_up && is_symbol(thunks[i].symbol) &&
               (i == 0 || strcmp(thunks[i - 1].symbol, thunks[i].symbol) != 0) &&
               (plan->target != ABIDE_TARGET_SYMBOL || is_symbol(plan->symbol));
        const char *hook;
        for (size_t k = 0; (hook = abide_plan__hook_symbol(plan, k)); k++)
            fine = fine && is_symbol(hook);
    }
    return fine;
}

/* Shape by shape, if that can be done. What is to be reported is so by those who make all in one module. */
static bool run_by_shapes(struct abide_emission *e, const struct abide_thunk *thunks,
                          size_t thunk_count, struct abide_text *object)
{
    return !e->in_process && !abide_extras__are_there(e->options) &&
           are_named_well(thunks, thunk_count) &&
           abide_shapes__make(e, thunks, thunk_count, object);
}

static bool finish_shapes(struct abide_emission *e, const struct abide_thunk *thunks,
                          size_t thunk_count, const struct abide_text *object, const char **bytes,
                          size_t *size_bytes)
{
    if (!abide_names__check_object(e, thunks, thunk_count, object))
        return false;
    struct abide_text made =
        e->options->emit == ABIDE_EMIT_ARCHIVE ? archived(e, thunks, thunk_count, object) : *object;
    *bytes = made.chars;
    *size_bytes = made.length_bytes;
    return true;
}

static bool run(struct abide_emission *e, const struct abide_thunk *thunks, size_t thunk_count,
                const char **bytes, size_t *size_bytes)
{
    e->processor = choose_processor(e, thunks, thunk_count);
    if (!e->processor)
        return false;
    struct abide_text object;
    if (run_by_shapes(e, thunks, thunk_count, &object))
        return finish_shapes(e, thunks, thunk_count, &object, bytes, size_bytes);
    if (!start(e, thunks[0].plan))
        return false;
    bool fine = abide_emission__write(e, thunks, thunk_count) &&
                abide_extras__add(e, thunks[0].plan->caller->physical->machine);
    struct abide_text made = {0};
    *bytes = NULL;
    if (fine && is_known(e, &thunks[0]))
        return true;
    if (!fine || !finish_module(e) || !make_output(e, thunks, thunk_count, &made))
        return false;
    give(e, &made, bytes, size_bytes);
    return true;
}

/* ---- entries ---- */

/* The text of an entry, between two symbols. */
static const char *entry_text(struct abide_emission *e, uint64_t distance_bytes)
{
    static const char word[] = "<distance>";
    struct abide_text text = {0};
    const struct abide_chain *chain = e->processor->chain;
    const char *at = e->options->control_flow_protection ? chain->protected_entry : chain->entry;
    abide__text_printf(e->ctx, &text, ".text\n.globl %s\n.p2align 4\n%s:\n", ABIDE_ENTRY_SYMBOL,
                       ABIDE_ENTRY_SYMBOL);
    for (const char *place; (place = strstr(at, word)); at = place + sizeof word - 1)
        abide__text_printf(e->ctx, &text, "%.*s%" PRIu64, (int)(place - at), at, distance_bytes);
    abide__text_printf(e->ctx, &text, "%s\n.globl %s\n%s:\n.zero 16\n", at, ABIDE_ENTRY_END_SYMBOL,
                       ABIDE_ENTRY_END_SYMBOL);
    return text.chars;
}

static const struct abide_processor *processor_with_chain(abide_ctx *ctx,
                                                          const struct abide_module *machine)
{
    size_t count;
    const struct abide_processor *processors =
        abide_processors__of(ctx, machine->arch, machine->triple, &count);
    for (size_t i = 0; processors && i < count; i++)
        if (processors[i].chain)
            return &processors[i];
    if (processors)
        abide__report(ctx, ABIDE_CODE_UNSUPPORTED_TARGET, ABIDE_NOWHERE,
                      "nothing is known of a register for closures on %s", machine->triple);
    return NULL;
}

static bool run_entry(struct abide_emission *e, const struct abide_module *machine,
                      uint64_t distance_bytes, const char **bytes, size_t *size_bytes)
{
    e->processor = processor_with_chain(e->ctx, machine);
    if (!e->processor || !abide_emission__start_module(e, machine))
        return false;
    const char *text = entry_text(e, distance_bytes);
    struct abide_text made = {0};
    LLVMSetModuleInlineAsm2(e->module, text, strlen(text));
    if (!make_code(e, LLVMObjectFile, &made))
        return false;
    give(e, &made, bytes, size_bytes);
    return true;
}

/* ---- one use of LLVM ---- */

static bool give_up(struct abide_emission *e, const char *reason)
{
    abide_diag *diag = abide__report(e->ctx, ABIDE_CODE_CANNOT_EMIT, ABIDE_NOWHERE,
                                     "internal error: LLVM gives up: %s", reason);
    abide__diag_help(e->ctx, diag, "`--emit c` writes the adapters as C, for a C compiler");
    return false;
}

bool abide_emission__use(abide_ctx *ctx, const abide_codegen_options *options,
                         bool (*work)(struct abide_emission *e, void *user), void *user)
{
    struct abide_emission *e = abide__new(ctx, struct abide_emission);
    struct abide_resource llvm, resource;
    struct abide_llvm_use use;
    e->ctx = ctx;
    e->options = options;
    jmp_buf *fatal = abide_llvm__enter(&use);
    abide__guard_own(ctx, &llvm, abide_llvm__leave, &use);
    abide__guard_own(ctx, &resource, release, e);
    bool fine;
    volatile unsigned failures = 0;
    if (setjmp(*fatal)) {
        /* LLVM gave up in the middle of something: what it holds is in no state to be freed. */
        *e = (struct abide_emission){.ctx = ctx, .options = options, .is_plain = true};
        failures++;
    }
    /* LLVM 19 finds no scratch register on RISC-V where a large frame meets many values: without optimization it needs few. */
    fine = failures < 2 ? work(e, user) : give_up(e, use.reason);
    abide__guard_release(ctx, &resource);
    abide__guard_release(ctx, &llvm);
    return fine;
}

/* What is to be made: thunks, or an entry. */
struct order {
    const struct abide_thunk *thunks;
    size_t thunk_count;
    bool in_process;
    const struct abide_sharing *sharing;
    const struct abide_module *machine; /* of an entry */
    uint64_t distance_bytes;
    const char **bytes;
    size_t *size_bytes;
};

static bool carry_out(struct abide_emission *e, void *user)
{
    const struct order *order = user;
    e->sharing = order->sharing;
    e->in_process = order->in_process;
    return order->machine
               ? run_entry(e, order->machine, order->distance_bytes, order->bytes,
                           order->size_bytes)
               : run(e, order->thunks, order->thunk_count, order->bytes, order->size_bytes);
}

bool abide_emission__run(abide_ctx *ctx, const struct abide_thunk *thunks, size_t thunk_count,
                         const abide_codegen_options *options, const char **bytes,
                         size_t *size_bytes)
{
    struct order order = {
        .thunks = thunks, .thunk_count = thunk_count, .bytes = bytes, .size_bytes = size_bytes};
    return abide_emission__use(ctx, options, carry_out, &order);
}

bool abide_emission__load(abide_ctx *ctx, const struct abide_thunk *thunks, size_t thunk_count,
                          const abide_codegen_options *options, const char **bytes,
                          size_t *size_bytes)
{
    struct order order = {.thunks = thunks,
                          .thunk_count = thunk_count,
                          .in_process = true,
                          .bytes = bytes,
                          .size_bytes = size_bytes};
    return abide_emission__use(ctx, options, carry_out, &order);
}

bool abide_emission__share(abide_ctx *ctx, const struct abide_thunk *thunk,
                           const abide_codegen_options *options,
                           const struct abide_sharing *sharing, const char **bytes,
                           size_t *size_bytes)
{
    struct order order = {.thunks = thunk,
                          .thunk_count = 1,
                          .in_process = true,
                          .sharing = sharing,
                          .bytes = bytes,
                          .size_bytes = size_bytes};
    return abide_emission__use(ctx, options, carry_out, &order);
}

bool abide_emission__entry(abide_ctx *ctx, const struct abide_module *machine,
                           const abide_codegen_options *options, uint64_t distance_bytes,
                           const char **bytes, size_t *size_bytes)
{
    struct order order = {.machine = machine,
                          .distance_bytes = distance_bytes,
                          .bytes = bytes,
                          .size_bytes = size_bytes};
    return abide_emission__use(ctx, options, carry_out, &order);
}
