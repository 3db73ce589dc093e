/* Descriptors from files that are not trusted, of any byte order. */
#ifndef ABIDE_TOOLS_DESCRIPTOR_H
#define ABIDE_TOOLS_DESCRIPTOR_H

#include "abide/descriptor.h"

/*
 * The descriptor at the start of some bytes, in the byte order of this machine, in memory of the run. NULL: these are none, or it is
 * of a version that is not known, or says of itself what does not hold.
 */
const abide_descriptor *descriptor_read(const unsigned char *bytes, size_t size_bytes);

#endif
