// The vector operations that scan_*.h and rows_lanes.h use, under the names that x86 has for them, made of the
// compiler's own vectors: two registers of 128 bits each, NEON on ARM and SSE2 on x86. So there is one source of the
// hot loops for every processor. Only what is used is here, and only for the constants used.
#ifndef VECTORS128_H
#define VECTORS128_H

#pragma clang diagnostic ignored "-Wpsabi"
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "kernels.h"
#if defined(__aarch64__)
#include <arm_neon.h>
#endif

#pragma STDC FP_CONTRACT OFF

#define CK_VECTOR(TYPE, NAME, BYTES) typedef TYPE NAME __attribute__((vector_size(BYTES)))
CK_VECTOR(long long, __m256i, 32);
CK_VECTOR(long long, __m128i, 16);
CK_VECTOR(float, __m256, 32);
CK_VECTOR(float, __m128, 16);
CK_VECTOR(double, __m256d, 32);
CK_VECTOR(int8_t, ck_i8x16, 16);
CK_VECTOR(uint8_t, ck_u8x16, 16);
CK_VECTOR(uint8_t, ck_u8x8, 8);
CK_VECTOR(int16_t, ck_i16x8, 16);
CK_VECTOR(uint16_t, ck_u16x8, 16);
CK_VECTOR(int32_t, ck_i32x4, 16);
CK_VECTOR(int8_t, ck_i8x32, 32);
CK_VECTOR(uint8_t, ck_u8x32, 32);
CK_VECTOR(int16_t, ck_i16x16, 32);
CK_VECTOR(uint16_t, ck_u16x16, 32);
CK_VECTOR(int32_t, ck_i32x8, 32);
CK_VECTOR(uint32_t, ck_u32x8, 32);
CK_VECTOR(long long, ck_i64x4, 32);

// Memory, in any alignment; a pointer of the vector's type would promise its own.
#define CK_LOAD(NAME, TYPE)        \
  CK_INLINE TYPE NAME(const void *p) { \
    TYPE v;                        \
    memcpy(&v, p, sizeof v);       \
    return v;                      \
  }
CK_LOAD(_mm256_loadu_si256, __m256i)
CK_LOAD(_mm_loadu_si128, __m128i)
CK_LOAD(_mm256_loadu_ps, __m256)
CK_INLINE __m128i _mm_loadl_epi64(const void *p) {
  __m128i v = {0, 0};
  memcpy(&v, p, 8);
  return v;
}
CK_INLINE void _mm256_storeu_si256(void *p, __m256i v) { memcpy(p, &v, sizeof v); }
CK_INLINE void _mm256_store_si256(void *p, __m256i v) { memcpy(p, &v, sizeof v); }
CK_INLINE void _mm_storeu_si128(void *p, __m128i v) { memcpy(p, &v, sizeof v); }
CK_INLINE void _mm_storeu_ps(void *p, __m128 v) { memcpy(p, &v, sizeof v); }

// The same value in all lanes.
CK_INLINE __m256i _mm256_setzero_si256(void) { return (__m256i){0, 0, 0, 0}; }
CK_INLINE __m256i _mm256_set1_epi8(char v) { return (__m256i)((ck_i8x32){0} + (int8_t)v); }
CK_INLINE __m256i _mm256_set1_epi16(short v) { return (__m256i)((ck_i16x16){0} + v); }
CK_INLINE __m256i _mm256_set1_epi32(int v) { return (__m256i)((ck_i32x8){0} + v); }
CK_INLINE __m256i _mm256_set_epi64x(long long d, long long c, long long b, long long a) {
  return (__m256i){a, b, c, d};
}
CK_INLINE __m256i _mm256_set1_epi64x(long long v) { return (__m256i){v, v, v, v}; }
CK_INLINE __m256 _mm256_set1_ps(float v) { return (__m256){v, v, v, v, v, v, v, v}; }
CK_INLINE __m256d _mm256_set1_pd(double v) { return (__m256d){v, v, v, v}; }

// Halves.
CK_INLINE __m256i _mm256_set_m128i(__m128i high, __m128i low) { return __builtin_shufflevector(low, high, 0, 1, 2, 3); }
CK_INLINE __m256i _mm256_broadcastsi128_si256(__m128i v) { return __builtin_shufflevector(v, v, 0, 1, 0, 1); }
CK_INLINE __m128i _mm256_castsi256_si128(__m256i v) { return __builtin_shufflevector(v, v, 0, 1); }
#define _mm256_extracti128_si256(V, HALF) __builtin_shufflevector(V, V, 2 * (HALF), 2 * (HALF) + 1)
CK_INLINE __m256 _mm256_castsi256_ps(__m256i v) { return (__m256)v; }
CK_INLINE __m256i _mm256_castps_si256(__m256 v) { return (__m256i)v; }
CK_INLINE __m256d _mm256_castps_pd(__m256 v) { return (__m256d)v; }
CK_INLINE __m256 _mm256_castpd_ps(__m256d v) { return (__m256)v; }

