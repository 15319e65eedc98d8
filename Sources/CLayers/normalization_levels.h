// The functions of normalization.h for one level, which CN_LEVEL(x) names, on vectors of floats that the compiler maps to as
// many registers as the level needs.
#include <string.h>

#include "bfloats.h"

// Sums that are kept beside each other, so that one addition need not wait for the last.
enum { CN_RUNS = 4 };

typedef float cn_floats16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t cn_bits16 __attribute__((vector_size(64), aligned(4)));
typedef uint32_t cn_words16 __attribute__((vector_size(64), aligned(4)));
typedef uint16_t cn_halves16 __attribute__((vector_size(32), aligned(2), may_alias));
typedef float cn_floats8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t cn_bits8 __attribute__((vector_size(32), aligned(4)));
typedef uint32_t cn_words8 __attribute__((vector_size(32), aligned(4)));
typedef uint16_t cn_halves8 __attribute__((vector_size(16), aligned(2), may_alias));

#define CN_JOIN(a, b, c, d) a##b##c##d
#define CN_JOINED(a, b, c, d) CN_JOIN(a, b, c, d)

#define CN_VALUE float
#define CN_LOOSE16 cn_floats16
#define CN_LOOSE8 cn_floats8
#define CN_NAME(name) CN_LEVEL(name##_floats)
#define CN_OF_WIDTH(name, width) CN_JOINED(cn_floats_, name, _, width)
#define CN_FLOATS(value) (value)
#define CN_ROUNDED(value) (value)
#include "normalization_type.h"
#undef CN_VALUE
#undef CN_LOOSE16
#undef CN_LOOSE8
#undef CN_NAME
#undef CN_OF_WIDTH
#undef CN_FLOATS
#undef CN_ROUNDED

#define CN_WORDS CN_JOINED(cn_words, CN_WIDTH, , )
#define CN_VALUE uint16_t
#define CN_LOOSE16 cn_halves16
#define CN_LOOSE8 cn_halves8
#define CN_NAME(name) CN_LEVEL(name##_bfloats)
#define CN_OF_WIDTH(name, width) CN_JOINED(cn_bfloats_, name, _, width)
#define CN_FLOATS(value) (CN_VECTOR)(__builtin_convertvector(value, CN_WORDS) << 16)
// Of a variable: what is no number stays so, the rest becomes the nearest, ties to even.
#define CN_ROUNDED(value)                                                                                        \
  __builtin_convertvector(                                                                                       \
      (((CN_WORDS)((value) != (value)) & ((CN_WORDS)(value) | 0x00400000)) |                                     \
       (~(CN_WORDS)((value) != (value)) & ((CN_WORDS)(value) + 0x7FFF + (((CN_WORDS)(value) >> 16) & 1)))) >> 16, \
      CN_LOOSE)
#include "normalization_type.h"
