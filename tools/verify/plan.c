/* Which module is asked about, for which target, of which compilers, and with which others in adapters. */
#include "plan.h"

#include "process.h"
#include "verify/report.h"

#include <string.h>

/* The first target with a compiler that the module fits, or NULL. A context of its own keeps what does not fit to itself. */
static const char *first_target(const struct cli *cli, const char *reference)
{
    const char *found = NULL, *target;
    for (size_t i = 0; !found && (target = machine_target_at(cli->ctx, i)); i++) {
        const struct engine engine = {.abi = reference,
                                      .target = target,
                                      .module_dirs = cli->options.include_dirs.items,
                                      .module_dir_count = cli->options.include_dirs.count,
                                      .module_files = cli->options.module_files.items,
                                      .module_file_count = cli->options.module_files.count};
        abide_ctx *ctx;
        if (answer_open(&engine, &ctx))
            found = target;
        abide_ctx_free(ctx);
    }
    return found;
}

/* What modules can be named, of which one has the name; NULL: it is a file that none of them is. */
static const abide_module_info *find_info(struct cli *cli, const char *name)
{
    const abide_module_info *infos;
    size_t count;
    for (size_t i = 0; abide_module_list(cli->ctx, &infos, &count) && i < count; i++)
        if (strcmp(infos[i].name, name) == 0)
            return &infos[i];
    return NULL;
}

static bool is_known_target(struct cli *cli, const char *triple)
{
    const char *target;
    for (size_t i = 0; (target = machine_target_at(cli->ctx, i)); i++)
        if (strcmp(target, triple) == 0)
            return true;
    return false;
}

/* What lists the targets of a module: a convention beside a C ABI has those of that one. NULL: nothing does. */
static const abide_module_info *find_targets(struct cli *cli, const char *reference)
{
    const abide_module_info *info = find_info(cli, cli_copy(reference, strcspn(reference, "@:")));
    return info && info->target_count == 0 && info->of
               ? find_info(cli, cli_copy(info->of, strcspn(info->of, "@:")))
               : info;
}

/*
 * A target whose C ABI the module is, or stands beside: one with a compiler, if there is one. A module that fits others too,
 * since it has their architecture, must not be asked about them: their compilers speak another ABI. NULL: it lists none.
 */
static const char *own_target(struct cli *cli, const char *reference)
{
    const abide_module_info *info = find_targets(cli, reference);
    for (size_t i = 0; info && i < info->target_count; i++)
        if (is_known_target(cli, info->targets[i]))
            return info->targets[i];
    return info && info->target_count > 0 ? info->targets[0] : NULL;
}

bool plan_is_own_target(struct cli *cli, const char *reference, const char *triple)
{
    const abide_module_info *info = find_targets(cli, reference);
    for (size_t i = 0; info && i < info->target_count; i++)
        if (strcmp(info->targets[i], triple) == 0)
            return true;
    return !info || info->target_count == 0;
}

/* The module for the target that is asked for, else for this machine, else for one of its own or the first that it fits. */
static const abide_module *load_module(struct cli *cli, const char *reference)
{
    const struct options *options = &cli->options;
    if (options->targets.count > 0)
        return abide_module_load(cli->ctx, reference, options->targets.items[0]);
    const char *target = own_target(cli, reference);
    const abide_module *module = abide_module_load(cli->ctx, reference, NULL);
    if (module && plan_is_own_target(cli, reference, abide_module_target(module)))
        return module;
    if (!target)
        target = first_target(cli, reference);
    if (!target)
        return module;
    abide_ctx_clear_diags(cli->ctx);
    return abide_module_load(cli->ctx, reference, target);
}

/* --- between which ABIs adapters are tried --- */

static void add_pair(struct verify_run *run, const char *caller, const char *callee)
{
    if (run->pair_count < MAX_PAIRS)
        run->pairs[run->pair_count++] = (struct thunk_pair){caller, callee, false};
}

const abide_module *plan_module_for(struct cli *cli, const char *reference, const char *target)
{
    const abide_module *module = abide_module_load(cli->ctx, reference, target);
    abide_ctx_clear_diags(cli->ctx);
    return module;
}

/* Whether one object can hold functions of both: compilers make code for one ABI at a time, as flags say. */
static bool can_meet(const abide_module *a, const abide_module *b)
{
    const char *p = abide_module_compiler_flags(abide_module_machine(a));
    const char *q = abide_module_compiler_flags(abide_module_machine(b));
    return p == q || (p && q && strcmp(p, q) == 0);
}

