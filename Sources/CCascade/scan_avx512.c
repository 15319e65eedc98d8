// Scanning with AVX-512 (F, BW, DQ, VL).
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "kernels.h"

CP_BEGIN_AVX512
#define CK_SIMD_LEVEL CP_AVX512
#define CK_SCAN ck_scan_avx512
#include "scan_exact.h"
#include "scan_stages.h"
#include "scan_contrast_avx512.h"
#include "scan_stages_avx512.h"
#include "scan_driver.h"
CP_END
#endif
