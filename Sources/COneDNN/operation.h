#ifndef CONEDNN_OPERATION_H
#define CONEDNN_OPERATION_H
#include "internal.h"

// The common frame of every operation: attributes, then the primitive descriptor (in 2.x from an operation descriptor,
// in 3.x directly), then the primitive. A backward operation is given the forward primitive, whose descriptor the
// library wants as a hint: the two must agree on formats, and in 2.x on algorithms.

#define BEGIN(scales_mask)                                                                 \
  dnnl_primitive_attr_t attr;                                                              \
  dnnl_primitive_desc_t pd = NULL;                                                         \
  dnnl_status_t status = cdnnl_make_attributes(&attr, attributes, scales_mask);            \
  if (status != dnnl_success) return status

#define FINISH()                                                                           \
  CONEDNN_CALL(dnnl_primitive_attr_destroy)(attr);                                         \
  if (status != dnnl_success) return status;                                               \
  return cdnnl_finish(primitive, pd, engine, attributes)

#define HINT(forward) ((forward) ? (forward)->descriptor : NULL)

#if DNNL_VERSION_MAJOR < 3
#define DESCRIBE(operation, hint)                                                          \
  if (status == dnnl_success)                                                              \
    status = CONEDNN_CALL(dnnl_primitive_desc_create)(&pd, &operation, attr, engine, hint)
#endif
#endif
