#define _GNU_SOURCE /* dladdr */ // NOLINT(bugprone-reserved-identifier,cert-dcl37-c)
#include "emitter.h"

#include "cli.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

/* Beside libabide, wherever that is; else where the system looks for libraries. */
static void *open_library(const char *name)
{
    Dl_info info;
    const char *slash = dladdr((void *)abide_ctx_new, &info) && info.dli_fname
                            ? strrchr(info.dli_fname, '/')
                            : NULL;
    if (slash) {
        int folder_bytes = (int)(slash + 1 - info.dli_fname);
        const char *path = cli_printf("%.*s%s", folder_bytes, info.dli_fname, name);
        if (access(path, F_OK) == 0)
            return dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

/* Never closed: LLVM does not like to be unloaded. */
void *emitter_symbol(const char *name, const char **why)
{
    void *library = open_library(ABIDE_CODEGEN_LIBRARY);
    if (!library) {
        if (why)
            *why = dlerror();
        return NULL;
    }
    void *symbol = dlsym(library, name);
    if (!symbol)
        cli_bug("libabide-codegen lacks a function");
    return symbol;
}

emitter *emitter_open(const char **why)
{
    void *symbol = emitter_symbol("abide_codegen_emit", why);
    emitter *emit;
    memcpy(&emit, &symbol, sizeof emit);
    return emit;
}

emitter_way *emitter_way_open(void)
{
    void *symbol = emitter_symbol("abide_codegen_way", NULL);
    emitter_way *way;
    memcpy(&way, &symbol, sizeof way);
    return way;
}
