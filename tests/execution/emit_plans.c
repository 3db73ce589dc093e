/*
 * emit_plans ARCH PLANS FORMAT OUT [OPTION...]: thunks from a text of plans (plan_text.h), as any of the forms that the emitter
 * makes. Options: `triple=T` (another system), `protect`, `hidden`, `member=NAME`.
 */
#include "plan_text.h"

#include "base/diag.h"

#include <stdio.h>
#include <string.h>

struct machine_words {
    const char *arch, *triple;
    const char *preserved[24];
};

static const struct machine_words machines[] = {
    {"x86_64", "x86_64-linux-gnu", {"rbx", "rbp", "rsp", "r12", "r13", "r14", "r15"}},
    {"aarch64", "aarch64-linux-gnu", {"x19", "x20", "x21", "x22", "x23", "x24", "x25",
                                      "x26", "x27", "x28", "x29", "sp",  "d8",  "d9",
                                      "d10", "d11", "d12", "d13", "d14", "d15"}}};

static bool find_machine(const char *arch, struct abide_module *module)
{
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        if (strcmp(machines[i].arch, arch))
            continue;
        size_t count = 0;
        while (machines[i].preserved[count])
            count++;
        *module = (struct abide_module){.name = "by-hand",
                                        .arch = machines[i].arch,
                                        .triple = machines[i].triple,
                                        .pointer_bytes = 8,
                                        .preserved = machines[i].preserved,
                                        .preserved_count = count};
        module->stack.red_zone_bytes = 128;
        return true;
    }
    return false;
}

static char *read_file(const char *path)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "r");
    size_t length_bytes = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    return length_bytes ? text : NULL;
}

static void read_options(char **words, struct abide_module *machine, abide_codegen_options *options)
{
    for (; *words; words++) {
        if (!strncmp(*words, "triple=", 7))
            machine->triple = *words + 7;
        else if (!strcmp(*words, "protect"))
            options->control_flow_protection = true;
        else if (!strcmp(*words, "hidden"))
            options->hidden_visibility = true;
        else if (!strncmp(*words, "member=", 7))
            options->member_name = *words + 7;
    }
}

static bool emit(abide_ctx *ctx, struct abide_module *machine, char **argv)
{
    static const char *const formats[] = {"obj", "archive", "asm", "ir", "bitcode"};
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    for (int i = 0; i < 5; i++)
        if (!strcmp(argv[3], formats[i]))
            options.emit = (abide_emit)i;
    read_options(argv + 5, machine, &options);
    size_t count, size_bytes;
    const char *bytes, *text = read_file(argv[2]);
    if (!text)
        return false;
    const struct abide_thunk *thunks = plan_text_read(ctx, machine, text, &count);
    if (!abide_emission__run(ctx, thunks, count, &options, &bytes, &size_bytes))
        return false;
    FILE *out = fopen(argv[4], "wb");
    bool fine = out && fwrite(bytes, 1, size_bytes, out) == size_bytes;
    return out && fclose(out) == 0 && fine;
}

int main(int argc, char **argv)
{
    struct abide_module machine;
    if (argc < 5 || !find_machine(argv[1], &machine)) {
        fprintf(stderr,
                "usage: emit_plans ARCH PLANS obj|archive|asm|ir|bitcode OUT [OPTION...]\n");
        return 2;
    }
    abide_ctx *ctx = abide_ctx_new(NULL);
    struct abide_guard guard;
    bool fine = !setjmp(*abide__guard_enter(ctx, &guard)) && emit(ctx, &machine, argv);
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fprintf(stderr, "%s\n", abide_diag_message(abide_ctx_diag_at(ctx, i)));
    abide_ctx_free(ctx);
    return fine ? 0 : 1;
}
