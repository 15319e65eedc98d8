// Scanning with AVX2.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "kernels.h"

CP_BEGIN_AVX2
#define CK_SIMD_LEVEL CP_AVX2
#define CK_SCAN ck_scan_avx2
#include "scan_exact.h"
#include "scan_stages.h"
#include "scan_contrast.h"
#include "scan_stages_avx2.h"
#include "scan_driver.h"
CP_END
#endif
