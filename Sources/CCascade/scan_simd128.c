// Scanning with the compiler's vectors: NEON, or SSE2.
#include "kernels.h"
#include "vectors128.h"

// The vectors' calling convention does not matter: all these functions are in this file.
#pragma clang diagnostic ignored "-Wpsabi"

#define CK_SIMD_LEVEL CP_SIMD128
#define CK_SCAN ck_scan_simd128
#include "scan_exact.h"
#include "scan_stages.h"
#include "scan_contrast.h"
#include "scan_stages_avx2.h"
#include "scan_driver.h"
