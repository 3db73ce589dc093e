/* What plan and thunk have in common: two ABIs, and an adapter for each function that is asked for. */
#ifndef ABIDE_TOOLS_ADAPTER_H
#define ABIDE_TOOLS_ADAPTER_H

#include "question.h"

#define ADAPTER_ROWS                                                                               \
    OPTION_TARGET_ROW,                                                                             \
        OPTION_TEXT("caller", 0, OPTION_CALLER, "the ABI of the code that calls", "REF"),          \
        OPTION_TEXT("callee", 0, OPTION_CALLEE, "the ABI of the function that is called", "REF"),  \
        OPTION_TEXT("checks", 0, OPTION_CHECKS,                                                    \
                    "whether adapters look at values, whatever the interface says",                \
                    "trust|checked|convert"),                                                      \
        OPTION_TEXT("require", 0, OPTION_REQUIRE,                                                  \
                    "refuse (status 1) an adapter that does more than move values", "zero-copy"),  \
        OPTION_TEXT("kind", 0, OPTION_KIND,                                                        \
                    "what calls and is called: see include/abide/plan.h (default: adapter)",       \
                    "adapter|invoker|closure|handler"),                                            \
        OPTION_TEXT("data", 0, OPTION_DATA,                                                        \
                    "the parameter in which callers of a closure or handler give its record back", \
                    "NAME")

struct adapters {
    const abide_iface *iface;
    const abide_module *caller;
    const abide_module *callee;
    const abide_function **functions;
    const abide_plan **plans; /* parallel */
    const char **refusals;    /* parallel, from adapters_of_all: why there is no plan */
    size_t count;
};

/* Reads the interface and both modules, and plans. Any status but OK: reported. */
enum status adapters_open(struct cli *cli, struct adapters *adapters);
/* The pair --caller and --callee on one target (NULL: this machine), for all functions; what cannot be adapted is reported and has a refusal. */
enum status adapters_of_all(struct cli *cli, const abide_iface *iface, const char *target,
                            struct adapters *adapters);
/* Puts what the interface says that the library provides in the place of the --caller or --callee that is missing. */
enum status adapters_choose(struct cli *cli, const abide_iface *iface);
/* "a frame and a call, 32 bytes copied, ..." */
const char *adapter_cost_text(const abide_plan *plan);

#endif
