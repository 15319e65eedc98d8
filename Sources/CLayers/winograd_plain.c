// The reference: a channel at a time.
#include "winograd.h"

typedef float cw_value;
#define CW_STEP 1
#define CW_AT(address) (*(float *)(uintptr_t)(address))
#define CW_RECTIFIED(value, slope) ((value) < 0 ? (value) * (slope) + 0.0f : (value))
#define CW_NAME(name) cw_plain_##name

#include "winograd_sides.h"
