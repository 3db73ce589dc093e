/* abide doctor: what of abide works here, and how to get the rest. */
#include "child.h"
#include "emitter.h"
#include "import_helpers.h"
#include "json.h"
#include "table.h"
#include "verify/machine.h"
#include "verify/process.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct poptOption doctor_options[] = {OPTIONS_MODULES, OPTIONS_COMMON, POPT_TABLEEND};

/* `MISSING` is a choice: what needs it is not asked for. `BROKEN` is there and does not work. */
enum state { WORKS, MISSING, BROKEN };
static const char *const state_names[] = {"works", "missing", "broken"};

struct check {
    const char *area, *name;
    enum state state;
    const char *detail;
    const char *way_out; /* NULL: none is needed */
};

struct examination {
    struct cli *cli;
    struct check *checks;
    size_t count, capacity;
};

static void add(struct examination *all, struct check check)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity ? 2 * all->capacity : 64;
        struct check *checks = cli_alloc(capacity, sizeof *checks);
        if (all->count)
            memcpy(checks, all->checks, all->count * sizeof *checks);
        all->checks = checks;
        all->capacity = capacity;
    }
    all->checks[all->count++] = check;
}

/* The first thing that was reported since the last look, which is part of the answer from now on. */
static const char *reported(struct cli *cli)
{
    const abide_diag *diag = abide_ctx_diag_at(cli->ctx, 0);
    const char *text = diag ? abide_diag_print(cli->ctx, diag, false) : NULL;
    text = text ? cli_copy(text, strcspn(text, "\n")) : "no memory";
    abide_ctx_clear_diags(cli->ctx);
    return text;
}

/* ---- modules ---- */

static void check_folder(struct examination *all, const char *name, const char *path)
{
    struct stat info;
    bool is_there = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    if (!is_there)
        add(all, (struct check){"modules", name, BROKEN, cli_printf("'%s' is no folder", path),
                                "create it, or do not name it"});
}

/* The folders of ABIDE_PATH, which nobody looks at when they are written wrong. */
static void check_path(struct examination *all)
{
    const char *path = getenv("ABIDE_PATH");
    while (path && *path) {
        size_t length = strcspn(path, ":");
        if (length)
            check_folder(all, "ABIDE_PATH", cli_copy(path, length));
        path += length + (path[length] == ':');
    }
    const struct words *dirs = &all->cli->options.include_dirs;
    for (size_t i = 0; i < dirs->count; i++)
        check_folder(all, "-I", dirs->items[i]);
}

/* The folder of a module's file; "built in". */
static const char *place_of(const abide_module_info *info)
{
    const char *slash = info->path ? strrchr(info->path, '/') : NULL;
    if (!info->path)
        return "built in";
    return slash ? cli_copy(info->path, (size_t)(slash - info->path)) : ".";
}

