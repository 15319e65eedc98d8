// 16 floats as one compiler vector; the compiler maps it to as many registers as the target needs.
typedef float cw_value __attribute__((vector_size(64), aligned(64)));
typedef float cw_unaligned __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t cw_bits __attribute__((vector_size(64), aligned(64)));
#define CW_STEP CW_LANES
#define CW_AT(address) (*(cw_unaligned *)(uintptr_t)(address))
#define CW_RECTIFIED(value, slope) \
  (cw_value)(((cw_bits)((value) * (slope) + 0.0f) & ((value) < 0)) | ((cw_bits)(value) & ~((value) < 0)))