// Whole numbers, modulo the lane's size.
#define CK_BINARY(NAME, LANES, OPERATION) \
  CK_INLINE __m256i NAME(__m256i a, __m256i b) { return (__m256i)((LANES)a OPERATION(LANES) b); }
CK_BINARY(_mm256_add_epi16, ck_u16x16, +)
CK_BINARY(_mm256_sub_epi16, ck_u16x16, -)
CK_BINARY(_mm256_mullo_epi16, ck_u16x16, *)
CK_BINARY(_mm256_add_epi32, ck_u32x8, +)
CK_BINARY(_mm256_sub_epi32, ck_u32x8, -)
CK_BINARY(_mm256_mullo_epi32, ck_u32x8, *)
CK_BINARY(_mm256_and_si256, ck_i64x4, &)
CK_BINARY(_mm256_xor_si256, ck_i64x4, ^)
CK_BINARY(_mm256_cmpeq_epi16, ck_i16x16, ==)
CK_BINARY(_mm256_cmpgt_epi16, ck_i16x16, >)
CK_BINARY(_mm256_cmpgt_epi32, ck_i32x8, >)
CK_INLINE __m256i _mm256_andnot_si256(__m256i a, __m256i b) { return ~a & b; }
CK_INLINE __m256i _mm256_max_epu16(__m256i a, __m256i b) {
  return (__m256i)__builtin_elementwise_max((ck_u16x16)a, (ck_u16x16)b);
}
#define _mm256_slli_epi32(V, BITS) ((__m256i)((ck_u32x8)(V) << (BITS)))
#define _mm256_srli_epi32(V, BITS) ((__m256i)((ck_u32x8)(V) >> (BITS)))
#define _mm256_srai_epi32(V, BITS) ((__m256i)((ck_i32x8)(V) >> (BITS)))
#define _mm256_srli_epi16(V, BITS) ((__m256i)((ck_u16x16)(V) >> (BITS)))
// Sums of products of neighbors.
CK_INLINE __m256i _mm256_madd_epi16(__m256i a, __m256i b) {
  ck_i32x8 x = (ck_i32x8)a, y = (ck_i32x8)b;
  return (__m256i)(((ck_i32x8)((ck_u32x8)x << 16) >> 16) * ((ck_i32x8)((ck_u32x8)y << 16) >> 16) +
                   (x >> 16) * (y >> 16));
}
// The bytes of `a` have no sign; nothing here comes near to saturating.
CK_INLINE __m256i _mm256_maddubs_epi16(__m256i a, __m256i b) {
  ck_i16x16 x = (ck_i16x16)a, y = (ck_i16x16)b;
  ck_i16x16 low = (x & 0xFF) * ((ck_i16x16)((ck_u16x16)y << 8) >> 8);
  return (__m256i)(low + (ck_i16x16)((ck_u16x16)x >> 8) * (y >> 8));
}

// Wider and narrower lanes.
CK_INLINE __m256i _mm256_cvtepu8_epi16(__m128i v) { return (__m256i)__builtin_convertvector((ck_u8x16)v, ck_u16x16); }
CK_INLINE __m256i _mm256_cvtepu16_epi32(__m128i v) { return (__m256i)__builtin_convertvector((ck_u16x8)v, ck_u32x8); }
CK_INLINE __m256i _mm256_cvtepu8_epi32(__m128i v) {
  ck_u8x16 bytes = (ck_u8x16)v;
  ck_u8x8 low = __builtin_shufflevector(bytes, bytes, 0, 1, 2, 3, 4, 5, 6, 7);
  return (__m256i)__builtin_convertvector(low, ck_u32x8);
}
CK_INLINE __m256i _mm256_packus_epi32(__m256i a, __m256i b) {
  ck_i32x8 least = {0}, most = least + 65535;
  ck_i32x8 x = __builtin_elementwise_min(__builtin_elementwise_max((ck_i32x8)a, least), most);
  ck_i32x8 y = __builtin_elementwise_min(__builtin_elementwise_max((ck_i32x8)b, least), most);
  return (__m256i)__builtin_shufflevector(__builtin_convertvector(x, ck_u16x8), __builtin_convertvector(y, ck_u16x8),
                                          0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15);
}
CK_INLINE ck_i8x16 ck_narrow(__m128i a, __m128i b, int16_t smallest, int16_t largest) {
  ck_i16x16 v = (ck_i16x16)_mm256_set_m128i(b, a), least = (ck_i16x16){0} + smallest, most = (ck_i16x16){0} + largest;
  return __builtin_convertvector(__builtin_elementwise_min(__builtin_elementwise_max(v, least), most), ck_i8x16);
}
CK_INLINE __m128i _mm_packus_epi16(__m128i a, __m128i b) { return (__m128i)ck_narrow(a, b, 0, 255); }
CK_INLINE __m128i _mm_packs_epi16(__m128i a, __m128i b) { return (__m128i)ck_narrow(a, b, -128, 127); }

