/* Nothing but another header. */
#include "i386.h"
