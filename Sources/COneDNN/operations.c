#include "operation.h"

// Operations without weights, forward and backward. `direction` is that of the forward primitive; one that is given its
// `forward` primitive is the backward one.

dnnl_status_t cdnnl_pooling_create(cdnnl_primitive **primitive, dnnl_engine_t engine, dnnl_prop_kind_t direction,
                                   const cdnnl_primitive *forward, dnnl_alg_kind_t algorithm,
                                   const cdnnl_layout *source, const cdnnl_layout *destination,
                                   const int64_t *strides, const int64_t *kernel,
                                   const int64_t *padding_before, const int64_t *padding_after,
                                   const cdnnl_attributes *attributes) {
  const dnnl_dims_t dilation = {0};
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  if (forward)
    status = CONEDNN_CALL(dnnl_pooling_backward_primitive_desc_create)(
        &pd, engine, algorithm, DESCRIPTOR(source), DESCRIPTOR(destination), strides, kernel, dilation,
        padding_before, padding_after, forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_pooling_forward_primitive_desc_create)(
        &pd, engine, direction, algorithm, DESCRIPTOR(source), DESCRIPTOR(destination), strides, kernel,
        dilation, padding_before, padding_after, attr);
#else
  dnnl_pooling_v2_desc_t operation;
  if (forward)
    status = CONEDNN_CALL(dnnl_pooling_v2_backward_desc_init)(&operation, algorithm, DESCRIPTOR(source),
                                                            DESCRIPTOR(destination), strides, kernel, dilation,
                                                            padding_before, padding_after);
  else
    status = CONEDNN_CALL(dnnl_pooling_v2_forward_desc_init)(&operation, direction, algorithm,
                                                           DESCRIPTOR(source), DESCRIPTOR(destination), strides,
                                                           kernel, dilation, padding_before, padding_after);
  DESCRIBE(operation, HINT(forward));
#endif
  FINISH();
}

dnnl_status_t cdnnl_eltwise_create(cdnnl_primitive **primitive, dnnl_engine_t engine, dnnl_prop_kind_t direction,
                                   const cdnnl_primitive *forward, dnnl_alg_kind_t algorithm, float alpha,
                                   float beta, const cdnnl_layout *data,
                                   const cdnnl_attributes *attributes) {
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  if (forward)
    status = CONEDNN_CALL(dnnl_eltwise_backward_primitive_desc_create)(
        &pd, engine, algorithm, DESCRIPTOR(data), DESCRIPTOR(data), DESCRIPTOR(data), alpha, beta,
        forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_eltwise_forward_primitive_desc_create)(
        &pd, engine, direction, algorithm, DESCRIPTOR(data), DESCRIPTOR(data), alpha, beta, attr);
#else
  dnnl_eltwise_desc_t operation;
  if (forward)
    status = CONEDNN_CALL(dnnl_eltwise_backward_desc_init)(&operation, algorithm, DESCRIPTOR(data), DESCRIPTOR(data),
                                                         alpha, beta);
  else
    status = CONEDNN_CALL(dnnl_eltwise_forward_desc_init)(&operation, direction, algorithm,
                                                        DESCRIPTOR(data), alpha, beta);
  DESCRIBE(operation, HINT(forward));
#endif
  FINISH();
}

