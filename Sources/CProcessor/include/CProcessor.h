// Which vector instructions the processor has, and which of them the environment allows: one answer for every C target.
#ifndef CPROCESSOR_H
#define CPROCESSOR_H

// Sets of vector instructions, each of which includes those before it. Every kernel of this project has a version for
// each, and all give the same bits.
typedef enum {
  // C without explicit vectors, the reference that the others are tested against.
  CP_PLAIN = 0,
  // 128 bits, which every processor of the architecture has: NEON on ARM, SSE2 on x86.
  CP_SIMD128 = 1,
  // AVX2 with BMI, BMI2, LZCNT and POPCNT.
  CP_AVX2 = 2,
  // The same with AVX-512 F, BW, DQ and VL.
  CP_AVX512 = 3,
} cp_level;

// The number of levels.
enum { CP_LEVEL_COUNT = 4 };

// The environment variable that names the level to use.
#define CP_VARIABLE "FM_SIMD"

// The best level that this processor and its operating system support. Found once; any thread may call it.
cp_level cp_best_level(void);

// The level to use: that which the environment names, or the best one. Read once; any thread may call it.
cp_level cp_preferred_level(void);

// The level that a value of the environment variable asks for, at most the best one; the best one for a null pointer
// and for anything that is not the name of a level.
cp_level cp_level_for(const char *value);

// Finds the level of a name. Returns 0, and leaves `level` as it is, if there is none.
int cp_find_level(const char *name, cp_level *level);

// Not 0 if the processor multiplies bytes and adds four such products to a 32-bit sum (AVX-512 VNNI), which not every one
// with AVX-512 does.
int cp_has_byte_products(void);

// "plain", "simd128", "avx2" or "avx512".
const char *cp_level_name(cp_level level);

// Functions between CP_BEGIN_AVX2 or CP_BEGIN_AVX512 and CP_END may use the level's instructions; cp_best_level tests
// for all that are named here, and cp_has_byte_products for CP_BEGIN_AVX512_VNNI's.
#define CP_BEGIN_AVX2 \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,bmi,bmi2,lzcnt,popcnt\"))), apply_to = function)")
// clang-format off: _Pragma takes one literal.
#define CP_BEGIN_AVX512 \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512dq,avx512vl\"))), apply_to = function)")
#define CP_BEGIN_AVX512_VNNI \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni\"))), apply_to = function)")
// clang-format on
#define CP_END _Pragma("clang attribute pop")

#endif
