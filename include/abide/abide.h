/* All of libabide. The emitter is separate: abide/codegen.h. */
#ifndef ABIDE_ABIDE_H
#define ABIDE_ABIDE_H

#include "abide/author.h"
#include "abide/call.h"
#include "abide/constant.h"
#include "abide/ctx.h"
#include "abide/data.h"
#include "abide/describe.h"
#include "abide/fingerprint.h"
#include "abide/iface.h"
#include "abide/layout.h"
#include "abide/module.h"
#include "abide/plan.h"
#include "abide/type.h"

#endif
