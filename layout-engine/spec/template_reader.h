/* What the readers of templates share: spec/template.c, and one file for each shape of a template. */
#ifndef ABIDE_SPEC_TEMPLATE_READER_H
#define ABIDE_SPEC_TEMPLATE_READER_H

#include "spec/language.h"

struct abide_template_reader {
    abide_ctx *ctx;
    const struct abide_when_scope *scope;
    enum abide_kind subject; /* what is represented: decides which holes a template may have */
    bool is_far;             /* what is read lies behind a pointer */
};

/* A template of any shape. What cannot be read is reported, and is `nothing`. */
const struct abide_template *abide_template__any(const struct abide_template_reader *reader,
                                                 const struct abide_yaml *node);
const struct abide_template *abide_template__nothing(const struct abide_template_reader *reader,
                                                     struct abide_place place);

/* "ptr<mutptr<T>>" */
const struct abide_template *abide_template__word(const struct abide_template_reader *reader,
                                                  const char *text, struct abide_place place);
/* {array: T, count: N} */
const struct abide_template *abide_template__mapping(const struct abide_template_reader *reader,
                                                     const struct abide_yaml *node);
/* [len ssize, {name: data, type: ptr<T>, part: ptr}]: makes `template` a record of these. */
void abide_template__members(const struct abide_template_reader *reader,
                             const struct abide_yaml *node, struct abide_template *template);

/* A C identifier, perhaps with holes such as "$i". NULL: there is none, or it was reported. */
const char *abide_template__identifier(const struct abide_template_reader *reader,
                                       const struct abide_yaml *node, const char *hole);
bool abide_template__is_sum(enum abide_kind kind);

#endif