/*
 * Languages over the C ABI, and the conventions beside it that C can spell; the C ABI itself, if the module is one of
 * these.
 */
static void choose_pairs(struct cli *cli, struct verify_run *run, const abide_module *module,
                         const char *directory)
{
    const char *own = run->engine.abi, *target = run->engine.target;
    const abide_module_info *infos;
    size_t count;
    bool is_language = strcmp(abide_module_level(module), "language") == 0;
    run->c_abi = is_language ? abide_module_name(abide_module_machine(module)) : own;
    if (cli->options.to) {
        add_pair(run, cli->options.to, own);
        add_pair(run, own, cli->options.to);
        run->pairs[0].is_asked = run->pairs[1].is_asked = true;
        return;
    }
    if (is_language || abide_module_attribute(module)) {
        const char *other = is_language ? run->c_abi : "c";
        add_pair(run, own, other);
        add_pair(run, other, own);
        return;
    }
    for (size_t i = 0; abide_module_list(cli->ctx, &infos, &count) && i < count; i++) {
        const abide_module *other = plan_module_for(cli, infos[i].name, target);
        if (!other || !can_meet(module, other))
            continue;
        const char *attribute = abide_module_attribute(other);
        /* Beside another C ABI the attribute means another convention. */
        bool is_spelt = attribute ? plan_is_own_target(cli, infos[i].name, target) &&
                                        harness_knows_attribute(run->cc, attribute, directory)
                                  : strcmp(infos[i].level, "language") == 0;
        if (!is_spelt)
            continue;
        add_pair(run, infos[i].name, own);
        add_pair(run, own, infos[i].name);
    }
}

/* What is asked about one module. */
static bool is_installed(const struct machine_toolchain *toolchain)
{
    return command_exists(toolchain->cc) && (!toolchain->link || command_exists(toolchain->link)) &&
           (*toolchain->run == '\0' || command_exists(toolchain->run));
}

/* Says what is missing of a toolchain: the compiler, or what runs its programs. */
static enum status report_missing(struct cli *cli, const struct machine_toolchain *toolchain)
{
    const char *command = command_exists(toolchain->cc) ? toolchain->run : toolchain->cc;
    const char *help = toolchain->packages
                           ? cli_printf("Debian has it: apt install %s", toolchain->packages)
                           : "give another one with --cc and --run";
    return cli_report(cli, "no-compiler", help, "'%.*s' is not installed",
                      (int)strcspn(command, " "), command);
}

/* `known`: the toolchain of the data that it is, or NULL. */
static void add_run(struct cli *cli, struct plan *plan, const abide_module *module,
                    struct machine *machine, const struct machine_toolchain *toolchain,
                    const struct machine_toolchain *known)
{
    const struct options *options = &cli->options;
    const char *flags = abide_module_compiler_flags(module), *cc = toolchain->cc;
    plan->runs[plan->count++] = (struct verify_run){
        .title = cli_printf("%s@%s", abide_module_name(module), abide_module_version(module)),
        .engine = {.abi = plan->reference,
                   .target = abide_module_target(module),
                   .module_dirs = options->include_dirs.items,
                   .module_dir_count = options->include_dirs.count,
                   .module_files = options->module_files.items,
                   .module_file_count = options->module_files.count,
                   .machine = machine},
        .machine = machine,
        .compiler = toolchain->name,
        .cc = flags ? cli_printf("%s %s", cc, flags) : cc,
        .attribute = abide_module_attribute(module),
        .link = toolchain->link,
        .run = options->run ? options->run : toolchain->run,
        .other_cc = options->other_cc && flags ? cli_printf("%s %s", options->other_cc, flags)
                                               : options->other_cc,
        .callee_cc = options->callee_cc,
        .language = plan->language.data ? &plan->language : NULL,
        .known = known,
    };
    choose_pairs(cli, &plan->runs[plan->count - 1], module, plan->directory);
}

/* Whether a compiler can be told to use the module's convention. */
static bool knows_convention(const struct plan *plan, const abide_module *module, const char *cc)
{
    const char *attribute = abide_module_attribute(module);
    return !attribute || harness_knows_attribute(cc, attribute, plan->directory);
}

