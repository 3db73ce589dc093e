/*
 * Text in two encodings: units of one byte are UTF-8, of two UTF-16 in the machine's byte order. What is not well-formed becomes
 * nothing else: it is a trap, unless the program has functions of its own for what is done here (include/abide/system.h).
 */
#ifndef ABIDE_PLAN_TRANSCODE_H
#define ABIDE_PLAN_TRANSCODE_H

#include "plan/lift_inner.h"

enum { ABIDE_UTF8_UNIT_BYTES = 1, ABIDE_UTF16_UNIT_BYTES = 2 };

/* Whether text is made of such units. */
bool abide_transcode__is_unit(uint64_t unit_bytes);
/* The units before the first NUL. */
abide_value abide_transcode__length(struct abide_lift *lift, abide_value text, uint64_t unit_bytes);
/* 1 if one of `count` units is a NUL, else 0. */
abide_value abide_transcode__has_nul(struct abide_lift *lift, abide_value text, abide_value count,
                                     uint64_t unit_bytes);
/* The units before the first that belongs to no character: `count`, if there is none. */
abide_value abide_transcode__good(struct abide_lift *lift, abide_value text, abide_value count,
                                  uint64_t unit_bytes);
enum abide_trap_code abide_transcode__trap_code(uint64_t unit_bytes);

/* How many units text has in the other encoding; traps if it is not well-formed. */
abide_value abide_transcode__measure(struct abide_lift *lift, abide_value text, abide_value count,
                                     uint64_t unit_bytes);
/* Text that was measured goes to `memory` in the other encoding. */
void abide_transcode__write(struct abide_lift *lift, abide_value text, abide_value count,
                            uint64_t unit_bytes, abide_value memory);

/* The bodies of the helpers. */
void abide_transcode__write_helper(struct abide_lift *lift, enum abide_lift_task task);

#endif