/* How many modules each place has. */
static void check_modules(struct examination *all)
{
    const abide_module_info *infos;
    size_t count;
    if (!abide_module_list(all->cli->ctx, &infos, &count)) {
        add(all, (struct check){"modules", "all", BROKEN, reported(all->cli),
                                "mend the file, or take it out of the folders that are searched"});
        return;
    }
    const char **places = cli_alloc(count + 1, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = place_of(&infos[i]);
    for (size_t i = 0; i < count; i++) {
        size_t here = 0, before = 0;
        for (size_t k = 0; k < count; k++) {
            bool is_same = strcmp(places[i], places[k]) == 0;
            here += is_same;
            before += is_same && k < i;
        }
        if (!before)
            add(all, (struct check){"modules", places[i], WORKS,
                                    cli_printf("%zu module%s", here, here == 1 ? "" : "s"), NULL});
    }
}

static void check_machine(struct examination *all)
{
    const abide_module *module = abide_module_load(all->cli->ctx, "c", NULL);
    if (module)
        add(all,
            (struct check){"this machine", "c", WORKS,
                           cli_printf("%s@%s, %s", abide_module_name(module),
                                      abide_module_version(module), abide_module_target(module)),
                           NULL});
    else
        add(all, (struct check){"this machine", "c", BROKEN, reported(all->cli),
                                "name a target: --target TRIPLE ('abide abi list')"});
}

/* ---- parts of abide ---- */

typedef const char *llvm_version(void);

static void check_codegen(struct examination *all)
{
    const char *why = NULL;
    void *symbol = emitter_symbol("abide_codegen_llvm_version", &why);
    struct check check = {"machine code", "libabide-codegen", WORKS, NULL, NULL};
    if (symbol) {
        llvm_version *version;
        memcpy(&version, &symbol, sizeof version);
        check.detail = cli_printf("LLVM %s", version());
    } else {
        bool is_absent = why && strstr(why, ABIDE_CODEGEN_LIBRARY ": cannot open");
        check.state = is_absent ? MISSING : BROKEN;
        check.detail = why ? cli_copy(why, strlen(why)) : "it cannot be opened";
        check.way_out = "install the package libabide-codegen, or build abide with LLVM; 'abide "
                        "thunk --emit c' does without";
    }
    add(all, check);
}

#define CANNOT_BE_LOADED 127 /* the status of a program that lacks a library */

static void check_helper(struct examination *all, struct import_helper helper)
{
    const char *const words[] = {helper.program, "--version", NULL};
    struct check check = {"import", helper.kind, WORKS, helper.program, NULL};
    struct text answer = {0};
    int exit_status = 0;
    bool is_there = child_ask(words, &answer, &exit_status);
    const char *said = answer.chars ? cli_copy(answer.chars, strcspn(answer.chars, "\n")) : "";
    const char *wanted = cli_printf("%s " ABIDE_VERSION, helper.program);
    text_free(&answer);
    if (!is_there || exit_status == CANNOT_BE_LOADED) {
        check.state = is_there ? BROKEN : MISSING;
        check.detail =
            cli_printf("%s %s", helper.program, is_there ? "lacks a library" : "is not installed");
        check.way_out = helper.help;
    } else if (exit_status != 0 || strcmp(said, wanted) != 0) {
        check.state = BROKEN;
        check.detail =
            cli_printf("%s is of another release, and not of " ABIDE_VERSION, helper.program);
        check.way_out = "install both from the same release";
    }
    add(all, check);
}

/* ---- compilers that `abide verify` asks ---- */

static void check_toolchain(struct examination *all, const struct machine_toolchain *toolchain)
{
    const char *const commands[] = {toolchain->cc, toolchain->link, toolchain->run};
    struct check check = {"compilers", toolchain->triple, WORKS, toolchain->cc, NULL};
    for (size_t i = 0; i < 3 && check.state == WORKS; i++)
        if (commands[i] && *commands[i] && !command_exists(commands[i])) {
            check.state = MISSING;
            check.detail = cli_printf("%s: no '%.*s'", toolchain->name,
                                      (int)strcspn(commands[i], " "), commands[i]);
            check.way_out = toolchain->packages ? cli_printf("apt install %s", toolchain->packages)
                                                : "install it";
        }
    if (check.state == WORKS && *toolchain->run)
        check.detail = cli_printf("%s, run by %s", toolchain->cc, toolchain->run);
    add(all, check);
}

static void check_compilers(struct examination *all)
{
    abide_ctx *ctx = all->cli->ctx;
    const char *triple;
    for (size_t i = 0; (triple = machine_target_at(ctx, i)); i++) {
        struct machine *machine = machine_load(ctx, cli_copy(triple, strcspn(triple, "-")), NULL);
        if (!machine)
            cli_bug("the data of an architecture cannot be read");
        for (size_t k = 0; k < machine->toolchain_count; k++)
            if (strcmp(machine->toolchains[k].triple, triple) == 0)
                check_toolchain(all, &machine->toolchains[k]);
    }
}

/* ---- the answer ---- */

static size_t count_broken(const struct examination *all)
{
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        count += all->checks[i].state == BROKEN;
    return count;
}

static void print_json(const struct examination *all)
{
    json_t *root = json_new_answer(all->cli);
    json_put_text(root, "version", ABIDE_VERSION);
    json_put_bool(root, "works", count_broken(all) == 0);
    json_t *list = json_new_array();
    for (size_t i = 0; i < all->count; i++) {
        const struct check *check = &all->checks[i];
        json_t *object = json_new_object();
        json_put_text(object, "area", check->area);
        json_put_text(object, "name", check->name);
        json_put_text(object, "state", state_names[check->state]);
        json_put_text(object, "detail", check->detail);
        json_put_text(object, "way_out", check->way_out);
        json_add(list, object);
    }
    json_put(root, "checks", list);
    json_print(root, &all->cli->product);
}

static void print_text(const struct examination *all)
{
    struct cli *cli = all->cli;
    const char *area = "";
    struct table table;
    table_start(&table, 4);
    for (size_t i = 0; i < all->count; i++) {
        const struct check *check = &all->checks[i];
        table_add(&table, strcmp(area, check->area) == 0 ? "" : check->area);
        table_add(&table, check->name);
        table_add(&table, state_names[check->state]);
        table_add(&table, check->detail);
        if (check->state == BROKEN)
            table_style_row(&table, CELL_HEAD);
        area = check->area;
        if (check->way_out) {
            table_add(&table, "");
            table_add(&table, "");
            table_add(&table, "");
            table_add_spanning(&table, cli_printf("way out: %s", check->way_out), CELL_DIM);
        }
    }
    text_puts(&cli->product, "abide " ABIDE_VERSION "\n");
    table_print(&table, 0, cli->color_out, &cli->product);
    size_t broken = count_broken(all);
    if (broken)
        text_printf(&cli->product, "%zu %s broken\n", broken, broken == 1 ? "is" : "are");
    else
        text_puts(&cli->product, "nothing is broken\n");
}

static enum status run(struct cli *cli)
{
    struct examination all = {.cli = cli};
    check_modules(&all);
    check_path(&all);
    check_machine(&all);
    check_codegen(&all);
    for (size_t i = 0; import_helper_at(i).kind; i++)
        check_helper(&all, import_helper_at(i));
    check_compilers(&all);
    if (cli->options.format == FORMAT_JSON)
        print_json(&all);
    else
        print_text(&all);
    return count_broken(&all) ? STATUS_NO : STATUS_OK;
}

const struct verb verb_doctor = {
    .name = "doctor",
    .summary = "what of abide works here, and how to get the rest",
    .operands = "",
    .about =
        "Looks at what abide finds: modules, the C ABI of this machine, LLVM, the programs that\n"
        "import, and the compilers and emulators that 'abide verify' asks. What is missing is\n"
        "named with its package, and is no fault. Status 1 says that something is there and\n"
        "does not work: a folder of ABIDE_PATH that does not exist, a library that cannot be\n"
        "loaded, a part of another release.",
    .examples = {"abide doctor                                             # everything",
                 "abide doctor --json                                      # for programs"},
    .options = doctor_options,
    .operands_min = 0,
    .operands_max = 0,
    .run = run,
};