// Lanes moved, in each half by itself unless it is said otherwise.
#define CK_UNPACK(NAME, LANES, ...)              \
  CK_INLINE __m256i NAME(__m256i a, __m256i b) { \
    return (__m256i)__builtin_shufflevector((LANES)a, (LANES)b, __VA_ARGS__); \
  }
CK_UNPACK(_mm256_unpacklo_epi16, ck_i16x16, 0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25, 10, 26, 11, 27)
CK_UNPACK(_mm256_unpackhi_epi16, ck_i16x16, 4, 20, 5, 21, 6, 22, 7, 23, 12, 28, 13, 29, 14, 30, 15, 31)
CK_UNPACK(_mm256_unpacklo_epi32, ck_i32x8, 0, 8, 1, 9, 4, 12, 5, 13)
CK_UNPACK(_mm256_unpackhi_epi32, ck_i32x8, 2, 10, 3, 11, 6, 14, 7, 15)
CK_UNPACK(_mm256_unpacklo_epi64, ck_i64x4, 0, 4, 2, 6)
CK_UNPACK(_mm256_unpackhi_epi64, ck_i64x4, 1, 5, 3, 7)
// Of whole halves: 0x20 both low ones, 0x31 both high ones, 0x08 zeros and the low one of `a`.
CK_INLINE __m256i _mm256_permute2x128_si256(__m256i a, __m256i b, int which) {
  if (which == 0x20) return __builtin_shufflevector(a, b, 0, 1, 4, 5);
  if (which == 0x31) return __builtin_shufflevector(a, b, 2, 3, 6, 7);
  return __builtin_shufflevector((__m256i){0, 0, 0, 0}, a, 0, 1, 4, 5);
}
// Over both halves.
#define _mm256_permute4x64_epi64(V, I) \
  __builtin_shufflevector(V, V, (I) & 3, (I) >> 2 & 3, (I) >> 4 & 3, (I) >> 6 & 3)
#define _mm256_permute4x64_pd _mm256_permute4x64_epi64
#define _mm256_shuffle_epi32(V, I)                                                                               \
  ((__m256i)__builtin_shufflevector((ck_i32x8)(V), (ck_i32x8)(V), (I) & 3, (I) >> 2 & 3, (I) >> 4 & 3, (I) >> 6 & 3, \
                                    4 + ((I) & 3), 4 + ((I) >> 2 & 3), 4 + ((I) >> 4 & 3), 4 + ((I) >> 6 & 3)))
#define _mm256_shuffle_ps(A, B, I)                                                                        \
  __builtin_shufflevector(A, B, (I) & 3, (I) >> 2 & 3, 8 + ((I) >> 4 & 3), 8 + ((I) >> 6 & 3), 4 + ((I) & 3), \
                          4 + ((I) >> 2 & 3), 12 + ((I) >> 4 & 3), 12 + ((I) >> 6 & 3))
// Only with one place for all lanes.
CK_INLINE __m256i _mm256_permutevar8x32_epi32(__m256i v, __m256i places) {
  return _mm256_set1_epi32(((ck_i32x8)v)[((ck_i32x8)places)[0] & 7]);
}
// Only 0xAA, the odd words of `b`.
#define _mm256_blend_epi16(A, B, I) \
  ((__m256i)(((ck_u32x8)(A) & 0xFFFF) | ((ck_u32x8)(B) & 0xFFFF0000)))
