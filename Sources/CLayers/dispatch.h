// How the functions of this target choose the version of a level.
#ifndef CLAYERS_DISPATCH_H
#define CLAYERS_DISPATCH_H

#include "CProcessor.h"

#if defined(__x86_64__)
#define CL_FOR_X86(X) X(avx2) X(avx512)
#define CL_CHOOSE_X86(prefix, name, ...)                        \
  case CP_AVX512: prefix##_avx512_##name(__VA_ARGS__); return; \
  case CP_AVX2: prefix##_avx2_##name(__VA_ARGS__); return;
#else
#define CL_FOR_X86(X)
#define CL_CHOOSE_X86(prefix, name, ...)
#endif

// X(level) for each level that this architecture has.
#define CL_FOR_LEVELS(X) X(plain) X(simd128) CL_FOR_X86(X)

// Calls prefix_LEVEL_name with the arguments and returns.
#define CL_CHOOSE(prefix, name, ...)                             \
  switch (level) {                                               \
    CL_CHOOSE_X86(prefix, name, __VA_ARGS__)                     \
    case CP_PLAIN: prefix##_plain_##name(__VA_ARGS__); return;   \
    default: prefix##_simd128_##name(__VA_ARGS__); return;       \
  }

#endif
