#ifndef CONEDNN_INTERNAL_H
#define CONEDNN_INTERNAL_H
#include <stdlib.h>

#include "COneDNN.h"
#include "functions.h"

// In 3.x dnnl_memory_desc_t is an opaque handle, to be destroyed; in 2.x a plain struct.
struct cdnnl_layout {
  dnnl_memory_desc_t descriptor;
};
#if DNNL_VERSION_MAJOR >= 3
#define DESCRIPTOR(layout) ((layout) ? (const_dnnl_memory_desc_t)(layout)->descriptor : NULL)
#else
#define DESCRIPTOR(layout) ((layout) ? &(layout)->descriptor : NULL)
#endif

struct cdnnl_primitive {
  dnnl_primitive_t primitive;
  dnnl_primitive_desc_t descriptor;
  /// Into how many parts it was planned to be divided.
  int parts;
  // 3.x takes int8 scales as an argument at execution.
  float *scales;
  dnnl_memory_t scale_memory;
};

/// Makes oneDNN's attributes from ours. `scales_mask` has the bits of the dimensions along which scales differ.
dnnl_status_t cdnnl_make_attributes(dnnl_primitive_attr_t *result, const cdnnl_attributes *attributes,
                                    int scales_mask);
/// Takes over `descriptor` and makes the primitive.
dnnl_status_t cdnnl_finish(cdnnl_primitive **result, dnnl_primitive_desc_t descriptor, dnnl_engine_t engine,
                           const cdnnl_attributes *attributes);
#endif
