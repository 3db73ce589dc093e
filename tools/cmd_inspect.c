/* abide inspect: the fingerprints that a library or a program carries, and whether they are those of an interface file. */
#include "abide/descriptor.h"

#include "descriptor.h"
#include "fingerprint_text.h"
#include "json.h"
#include "object.h"
#include "question.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

const struct poptOption inspect_options[] = {
    OPTION_TEXT("against", 0, OPTION_AGAINST,
                "compare with this interface file: status 1 if a function that it describes is not "
                "there, or does not fit",
                "FILE"),
    OPTION_TARGET_ROW,
    OPTION_TEXT("abi", 0, OPTION_ABI,
                "with --against: the ABI (default: what FILE provides, else c)", "REF"),
    OPTIONS_MODULES,
    OPTIONS_COMMON,
    POPT_TABLEEND};

/* An alias symbol, taken apart. */
struct alias {
    const char *symbol; /* of the function */
    const char *name;   /* of the alias */
    bool is_defined;
    bool has_contract;
    uint64_t layout, contract;
};

/* A descriptor of an object. */
struct described {
    const char *symbol;
    const abide_descriptor *descriptor; /* NULL: it cannot be read */
};

/* What one object carries. */
struct carried {
    const char *member;
    struct alias *aliases;
    size_t alias_count;
    struct described *descriptors;
    size_t descriptor_count;
};

struct inspection {
    struct carried *items;
    size_t count;
};

#define DIGITS            13
#define ALIAS_MARK        "__s1_"
#define DESCRIPTOR_PREFIX "abide_desc_"

/* ---- symbols ---- */

/* Object formats may put a character in front of names. */
static bool is_descriptor(const char *name)
{
    return strncmp(name, DESCRIPTOR_PREFIX, sizeof DESCRIPTOR_PREFIX - 1) == 0;
}

/* The last mark, for a function may be called like an alias. */
static const char *find_mark(const char *name)
{
    const char *found = NULL;
    for (const char *at = name; (at = strstr(at, ALIAS_MARK)); at++)
        found = at;
    return found;
}

static bool take_apart(const char *name, struct alias *alias)
{
    const char *mark = find_mark(name);
    if (!mark || mark == name)
        return false;
    const char *digits = mark + sizeof ALIAS_MARK - 1;
    size_t length = strlen(digits);
    alias->has_contract = length == 2 * DIGITS + 1 && digits[DIGITS] == '_';
    alias->name = name;
    alias->symbol = cli_copy(name, (size_t)(mark - name));
    return (length == DIGITS || alias->has_contract) &&
           fingerprint_from_digits(digits, &alias->layout) &&
           (!alias->has_contract || fingerprint_from_digits(digits + DIGITS + 1, &alias->contract));
}

static bool is_wanted(const char *name)
{
    struct alias alias;
    return is_descriptor(name) || (strstr(name, ALIAS_MARK) && take_apart(name, &alias));
}

static void carry(const struct object *object, struct carried *carried)
{
    carried->member = object->member;
    carried->aliases = cli_alloc(object->symbol_count + 1, sizeof *carried->aliases);
    carried->descriptors = cli_alloc(object->symbol_count + 1, sizeof *carried->descriptors);
    for (size_t i = 0; i < object->symbol_count; i++) {
        const struct object_symbol *symbol = &object->symbols[i];
        struct alias *alias = &carried->aliases[carried->alias_count];
        if (is_descriptor(symbol->name)) {
            if (symbol->is_defined)
                carried->descriptors[carried->descriptor_count++] = (struct described){
                    symbol->name,
                    symbol->bytes ? descriptor_read(symbol->bytes, symbol->size_bytes) : NULL};
        } else if (take_apart(symbol->name, alias)) {
            alias->is_defined = symbol->is_defined;
            carried->alias_count++;
        }
    }
}

/* Members of an archive without anything of ours are left out. */
static enum status inspect(struct cli *cli, struct inspection *inspection)
{
    struct objects objects = {0};
    enum status status = objects_read(cli, cli->options.operands.items[0], is_wanted, &objects);
    inspection->items = cli_alloc(objects.count + 1, sizeof *inspection->items);
    for (size_t i = 0; i < objects.count; i++) {
        struct carried *carried = &inspection->items[inspection->count];
        carry(&objects.items[i], carried);
        inspection->count += carried->alias_count > 0 || carried->descriptor_count > 0;
    }
    return status;
}

