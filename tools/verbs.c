/* The verbs of the command: what `abide --help`, the manual pages and the completions of shells list. */
#include "cli.h"

#include <string.h>

const struct verb *const verbs[] = {
    &verb_layout,  &verb_call,    &verb_plan,   &verb_thunk,      &verb_lint,
    &verb_fmt,     &verb_abi,     &verb_verify, &verb_run,        &verb_fingerprint,
    &verb_inspect, &verb_compare, &verb_bind,   &verb_import,     &verb_doc,
    &verb_explain, &verb_doctor,  &verb_schema, &verb_completion, NULL};

const struct verb *verb_named(const char *name)
{
    for (size_t i = 0; verbs[i]; i++)
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    return NULL;
}
