#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "CProcessor.h"

static const char *const names[CP_LEVEL_COUNT] = {"plain", "simd128", "avx2", "avx512"};

static cp_level supported(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2") ||
      !__builtin_cpu_supports("lzcnt") || !__builtin_cpu_supports("popcnt"))
    return CP_SIMD128;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return CP_AVX512;
  return CP_AVX2;
#else
  return CP_SIMD128;
#endif
}

// Threads that come here first at the same time find the same answer, so that it does not matter whose is kept.
cp_level cp_best_level(void) {
  static atomic_int known = -1;
  int level = atomic_load_explicit(&known, memory_order_relaxed);
  if (level < 0) {
    level = (int)supported();
    atomic_store_explicit(&known, level, memory_order_relaxed);
  }
  return (cp_level)level;
}

cp_level cp_preferred_level(void) {
  static atomic_int known = -1;
  int level = atomic_load_explicit(&known, memory_order_relaxed);
  if (level < 0) {
    int first = -1;
    level = (int)cp_level_for(getenv(CP_VARIABLE));
    // The environment might change between two threads' looks at it: the first one's answer holds.
    if (!atomic_compare_exchange_strong(&known, &first, level)) level = first;
  }
  return (cp_level)level;
}

cp_level cp_level_for(const char *value) {
  const cp_level best = cp_best_level();
  cp_level level = best;
  if (value) cp_find_level(value, &level);
  return level < best ? level : best;
}

int cp_find_level(const char *name, cp_level *level) {
  for (int i = 0; i < CP_LEVEL_COUNT; i++) {
    if (strcmp(name, names[i]) != 0) continue;
    *level = (cp_level)i;
    return 1;
  }
  return 0;
}

int cp_has_byte_products(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return cp_best_level() == CP_AVX512 && __builtin_cpu_supports("avx512vnni");
#else
  return 0;
#endif
}

const char *cp_level_name(cp_level level) { return names[level]; }
