#include "CVersion.h"

#ifndef FM_COMMIT
#define FM_COMMIT ""
#endif

const char *fm_build_commit(void) { return FM_COMMIT; }
