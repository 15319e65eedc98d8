#include "internal.h"

#include <string.h>

// The common frame of every operation: attributes, then the primitive descriptor (in 2.x from an operation
// descriptor, in 3.x directly), then the primitive.
#define BEGIN(scales_mask)                                                                 \
  dnnl_primitive_attr_t attr;                                                              \
  dnnl_primitive_desc_t pd = NULL;                                                         \
  dnnl_status_t status = cdnnl_make_attributes(&attr, attributes, scales_mask);            \
  if (status != dnnl_success) return status

#define FINISH()                                                                           \
  CONEDNN_CALL(dnnl_primitive_attr_destroy)(attr);                                                       \
  if (status != dnnl_success) return status;                                               \
  return cdnnl_finish(primitive, pd, engine, attributes)

#if DNNL_VERSION_MAJOR < 3
#define DESCRIBE(operation)                                                                \
  if (status == dnnl_success) status = CONEDNN_CALL(dnnl_primitive_desc_create)(&pd, &operation, attr, engine, NULL)
#endif

#if DNNL_VERSION_MAJOR < 3
// oneDNN 2.6's "brgconv" steps over the kernel's rows by its input channels rounded up to what one instruction
// multiplies (1 in f32, 2 in bf16, 4 in int8), and now and then uses another type's number: in a process that has made
// convolutions of several types, a plan of one input channel may give plainly wrong results ever after. Where the
// channels are a multiple of 4 all three are the same; others are left to the implementations that come after it.
dnnl_status_t cdnnl_describe_convolution(dnnl_primitive_desc_t *result, const dnnl_convolution_desc_t *operation,
                                         const_dnnl_primitive_attr_t attr, dnnl_engine_t engine,
                                         const_dnnl_primitive_desc_t hint) {
  const dnnl_memory_desc_t *weights =
      operation->prop_kind == dnnl_backward_weights ? &operation->diff_weights_desc : &operation->weights_desc;
  const dnnl_memory_desc_t *source =
      operation->prop_kind == dnnl_backward_data ? &operation->diff_src_desc : &operation->src_desc;
  // With groups, the kernel has one dimension more than the pictures.
  const int64_t channels = weights->dims[weights->ndims - source->ndims + 1];
  if (channels % 4 == 0) return CONEDNN_CALL(dnnl_primitive_desc_create)(result, operation, attr, engine, hint);
  dnnl_primitive_desc_iterator_t iterator;
  dnnl_status_t status =
      CONEDNN_CALL(dnnl_primitive_desc_iterator_create)(&iterator, operation, attr, engine, hint);
  if (status != dnnl_success) return status;
  do {
    dnnl_primitive_desc_t descriptor = CONEDNN_CALL(dnnl_primitive_desc_iterator_fetch)(iterator);
    const char *name = "";
    status = descriptor ? CONEDNN_CALL(dnnl_primitive_desc_query)(descriptor, dnnl_query_impl_info_str, 0, &name)
                        : dnnl_out_of_memory;
    if (status == dnnl_success && strncmp(name, "brgconv", 7) != 0) {
      *result = descriptor;
      break;
    }
    if (descriptor) CONEDNN_CALL(dnnl_primitive_desc_destroy)(descriptor);
    if (status == dnnl_success) status = CONEDNN_CALL(dnnl_primitive_desc_iterator_next)(iterator);
    // The library's word for the end of the list.
    if (status == dnnl_iterator_ends) status = dnnl_unimplemented;
  } while (status == dnnl_success);
  CONEDNN_CALL(dnnl_primitive_desc_iterator_destroy)(iterator);
  return status;
}
#endif

dnnl_status_t cdnnl_convolution_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                       const cdnnl_layout *source, const cdnnl_layout *weights,
                                       const cdnnl_layout *bias, const cdnnl_layout *destination,
                                       const int64_t *strides, const int64_t *dilations,
                                       const int64_t *padding_before, const int64_t *padding_after,
                                       const cdnnl_attributes *attributes) {
  // With 3.x scales belong to the weights: with groups both leading dimensions make the output channel.
#if DNNL_VERSION_MAJOR >= 3
  int grouped = 0;
  int weight_rank = 0, source_rank = 0;
  CONEDNN_CALL(dnnl_memory_desc_query)(DESCRIPTOR(weights), dnnl_query_ndims_s32, &weight_rank);
  CONEDNN_CALL(dnnl_memory_desc_query)(DESCRIPTOR(source), dnnl_query_ndims_s32, &source_rank);
  grouped = weight_rank > source_rank;
  BEGIN(grouped ? 3 : 1);
  status = CONEDNN_CALL(dnnl_convolution_forward_primitive_desc_create)(
      &pd, engine, dnnl_forward_inference, dnnl_convolution_direct, DESCRIPTOR(source), DESCRIPTOR(weights),
      DESCRIPTOR(bias), DESCRIPTOR(destination), strides, dilations, padding_before, padding_after, attr);
#else
  BEGIN(2);
  dnnl_convolution_desc_t operation;
  status = CONEDNN_CALL(dnnl_dilated_convolution_forward_desc_init)(
      &operation, dnnl_forward_inference, dnnl_convolution_direct, DESCRIPTOR(source), DESCRIPTOR(weights),
      DESCRIPTOR(bias), DESCRIPTOR(destination), strides, dilations, padding_before, padding_after);
  if (status == dnnl_success) status = cdnnl_describe_convolution(&pd, &operation, attr, engine, NULL);
#endif
  FINISH();
}

