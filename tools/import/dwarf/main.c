/*
 * abide-import-dwarf: the debug information of a binary as an interface file. `abide import dwarf` runs it, and checks what it wrote;
 * by itself it writes to standard output. What cannot be said is listed on standard error, with its place.
 */
#include "reader.h"

#include <abide/abide.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_OK = 0, STATUS_USAGE = 2, STATUS_INPUT = 3 };

static int usage(const char *what, const char *word)
{
    fprintf(stderr,
            "abide-import-dwarf: error: %s%s [unknown-option]\n"
            "  = help: abide-import-dwarf [--target TRIPLE] [--all] [--quiet] [--from PATTERN]... "
            "[--package NAME] BINARY\n",
            what, word);
    return STATUS_USAGE;
}

static bool take_option(struct request *request, const char *word, const char *text)
{
    if (!text)
        return false;
    if (strcmp(word, "--target") == 0)
        request->target = text;
    else if (strcmp(word, "--from") == 0)
        LIST_ADD(&request->from, text);
    else if (strcmp(word, "--package") == 0)
        request->package = text;
    else
        return false;
    return true;
}

static int read_words(int argc, char **argv, struct request *request)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--all") == 0)
            request->all = true;
        else if (strcmp(word, "--quiet") == 0)
            request->quiet = true;
        else if (*word == '-') {
            if (!take_option(request, word, i + 1 < argc ? argv[++i] : NULL))
                return usage("this option is unknown, or lacks its text: ", word);
        } else if (request->binary)
            return usage("one binary at a time, not also ", word);
        else
            request->binary = word;
    }
    return request->binary ? STATUS_OK : usage("which binary?", "");
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

static int import(const struct request *request, const struct binary *binary)
{
    const char *target = target_of(request, binary);
    if (!target)
        return STATUS_INPUT;
    struct targets targets = {&target, 1};
    struct reader reader = {.request = request};
    reader.model = store_new(1, sizeof *reader.model);
    binary_symbols(binary, &reader);
    walk(&reader, binary->dwarf);
    struct heading heading = {file_name(request->binary), "abide-import-dwarf " ABIDE_VERSION,
                              request->package, &targets};
    if (!fit(&reader, &heading))
        return STATUS_INPUT;
    struct text text = {0};
    write_model(&text, reader.model, &heading);
    if (!request->quiet)
        report(reader.model, "abide-import-dwarf");
    bool is_written = fputs(text.chars, stdout) >= 0 && fflush(stdout) == 0;
    return is_written ? STATUS_OK : STATUS_INPUT;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return puts("abide-import-dwarf " ABIDE_VERSION) < 0 ? STATUS_INPUT : STATUS_OK;
    struct request request = {0};
    struct binary binary = {0};
    int status = read_words(argc, argv, &request);
    if (status == STATUS_OK)
        status = binary_open(&binary, &request) ? import(&request, &binary) : STATUS_INPUT;
    binary_close(&binary);
    store_free_all();
    return status;
}
