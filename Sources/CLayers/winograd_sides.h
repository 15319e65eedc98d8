// The functions of winograd.h for one level: CW_NAME(x)_8 and CW_NAME(x)_10 by the tile's side, of which a `cw_value` is
// CW_STEP floats, CW_AT(p) is the one at a float's address, and CW_RECTIFIED(v, slope) is v with what is negative times
// the slope (times 0: 0, not -0).
#define CW_INLINE static inline __attribute__((always_inline))
#define CW_JOINED(name, side) name##_##side
#define CW_JOIN(name, side) CW_JOINED(name, side)
#define CW_SIDED(name) CW_JOIN(name, CW_SIDE)

// Calls a function with a side that the compiler knows: that of a tile's results, or the kernel's.
#define CW_FOR_KERNEL(function, three, four, five, six, seven, ...) \
  switch (s->kernel) {                                              \
    case 3: function(s, three, __VA_ARGS__); break;                 \
    case 4: function(s, four, __VA_ARGS__); break;                  \
    case 5: function(s, five, __VA_ARGS__); break;                  \
    case 6: function(s, six, __VA_ARGS__); break;                   \
    case 7: function(s, seven, __VA_ARGS__); break;                 \
  }
#define CW_BY_KERNEL(function, ...) CW_FOR_KERNEL(function, 3, 4, 5, 6, 7, __VA_ARGS__)

#define CW_SIDE 8
#include "winograd_tiles.h"
#undef CW_SIDE
#define CW_SIDE 10
#include "winograd_tiles.h"
#undef CW_SIDE