dnnl_status_t cdnnl_inner_product_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                         const cdnnl_layout *source, const cdnnl_layout *weights,
                                         const cdnnl_layout *bias, const cdnnl_layout *destination,
                                         const cdnnl_attributes *attributes) {
#if DNNL_VERSION_MAJOR >= 3
  BEGIN(1);
  status = CONEDNN_CALL(dnnl_inner_product_forward_primitive_desc_create)(
      &pd, engine, dnnl_forward_inference, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias),
      DESCRIPTOR(destination), attr);
#else
  BEGIN(2);
  dnnl_inner_product_desc_t operation;
  status = CONEDNN_CALL(dnnl_inner_product_forward_desc_init)(&operation, dnnl_forward_inference, DESCRIPTOR(source),
                                                DESCRIPTOR(weights), DESCRIPTOR(bias),
                                                DESCRIPTOR(destination));
  DESCRIBE(operation);
#endif
  FINISH();
}

dnnl_status_t cdnnl_matmul_create(cdnnl_primitive **primitive, dnnl_engine_t engine, const cdnnl_layout *source,
                                  const cdnnl_layout *weights, const cdnnl_layout *destination,
                                  const cdnnl_attributes *attributes) {
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_matmul_primitive_desc_create)(&pd, engine, DESCRIPTOR(source), DESCRIPTOR(weights), NULL,
                                                         DESCRIPTOR(destination), attr);
#else
  dnnl_matmul_desc_t operation;
  status = CONEDNN_CALL(dnnl_matmul_desc_init)(&operation, DESCRIPTOR(source), DESCRIPTOR(weights), NULL,
                                             DESCRIPTOR(destination));
  DESCRIBE(operation);
#endif
  FINISH();
}

dnnl_status_t cdnnl_pooling_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                   dnnl_alg_kind_t algorithm, const cdnnl_layout *source,
                                   const cdnnl_layout *destination, const int64_t *strides,
                                   const int64_t *kernel, const int64_t *padding_before,
                                   const int64_t *padding_after, const cdnnl_attributes *attributes) {
  const dnnl_dims_t dilation = {0};
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_pooling_forward_primitive_desc_create)(
      &pd, engine, dnnl_forward_inference, algorithm, DESCRIPTOR(source), DESCRIPTOR(destination), strides,
      kernel, dilation, padding_before, padding_after, attr);
#else
  dnnl_pooling_v2_desc_t operation;
  status = CONEDNN_CALL(dnnl_pooling_v2_forward_desc_init)(&operation, dnnl_forward_inference, algorithm, DESCRIPTOR(source),
                                             DESCRIPTOR(destination), strides, kernel, dilation,
                                             padding_before, padding_after);
  DESCRIBE(operation);
#endif
  FINISH();
}

dnnl_status_t cdnnl_eltwise_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                   dnnl_alg_kind_t algorithm, float alpha, float beta,
                                   const cdnnl_layout *data, const cdnnl_attributes *attributes) {
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_eltwise_forward_primitive_desc_create)(&pd, engine, dnnl_forward_inference, algorithm,
                                                      DESCRIPTOR(data), DESCRIPTOR(data), alpha, beta, attr);
#else
  dnnl_eltwise_desc_t operation;
  status = CONEDNN_CALL(dnnl_eltwise_forward_desc_init)(&operation, dnnl_forward_inference, algorithm, DESCRIPTOR(data),
                                          alpha, beta);
  DESCRIBE(operation);
#endif
  FINISH();
}

dnnl_status_t cdnnl_softmax_create(cdnnl_primitive **primitive, dnnl_engine_t engine, int axis,
                                   const cdnnl_layout *source, const cdnnl_layout *destination,
                                   const cdnnl_attributes *attributes) {
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_softmax_forward_primitive_desc_create)(&pd, engine, dnnl_forward_inference,
                                                      dnnl_softmax_accurate, DESCRIPTOR(source),
                                                      DESCRIPTOR(destination), axis, attr);
#else
  dnnl_softmax_v2_desc_t operation;
  status = CONEDNN_CALL(dnnl_softmax_v2_forward_desc_init)(&operation, dnnl_forward_inference, dnnl_softmax_accurate,
                                             DESCRIPTOR(source), DESCRIPTOR(destination), axis);
  DESCRIBE(operation);
#endif
  FINISH();
}

dnnl_status_t cdnnl_batch_normalization_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                               float epsilon, const cdnnl_layout *data,
                                               const cdnnl_attributes *attributes) {
  const unsigned flags = dnnl_use_global_stats | dnnl_use_scale | dnnl_use_shift;
  BEGIN(0);
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_batch_normalization_forward_primitive_desc_create)(
      &pd, engine, dnnl_forward_inference, DESCRIPTOR(data), DESCRIPTOR(data), epsilon, flags, attr);
#else
  dnnl_batch_normalization_desc_t operation;
  status = CONEDNN_CALL(dnnl_batch_normalization_forward_desc_init)(&operation, dnnl_forward_inference, DESCRIPTOR(data),
                                                      epsilon, flags);
  DESCRIBE(operation);
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
  DESCRIBE(operation);
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