/* As --checks says it. NULL: it is no adapter, or what it says is of a later release. */
static const char *checks_word(const abide_descriptor_function *function)
{
    static const char *const words[] = {[ABIDE_DESCRIPTOR_CHECKS_TRUST] = "trust",
                                        [ABIDE_DESCRIPTOR_CHECKS_CHECKED] = "checked",
                                        [ABIDE_DESCRIPTOR_CHECKS_CONVERT] = "convert"};
    return function->checks < sizeof words / sizeof *words ? words[function->checks] : NULL;
}

/* ---- text ---- */

static size_t count_aliases(const struct carried *carried, const char *symbol, uint64_t layout,
                            const uint64_t *contract)
{
    size_t count = 0;
    for (size_t i = 0; i < carried->alias_count; i++) {
        const struct alias *alias = &carried->aliases[i];
        count += alias->is_defined && alias->layout == layout &&
                 strcmp(alias->symbol, symbol) == 0 &&
                 (!alias->has_contract || !contract || alias->contract == *contract);
    }
    return count;
}

static void print_descriptor(struct cli *cli, const struct carried *carried,
                             const struct described *described)
{
    const abide_descriptor *descriptor = described->descriptor;
    struct table table;
    if (!descriptor) {
        text_printf(&cli->product, "  %s: no descriptor that can be read\n", described->symbol);
        return;
    }
    text_printf(&cli->product, "  %s: package %s\n", described->symbol,
                abide_descriptor_name(descriptor, descriptor->package));
    table_start(&table, 5);
    static const char *const heads[] = {"offers", "layout", "contract", "aliases", "checks"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_add(&table, heads[i]);
    table_style_row(&table, CELL_HEAD);
    for (uint32_t i = 0; i < descriptor->function_count; i++) {
        const abide_descriptor_function *function = abide_descriptor_function_at(descriptor, i);
        const char *symbol = abide_descriptor_name(descriptor, function->symbol);
        table_add(&table, symbol);
        table_add(&table, fingerprint_digits(function->layout));
        table_add(&table, fingerprint_digits(function->contract));
        table_add(&table, cli_printf("%zu", count_aliases(carried, symbol, function->layout,
                                                          &function->contract)));
        table_add(&table, checks_word(function) ? checks_word(function) : "-");
    }
    table_print(&table, 4, cli->color_out, &cli->product);
    for (uint32_t i = 0; i < descriptor->growing_count; i++) {
        const abide_descriptor_growing *growing = abide_descriptor_growing_at(descriptor, i);
        text_printf(&cli->product, "    open type %s: %u values or cases\n",
                    abide_descriptor_name(descriptor, growing->name), growing->item_count);
    }
}

/* Aliases that are not those of a described function, or that are needed. */
static void print_aliases(struct cli *cli, const struct carried *carried, bool defined,
                          const char *heading)
{
    struct table table;
    size_t count = 0;
    table_start(&table, 3);
    table_add(&table, heading);
    table_add(&table, "layout");
    table_add(&table, "contract");
    table_style_row(&table, CELL_HEAD);
    for (size_t i = 0; i < carried->alias_count; i++) {
        const struct alias *alias = &carried->aliases[i];
        if (alias->is_defined != defined)
            continue;
        table_add(&table, alias->symbol);
        table_add(&table, fingerprint_digits(alias->layout));
        table_add(&table, alias->has_contract ? fingerprint_digits(alias->contract) : "any");
        count++;
    }
    if (count)
        table_print(&table, 4, cli->color_out, &cli->product);
}

static void print_text(struct cli *cli, const struct inspection *inspection)
{
    const char *path = cli->options.operands.items[0];
    for (size_t i = 0; i < inspection->count; i++) {
        const struct carried *carried = &inspection->items[i];
        if (carried->member)
            text_printf(&cli->product, "%s(%s)\n", path, carried->member);
        else
            text_printf(&cli->product, "%s\n", path);
        for (size_t k = 0; k < carried->descriptor_count; k++)
            print_descriptor(cli, carried, &carried->descriptors[k]);
        if (carried->descriptor_count == 0)
            print_aliases(cli, carried, true, "has aliases of");
        print_aliases(cli, carried, false, "needs");
    }
    if (inspection->count == 0)
        text_printf(&cli->product, "%s carries no fingerprints\n", path);
}

/* ---- JSON ---- */

static json_t *json_function(const abide_descriptor *descriptor,
                             const abide_descriptor_function *function)
{
    json_t *json = json_new_object();
    const unsigned char *promises = abide_descriptor_at(descriptor, function->promises);
    json_put_text(json, "symbol", abide_descriptor_name(descriptor, function->symbol));
    json_put_text(json, "layout", fingerprint_digits(function->layout));
    json_put_text(json, "contract", fingerprint_digits(function->contract));
    json_put_text(json, "checks", checks_word(function));
    json_t *values = json_new_array();
    for (uint32_t i = 0; i + 1 < function->promise_bytes; i += 2) {
        json_t *value = json_new_object();
        json_put_size(value, "caller", promises[i]);
        json_put_size(value, "callee", promises[i + 1]);
        json_add(values, value);
    }
    json_put(json, "promises", values);
    return json;
}

static json_t *json_descriptor(const struct described *described)
{
    const abide_descriptor *descriptor = described->descriptor;
    json_t *json = json_new_object();
    json_put_text(json, "symbol", described->symbol);
    json_put_bool(json, "readable", descriptor != NULL);
    if (!descriptor)
        return json;
    json_put_text(json, "package", abide_descriptor_name(descriptor, descriptor->package));
    json_t *functions = json_new_array(), *open_types = json_new_array();
    for (uint32_t i = 0; i < descriptor->function_count; i++)
        json_add(functions, json_function(descriptor, abide_descriptor_function_at(descriptor, i)));
    for (uint32_t i = 0; i < descriptor->growing_count; i++) {
        const abide_descriptor_growing *growing = abide_descriptor_growing_at(descriptor, i);
        json_t *type = json_new_object();
        json_put_text(type, "name", abide_descriptor_name(descriptor, growing->name));
        json_put_size(type, "count", growing->item_count);
        json_add(open_types, type);
    }
    json_put(json, "functions", functions);
    json_put(json, "open_types", open_types);
    return json;
}

static json_t *json_aliases(const struct carried *carried, bool defined)
{
    json_t *aliases = json_new_array();
    for (size_t i = 0; i < carried->alias_count; i++) {
        const struct alias *alias = &carried->aliases[i];
        if (alias->is_defined != defined)
            continue;
        json_t *json = json_new_object();
        json_put_text(json, "symbol", alias->symbol);
        json_put_text(json, "alias", alias->name);
        json_put_text(json, "layout", fingerprint_digits(alias->layout));
        json_put_text(json, "contract",
                      alias->has_contract ? fingerprint_digits(alias->contract) : NULL);
        json_add(aliases, json);
    }
    return aliases;
}

static void print_json(struct cli *cli, const struct inspection *inspection)
{
    json_t *root = json_new_answer(cli);
    json_t *objects = json_new_array();
    json_put_text(root, "file", cli->options.operands.items[0]);
    for (size_t i = 0; i < inspection->count; i++) {
        const struct carried *carried = &inspection->items[i];
        json_t *object = json_new_object();
        json_t *descriptors = json_new_array();
        json_put_text(object, "member", carried->member);
        for (size_t k = 0; k < carried->descriptor_count; k++)
            json_add(descriptors, json_descriptor(&carried->descriptors[k]));
        json_put(object, "descriptors", descriptors);
        json_put(object, "aliases", json_aliases(carried, true));
        json_put(object, "needs", json_aliases(carried, false));
        json_add(objects, object);
    }
    json_put(root, "objects", objects);
    json_print(root, &cli->product);
}

/* ---- against an interface ---- */

struct expected {
    const abide_iface *iface;
    const abide_module *module;
};

/* The function as it is expected, in this machine's order. NULL: reported. */
static const abide_descriptor *expect(struct cli *cli, const struct expected *expected,
                                      const abide_function *function)
{
    const abide_descriptor_entry entry = {function, NULL, ABIDE_CHECKS_UNSAID};
    const void *bytes;
    size_t size_bytes;
    if (!abide_descriptor_make(cli->ctx, expected->module, abide_iface_package(expected->iface),
                               &entry, 1, &bytes, &size_bytes))
        return NULL;
    const abide_descriptor *descriptor = descriptor_read(bytes, size_bytes);
    if (!descriptor)
        cli_bug("a descriptor that was made cannot be read");
    return descriptor;
}

/* What the file says of the function, or of its package: the best of several descriptors. */
static abide_descriptor_difference compare(const struct inspection *inspection,
                                           const abide_descriptor *expected)
{
    abide_descriptor_difference best = {ABIDE_DESCRIPTOR_NONE, ""};
    for (size_t i = 0; i < inspection->count; i++)
        for (size_t k = 0; k < inspection->items[i].descriptor_count; k++) {
            abide_descriptor_difference found;
            abide_descriptor_check(inspection->items[i].descriptors[k].descriptor, expected,
                                   &found);
            if (found.what == ABIDE_DESCRIPTOR_FITS)
                return found;
            if (found.what > best.what)
                best = found;
        }
    return best;
}

static bool load_expected(struct cli *cli, struct expected *expected)
{
    const struct options *options = &cli->options;
    const char *target = options->targets.count ? options->targets.items[0] : NULL;
    expected->iface = abide_iface_load(cli->ctx, options->against);
    if (!expected->iface)
        return false;
    const char *abi =
        options->abis.count ? options->abis.items[0] : question_provided_abi(expected->iface);
    expected->module = abide_module_load(cli->ctx, abi, target);
    if (!abide_iface_package(expected->iface)) {
        cli_report(cli, "package-required", "say `package: NAME` in the file",
                   "a descriptor belongs to a package, and '%s' names none", options->against);
        return false;
    }
    return expected->module != NULL;
}

static enum status check_against(struct cli *cli, const struct inspection *inspection)
{
    struct expected expected;
    enum status status = STATUS_OK;
    if (!load_expected(cli, &expected))
        return cli_failure(cli);
    for (size_t i = 0; i < abide_iface_function_count(expected.iface); i++) {
        const abide_function *function = abide_iface_function_at(expected.iface, i);
        const abide_descriptor *wanted = expect(cli, &expected, function);
        if (!wanted)
            return cli_failure(cli);
        abide_descriptor_difference difference = compare(inspection, wanted);
        if (difference.what == ABIDE_DESCRIPTOR_FITS)
            continue;
        status = cli_report(cli, "fingerprint-mismatch",
                            "'abide fingerprint FILE FUNCTION --emit texts' shows what is compared",
                            "'%s' of '%s' does not fit '%s': %s%s%s", abide_function_name(function),
                            cli->options.operands.items[0], cli->options.against,
                            difference.what == ABIDE_DESCRIPTOR_GROWING ? difference.symbol : "",
                            difference.what == ABIDE_DESCRIPTOR_GROWING ? ": " : "",
                            abide_descriptor_reason(difference.what));
    }
    return status;
}

static enum status run(struct cli *cli)
{
    const struct options *options = &cli->options;
    struct inspection inspection = {0};
    if (!options->against && (options->targets.count || options->abis.count))
        return cli_misuse(cli, "bad-option-value", "say --against FILE",
                          "--target and --abi are for --against");
    if (options->targets.count > 1 || options->abis.count > 1)
        return cli_misuse(cli, "unexpected-operand", "ask for one at a time",
                          "more than one --target or --abi");
    enum status status = inspect(cli, &inspection);
    if (status != STATUS_OK)
        return status;
    if (options->format == FORMAT_JSON)
        print_json(cli, &inspection);
    else
        print_text(cli, &inspection);
    return options->against ? check_against(cli, &inspection) : STATUS_OK;
}

const struct verb verb_inspect = {
    .name = "inspect",
    .summary = "the fingerprints that a library or a program carries",
    .operands = "LIBRARY",
    .about =
        "Shows the fingerprints that an object, a library, a program (ELF) or an archive carries:\n"
        "what it offers (descriptors and alias symbols) and what it needs of others (undefined\n"
        "alias symbols). With --against it is compared with an interface file: whether the\n"
        "library is what the file describes under an ABI. Under `checks` stands how a thunk looks\n"
        "at values (--checks of abide thunk); `-`: the function is none, or it is not told.",
    .examples = {"abide inspect libchat.so                            # what it offers",
                 "abide inspect libchat.so --against chat.abi.yaml    # whether it fits"},
    .options = inspect_options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