/* --cc names a toolchain of the data, or is a command, whose programs run as those of the data do. */
static enum status plan_given(struct cli *cli, struct plan *plan, const abide_module *module,
                              struct machine *machine)
{
    const char *cc = cli->options.cc;
    struct machine_toolchain asked = {.name = cli_copy(cc, strcspn(cc, " ")), .cc = cc, .run = ""};
    const struct machine_toolchain *known = NULL;
    for (size_t i = 0; !known && i < machine->toolchain_count; i++) {
        const struct machine_toolchain *toolchain = &machine->toolchains[i];
        if (strcmp(toolchain->triple, abide_module_target(module)) != 0)
            continue;
        asked.run = toolchain->run;
        asked.link = toolchain->link;
        if (strcmp(toolchain->name, cc) == 0)
            known = toolchain;
    }
    if (known && !is_installed(known))
        return report_missing(cli, known);
    asked = known ? *known : asked;
    add_run(cli, plan, module, machine, &asked, known);
    asked.run = plan->runs[0].run;
    if (!is_installed(&asked))
        return report_missing(cli, &asked);
    if (knows_convention(plan, module, asked.cc))
        return STATUS_OK;
    return cli_report(cli, "no-compiler", "ask another one",
                      "'%s' does not know the attribute '%s'", asked.cc,
                      abide_module_attribute(module));
}

static enum status plan_all(struct cli *cli, struct plan *plan, const abide_module *module,
                            struct machine *machine)
{
    const struct machine_toolchain *missing = NULL;
    const char *target = abide_module_target(module);
    for (size_t i = 0; i < machine->toolchain_count; i++) {
        const struct machine_toolchain *toolchain = &machine->toolchains[i];
        if (strcmp(toolchain->triple, target) != 0)
            continue;
        if (is_installed(toolchain) && !knows_convention(plan, module, toolchain->cc)) {
            words_add(&plan->not_asked, cli_printf("%s: %s: it does not know the attribute '%s'",
                                                   abide_module_name(module), toolchain->name,
                                                   abide_module_attribute(module)));
            continue;
        }
        if (is_installed(toolchain)) {
            add_run(cli, plan, module, machine, toolchain, toolchain);
            continue;
        }
        missing = toolchain;
        words_add(&plan->not_asked,
                  cli_printf("%s: %s: '%s' is not installed%s%s", abide_module_name(module),
                             toolchain->name,
                             command_exists(toolchain->cc) ? toolchain->run : toolchain->cc,
                             toolchain->packages ? "; Debian: " : "",
                             toolchain->packages ? toolchain->packages : ""));
    }
    if (plan->count > 0)
        return STATUS_OK;
    if (missing)
        return report_missing(cli, missing);
    return cli_report(cli, "no-compiler",
                      "name one with --cc, and what runs its programs with --run",
                      "no compiler for '%s' is known", target);
}

/* That of --language, else the one that is said to have the module's conventions. */
static enum status choose_language(struct cli *cli, struct plan *plan, const abide_module *module)
{
    const struct options *options = &cli->options;
    bool is_language = strcmp(abide_module_level(module), "language") == 0;
    const char *name = options->language;
    if (!name && is_language)
        name = language_of_module(cli->ctx, abide_module_name(module));
    if (!name && is_language)
        return cli_report(
            cli, "no-compiler", "say how it writes types and functions: --language FILE",
            "no compiler of a language with the ABI '%s' is known", abide_module_name(module));
    if (!name)
        return STATUS_OK;
    if (!language_load(cli->ctx, name, &plan->language))
        return cli_failure(cli);
    if (options->language_command)
        plan->language.command = options->language_command;
    language_set_options(&plan->language, module);
    const struct machine_toolchain compiler = {.cc = plan->language.command, .run = ""};
    return *plan->language.command == '$' || is_installed(&compiler)
               ? STATUS_OK
               : report_missing(cli, &compiler);
}

enum status plan_make(struct cli *cli, struct plan *plan)
{
    if (cli->options.targets.count > 1)
        return cli_misuse(cli, "unexpected-operand", "ask for one target at a time",
                          "more than one --target");
    const abide_module *module = load_module(cli, plan->reference);
    if (!module)
        return cli_failure(cli);
    const char *target = abide_module_target(module);
    struct machine *machine =
        machine_load(cli->ctx, cli_copy(target, strcspn(target, "-")), cli->options.harness);
    if (!machine)
        return cli_failure(cli);
    if (!abide_module_is_in_c(module) && !cli->options.language)
        return cli_report(cli, "no-compiler",
                          "say how another language writes types and functions: --language FILE",
                          "no compiler of C has the convention '%s'", abide_module_name(module));
    enum status status = choose_language(cli, plan, module);
    if (status != STATUS_OK)
        return status;
    return cli->options.cc ? plan_given(cli, plan, module, machine)
                           : plan_all(cli, plan, module, machine);
}
