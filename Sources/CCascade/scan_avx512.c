// Scanning with AVX-512 (F, BW, DQ, VL).
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "kernels.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define CK_SIMD_LEVEL CK_AVX512
#define CK_SCAN ck_scan_avx512
#include "scan_exact.h"
#include "scan_stages.h"
#include "scan_stages_avx512.h"
#include "scan_driver.h"
#pragma clang attribute pop
#endif