dnnl_status_t cdnnl_softmax_create(cdnnl_primitive **primitive, dnnl_engine_t engine, dnnl_prop_kind_t direction,
                                   const cdnnl_primitive *forward, int axis, const cdnnl_layout *data,
                                   const cdnnl_attributes *attributes) {
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  if (forward)
    status = CONEDNN_CALL(dnnl_softmax_backward_primitive_desc_create)(
        &pd, engine, dnnl_softmax_accurate, DESCRIPTOR(data), DESCRIPTOR(data), DESCRIPTOR(data), axis,
        forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_softmax_forward_primitive_desc_create)(
        &pd, engine, direction, dnnl_softmax_accurate, DESCRIPTOR(data), DESCRIPTOR(data), axis, attr);
#else
  dnnl_softmax_v2_desc_t operation;
  if (forward)
    status = CONEDNN_CALL(dnnl_softmax_v2_backward_desc_init)(&operation, dnnl_softmax_accurate, DESCRIPTOR(data),
                                                            DESCRIPTOR(data), DESCRIPTOR(data), axis);
  else
    status = CONEDNN_CALL(dnnl_softmax_v2_forward_desc_init)(&operation, direction, dnnl_softmax_accurate,
                                                           DESCRIPTOR(data), DESCRIPTOR(data), axis);
  DESCRIBE(operation, HINT(forward));
#endif
  FINISH();
}

dnnl_status_t cdnnl_batch_normalization_create(cdnnl_primitive **primitive, dnnl_engine_t engine, float epsilon,
                                               unsigned flags, const cdnnl_layout *data,
                                               const cdnnl_attributes *attributes) {
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_batch_normalization_forward_primitive_desc_create)(
      &pd, engine, dnnl_forward_inference, DESCRIPTOR(data), DESCRIPTOR(data), epsilon, flags, attr);
#else
  dnnl_batch_normalization_desc_t operation;
  status = CONEDNN_CALL(dnnl_batch_normalization_forward_desc_init)(&operation, dnnl_forward_inference,
                                                                  DESCRIPTOR(data), epsilon, flags);
  DESCRIBE(operation, NULL);
#endif
  FINISH();
}

dnnl_status_t cdnnl_binary_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                  dnnl_alg_kind_t algorithm, const cdnnl_layout *source0,
                                  const cdnnl_layout *source1, const cdnnl_layout *destination,
                                  const cdnnl_attributes *attributes) {
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_binary_primitive_desc_create)(&pd, engine, algorithm, DESCRIPTOR(source0), DESCRIPTOR(source1),
                                             DESCRIPTOR(destination), attr);
#else
  dnnl_binary_desc_t operation;
  status = CONEDNN_CALL(dnnl_binary_desc_init)(&operation, algorithm, DESCRIPTOR(source0), DESCRIPTOR(source1),
                                 DESCRIPTOR(destination));
  DESCRIBE(operation, NULL);
#endif
  FINISH();
}

dnnl_status_t cdnnl_concat_create(cdnnl_primitive **primitive, dnnl_engine_t engine, int axis, int count,
                                  const cdnnl_layout *const *sources, const cdnnl_attributes *attributes) {
  if (count < 1) return dnnl_invalid_arguments;
  BEGIN(0);
  // 2.x wants the descriptors themselves in a row, 3.x their handles.
#if DNNL_VERSION_MAJOR >= 3
  const_dnnl_memory_desc_t *all = calloc((size_t)count, sizeof *all);
  for (int i = 0; all && i < count; i++) all[i] = sources[i]->descriptor;
  status = all ? CONEDNN_CALL(dnnl_concat_primitive_desc_create)(&pd, engine, NULL, count, axis, all, attr)
               : dnnl_out_of_memory;
#else
  dnnl_memory_desc_t *all = calloc((size_t)count, sizeof *all);
  for (int i = 0; all && i < count; i++) all[i] = sources[i]->descriptor;
  status = all ? CONEDNN_CALL(dnnl_concat_primitive_desc_create)(&pd, NULL, count, axis, all, attr, engine)
               : dnnl_out_of_memory;
#endif
  free(all);
  FINISH();
}

dnnl_status_t cdnnl_reorder_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                   const cdnnl_layout *source, const cdnnl_layout *destination,
                                   const cdnnl_attributes *attributes) {
  BEGIN(0);
  status = CONEDNN_CALL(dnnl_reorder_primitive_desc_create)(&pd, DESCRIPTOR(source), engine, DESCRIPTOR(destination), engine,
                                              attr);
  FINISH();
}
