/* How functions tell that they failed, as data: which results are failures, where the error is, and where the value is. */
#ifndef ABIDE_TYPES_ERROR_RULE_H
#define ABIDE_TYPES_ERROR_RULE_H

#include "base/schema.h"
#include "base/yaml.h"
#include "types/type.h"

/* Where the number or the text of an error is. */
enum abide_error_source {
    ABIDE_ERROR_RESULT,  /* it is the result */
    ABIDE_ERROR_NEGATED, /* it is the result, negated */
    ABIDE_ERROR_AT,      /* in the c_int of which a hook gives the address */
    ABIDE_ERROR_CALL,    /* a function returns it */
    ABIDE_ERROR_TEXT     /* a function returns a text, up to a NUL, that stays its own */
};

struct abide_error_rule {
    const char *name; /* of a module's rule; NULL: stated by an interface */
    struct abide_place place;
    /* Results from `first` to `last` are failures, or (`is_success`) all others are. */
    int64_t first, last;
    bool is_success;
    enum abide_error_source source;
    const char *symbol; /* AT: the name of the hook; CALL, TEXT: the function */
    const char *
        set; /* CALL, TEXT: the function that is told what `symbol` is to give; NULL: there is none */
    bool value_is_out;      /* T goes through a pointer; else it is the result */
    int64_t failed;         /* what is returned after a failure, if that is not the error */
    int64_t fine;           /* what is returned without one, if that is not the value */
    enum abide_scalar type; /* of the result, where that is not the value */
};

/* `errors:` of a function: what one side of a call does. */
struct abide_error_use {
    const char *word; /* that modules explain; NULL: `rule`, or nothing of the kind */
    const struct abide_error_rule *rule;
    const char *function; /* for diagnostics; NULL: of what is called back */
    struct abide_place place;
};

extern const struct abide_schema abide_error_rule__schema, abide_error_rule__place_schema;

/* A rule of a module, or (`name` NULL) one that stands in an interface. False: reported. */
bool abide_error_rule__read(abide_ctx *ctx, const char *name, const struct abide_yaml *node,
                            struct abide_error_rule *rule);
/* Whether a word may name a rule: names with `+` between them, as in `status+out`. False: reported. */
bool abide_error_rule__check_name(abide_ctx *ctx, struct abide_place place, const char *word);
/* Whether two sides tell failures alike. */
bool abide_error_rule__same(const struct abide_error_rule *a, const struct abide_error_rule *b);
/* In a line, for fingerprints: "failed -1..-1 at errno, value in the result". */
const char *abide_error_rule__print(abide_ctx *ctx, const struct abide_error_rule *rule);

#endif