CK_INLINE __m256i _mm256_blendv_epi8(__m256i a, __m256i b, __m256i mask) {
  ck_i8x32 second = (ck_i8x32)mask < 0;
  return (__m256i)(((ck_i8x32)a & ~second) | ((ck_i8x32)b & second));
}
// Bytes moved up by 2, 4 or 8, zeros after them.
CK_INLINE __m256i _mm256_slli_si256(__m256i v, int bytes) {
  const ck_i16x16 zero = {0}, w = (ck_i16x16)v;
  if (bytes == 2)
    return (__m256i)__builtin_shufflevector(zero, w, 0, 16, 17, 18, 19, 20, 21, 22, 0, 24, 25, 26, 27, 28, 29, 30);
  if (bytes == 4)
    return (__m256i)__builtin_shufflevector(zero, w, 0, 0, 16, 17, 18, 19, 20, 21, 0, 0, 24, 25, 26, 27, 28, 29);
  return (__m256i)__builtin_shufflevector(zero, w, 0, 0, 0, 0, 16, 17, 18, 19, 0, 0, 0, 0, 24, 25, 26, 27);
}
CK_INLINE __m256i _mm256_shuffle_epi8(__m256i v, __m256i places) {
#if defined(__aarch64__)
  uint8x16_t low = vqtbl1q_u8((uint8x16_t)_mm256_extracti128_si256(v, 0),
                              vandq_u8((uint8x16_t)_mm256_extracti128_si256(places, 0), vdupq_n_u8(0x8F)));
  uint8x16_t high = vqtbl1q_u8((uint8x16_t)_mm256_extracti128_si256(v, 1),
                               vandq_u8((uint8x16_t)_mm256_extracti128_si256(places, 1), vdupq_n_u8(0x8F)));
  return _mm256_set_m128i((__m128i)high, (__m128i)low);
#else
  uint8_t from[32], to[32], place[32];
  memcpy(from, &v, 32);
  memcpy(place, &places, 32);
  for (int i = 0; i < 32; i++) to[i] = place[i] & 0x80 ? 0 : from[(i & 16) + (place[i] & 15)];
  __m256i result;
  memcpy(&result, to, 32);
  return result;
#endif
}
// Numbers that lie `places` steps of bytes from `base`.
CK_INLINE __m256i _mm256_i32gather_epi32(const int *base, __m256i places, int step) {
  ck_i32x8 result;
  for (int i = 0; i < 8; i++) {
    int32_t value;
    memcpy(&value, (const char *)base + (ptrdiff_t)((ck_i32x8)places)[i] * step, sizeof value);
    result[i] = value;
  }
  return (__m256i)result;
}

// Floating point; each operation is rounded by itself.
CK_INLINE __m256 _mm256_add_ps(__m256 a, __m256 b) { return a + b; }
CK_INLINE __m256 _mm256_sub_ps(__m256 a, __m256 b) { return a - b; }
CK_INLINE __m256 _mm256_mul_ps(__m256 a, __m256 b) { return a * b; }
CK_INLINE __m256d _mm256_sub_pd(__m256d a, __m256d b) { return a - b; }
CK_INLINE __m256d _mm256_mul_pd(__m256d a, __m256d b) { return a * b; }
CK_INLINE __m256d _mm256_div_pd(__m256d a, __m256d b) { return a / b; }
CK_INLINE __m256d _mm256_sqrt_pd(__m256d v) {
  for (int i = 0; i < 4; i++) v[i] = sqrt(v[i]);
  return v;
}
CK_INLINE __m256 _mm256_cvtepi32_ps(__m256i v) { return __builtin_convertvector((ck_i32x8)v, __m256); }
CK_INLINE __m256d _mm256_cvtepi32_pd(__m128i v) { return __builtin_convertvector((ck_i32x4)v, __m256d); }
CK_INLINE __m128 _mm256_cvtpd_ps(__m256d v) { return __builtin_convertvector(v, __m128); }
#define _CMP_LT_OQ 0
#define _CMP_GE_OQ 1
#define _mm256_cmp_ps(A, B, LESS) ((__m256)((A) < (B)))
#define _mm256_cmp_pd(A, B, NOT_LESS) ((__m256d)((A) >= (B)))

// A bit for each lane's sign.
CK_INLINE int _mm256_movemask_ps(__m256 v) {
  const ck_i32x8 bits = {1, 2, 4, 8, 16, 32, 64, 128};
  return __builtin_reduce_or(((ck_i32x8)v < 0) & bits);
}
CK_INLINE int _mm256_movemask_pd(__m256d v) {
  const ck_i64x4 bits = {1, 2, 4, 8};
  return (int)__builtin_reduce_or(((ck_i64x4)v < 0) & bits);
}
CK_INLINE int _mm_movemask_epi8(__m128i v) {
  const ck_i8x16 bits = {1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128};
  ck_i8x16 set = ((ck_i8x16)v < 0) & bits;
  typedef int8_t half __attribute__((vector_size(8)));
  half low = __builtin_shufflevector(set, set, 0, 1, 2, 3, 4, 5, 6, 7);
  half high = __builtin_shufflevector(set, set, 8, 9, 10, 11, 12, 13, 14, 15);
  return (uint8_t)__builtin_reduce_or(low) | (uint8_t)__builtin_reduce_or(high) << 8;
}

#endif
