/*
 * abide-import-dwarf: the debug information of a binary as an interface file. `abide import dwarf` runs it, and checks what it wrote;
 * by itself it writes to standard output. What cannot be said is listed on standard error, with its place.
 */
#include "import/source.h"
#include "reader.h"

#include <abide/abide.h>
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_words(int argc, char **argv, struct request *request)
{
    const struct option options[] = {
        {"--target", .text = &request->target},     {"--all", .flag = &request->all},
        {"--quiet", .flag = &request->quiet},       {"--from", .list = &request->from},
        {"--only", .list = &request->choice->only}, {"--except", .list = &request->choice->except},
        {"--package", .text = &request->package},   {"--each", .flag = &request->each},
    };
    const struct command command = {
        .program = "abide-import-dwarf",
        .synopsis =
            "abide-import-dwarf [--target TRIPLE] [--all] [--quiet] [--each] [--from PATTERN]... "
            "[--only PATTERN]... [--except PATTERN]...\n          [--package NAME] BINARY",
        .operand_kind = "binary",
        .operand = &request->binary,
        .options = options,
        .option_count = sizeof options / sizeof *options,
    };
    int status = command_read(&command, argc, argv);
    return status == STATUS_OK ? choice_read(request->choice, &command) : status;
}

/* ---- the target ---------------------------------------------------------------------------------- */

static int machine_of(Elf *elf)
{
    GElf_Ehdr header;
    return elf && gelf_getehdr(elf, &header) ? header.e_machine : 0;
}

/* What this program itself is for. */
static int own_machine(void)
{
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    elf_version(EV_CURRENT);
    Elf *elf = file >= 0 ? elf_begin(file, ELF_C_READ, NULL) : NULL;
    int machine = machine_of(elf);
    elf_end(elf);
    if (file >= 0)
        close(file);
    return machine;
}

/* The triple of what is asked for, or of this machine. NULL: the reason is on standard error. */
static bool has_other_bytes(const struct binary *binary, const abide_module *module)
{
    const char *ident = elf_getident(binary->elf, NULL);
    return ident && (ident[EI_DATA] == ELFDATA2MSB) != abide_module_is_big_endian(module);
}

static const char *target_of(const struct request *request, const struct binary *binary)
{
    int own = request->target ? 0 : own_machine();
    if (own && own != machine_of(binary->elf)) {
        fprintf(stderr,
                "%s: error: it is for another machine than this one [unreadable-binary]\n"
                "  = help: say which: --target TRIPLE\n",
                request->binary);
        return NULL;
    }
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_module *module = ctx ? abide_module_load(ctx, "c", request->target) : NULL;
    const char *target = module ? store_copy(abide_module_target(module)) : NULL;
    if (module && has_other_bytes(binary, module)) {
        fprintf(stderr,
                "%s: error: its bytes are in another order than those of %s [unreadable-binary]\n"
                "  = help: say what the file is for: --target TRIPLE\n",
                request->binary, target);
        target = NULL;
    } else if (!target && ctx && abide_ctx_diag_count(ctx))
        fprintf(stderr, "abide-import-dwarf: %s\n",
                abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false));
    abide_ctx_free(ctx);
    return target;
}

/* ---- the answer ---------------------------------------------------------------------------------- */

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The build-id, or the digest of the bytes of a binary that has none. */
static const char *source_of(const struct binary *binary)
{
    const void *build_id;
    ssize_t length_bytes =
        binary->module_count == 1 ? dwelf_elf_gnu_build_id(binary->elf, &build_id) : 0;
    if (length_bytes > 0)
        return source_of_build_id(build_id, (size_t)length_bytes);
    size_t size_bytes = 0;
    const char *bytes = elf_rawfile(binary->plain, &size_bytes);
    struct sources sources = {0};
    if (bytes)
        sources_add(&sources, bytes, size_bytes);
    return sources_digest(&sources);
}

static void walk_modules(struct reader *reader, struct binary *binary)
{
    for (size_t i = 0; i < binary->module_count; i++) {
        if (!binary_select(binary, i)) {
            count_out(reader->model, "objects of the archive that have no debug information");
            continue;
        }
        binary_symbols(binary, reader);
        walk(reader, binary->dwarf);
    }
}

/* Such as a binary that was compiled with -g1. */
static void report_nothing(const struct reader *reader)
{
    const struct model *model = reader->model;
    if (reader->request->quiet || model->types.count || model->functions.count ||
        model->constants.count || model->counted.count)
        return;
    fprintf(stderr,
            "abide-import-dwarf: warning: its debug information has no types and no functions "
            "[not-imported]\n  = help: compile it with -g\n");
}

static int import(const struct request *request, struct binary *binary)
{
    const char *target = target_of(request, binary);
    if (!target)
        return STATUS_INPUT;
    struct targets targets = {&target, 1};
    struct reader reader = {.request = request};
    reader.model = store_new(1, sizeof *reader.model);
    reader.binary = binary;
    reader.is_big_endian = elf_getident(binary->elf, NULL)[EI_DATA] == ELFDATA2MSB;
    walk_modules(&reader, binary);
    choose(reader.model, request->choice, "abide-import-dwarf",
           voice_of(request->quiet, request->each));
    struct heading heading = {file_name(request->binary), "abide-import-dwarf " ABIDE_VERSION,
                              request->package, source_of(binary), &targets};
    if (!fit(&reader, &heading))
        return STATUS_INPUT;
    report_nothing(&reader);
    return command_answer(reader.model, &heading, "abide-import-dwarf",
                          voice_of(request->quiet, request->each));
}

int main(int argc, char **argv)
{
    if (command_is_version("abide-import-dwarf " ABIDE_VERSION, argc, argv))
        return STATUS_OK;
    struct choice choice = {0};
    struct request request = {.choice = &choice};
    struct binary binary = {.file = -1};
    int status = read_words(argc, argv, &request);
    if (status == STATUS_OK)
        status = binary_open(&binary, &request) ? import(&request, &binary) : STATUS_INPUT;
    binary_close(&binary);
    store_free_all();
    return status;
}
