#include "internal.h"

// Forward operations in training mode and their backward ones. A backward operation is given the forward primitive,
// whose descriptor the library wants as a hint: the two must agree on formats, and in 2.x on algorithms.

#define BEGIN()                                                                            \
  dnnl_primitive_attr_t attr;                                                              \
  dnnl_primitive_desc_t pd = NULL;                                                         \
  dnnl_status_t status = cdnnl_make_attributes(&attr, attributes, 0);                      \
  if (status != dnnl_success) return status

#define FINISH()                                                                           \
  CONEDNN_CALL(dnnl_primitive_attr_destroy)(attr);                                           \
  if (status != dnnl_success) return status;                                               \
  return cdnnl_finish(primitive, pd, engine, attributes)

#if DNNL_VERSION_MAJOR < 3
#define DESCRIBE(operation, hint)                                                          \
  if (status == dnnl_success) status = CONEDNN_CALL(dnnl_primitive_desc_create)(&pd, &operation, attr, engine, hint)
#endif

dnnl_status_t cdnnl_convolution_training_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                                dnnl_prop_kind_t direction, const cdnnl_primitive *forward,
                                                const cdnnl_layout *source, const cdnnl_layout *weights,
                                                const cdnnl_layout *bias, const cdnnl_layout *destination,
                                                const int64_t *strides, const int64_t *dilations,
                                                const int64_t *padding_before, const int64_t *padding_after,
                                                const cdnnl_attributes *attributes) {
  const dnnl_alg_kind_t algorithm = dnnl_convolution_direct;
  BEGIN();
#if DNNL_VERSION_MAJOR >= 3
  if (direction == dnnl_backward_data)
    status = CONEDNN_CALL(dnnl_convolution_backward_data_primitive_desc_create)(
        &pd, engine, algorithm, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(destination), strides, dilations,
        padding_before, padding_after, forward->descriptor, attr);
  else if (direction == dnnl_backward_weights)
    status = CONEDNN_CALL(dnnl_convolution_backward_weights_primitive_desc_create)(
        &pd, engine, algorithm, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias), DESCRIPTOR(destination),
        strides, dilations, padding_before, padding_after, forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_convolution_forward_primitive_desc_create)(
        &pd, engine, direction, algorithm, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias),
        DESCRIPTOR(destination), strides, dilations, padding_before, padding_after, attr);
#else
  dnnl_convolution_desc_t operation;
  if (direction == dnnl_backward_data)
    status = CONEDNN_CALL(dnnl_dilated_convolution_backward_data_desc_init)(
        &operation, algorithm, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(destination), strides, dilations,
        padding_before, padding_after);
  else if (direction == dnnl_backward_weights)
    status = CONEDNN_CALL(dnnl_dilated_convolution_backward_weights_desc_init)(
        &operation, algorithm, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias), DESCRIPTOR(destination),
        strides, dilations, padding_before, padding_after);
  else
    status = CONEDNN_CALL(dnnl_dilated_convolution_forward_desc_init)(
        &operation, direction, algorithm, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias),
        DESCRIPTOR(destination), strides, dilations, padding_before, padding_after);
  if (status == dnnl_success)
    status = cdnnl_describe_convolution(&pd, &operation, attr, engine, forward ? forward->descriptor : NULL);
#endif
  FINISH();
}

dnnl_status_t cdnnl_inner_product_training_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                                  dnnl_prop_kind_t direction, const cdnnl_primitive *forward,
                                                  const cdnnl_layout *source, const cdnnl_layout *weights,
                                                  const cdnnl_layout *bias, const cdnnl_layout *destination,
                                                  const cdnnl_attributes *attributes) {
  BEGIN();
#if DNNL_VERSION_MAJOR >= 3
  if (direction == dnnl_backward_data)
    status = CONEDNN_CALL(dnnl_inner_product_backward_data_primitive_desc_create)(
        &pd, engine, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(destination), forward->descriptor, attr);
  else if (direction == dnnl_backward_weights)
    status = CONEDNN_CALL(dnnl_inner_product_backward_weights_primitive_desc_create)(
        &pd, engine, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias), DESCRIPTOR(destination),
        forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_inner_product_forward_primitive_desc_create)(
        &pd, engine, direction, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias), DESCRIPTOR(destination),
        attr);
#else
  dnnl_inner_product_desc_t operation;
  if (direction == dnnl_backward_data)
    status = CONEDNN_CALL(dnnl_inner_product_backward_data_desc_init)(
        &operation, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(destination));
  else if (direction == dnnl_backward_weights)
    status = CONEDNN_CALL(dnnl_inner_product_backward_weights_desc_init)(
        &operation, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias), DESCRIPTOR(destination));
  else
    status = CONEDNN_CALL(dnnl_inner_product_forward_desc_init)(
        &operation, direction, DESCRIPTOR(source), DESCRIPTOR(weights), DESCRIPTOR(bias), DESCRIPTOR(destination));
  DESCRIBE(operation, forward ? forward->descriptor : NULL);
#endif
  FINISH();
}

dnnl_status_t cdnnl_pooling_training_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                            const cdnnl_primitive *forward, dnnl_alg_kind_t algorithm,
                                            const cdnnl_layout *source, const cdnnl_layout *destination,
                                            const int64_t *strides, const int64_t *kernel,
                                            const int64_t *padding_before, const int64_t *padding_after,
                                            const cdnnl_attributes *attributes) {
  const dnnl_dims_t dilation = {0};
  BEGIN();
#if DNNL_VERSION_MAJOR >= 3
  if (forward)
    status = CONEDNN_CALL(dnnl_pooling_backward_primitive_desc_create)(
        &pd, engine, algorithm, DESCRIPTOR(source), DESCRIPTOR(destination), strides, kernel, dilation,
        padding_before, padding_after, forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_pooling_forward_primitive_desc_create)(
        &pd, engine, dnnl_forward_training, algorithm, DESCRIPTOR(source), DESCRIPTOR(destination), strides, kernel,
        dilation, padding_before, padding_after, attr);
#else
  dnnl_pooling_v2_desc_t operation;
  if (forward)
    status = CONEDNN_CALL(dnnl_pooling_v2_backward_desc_init)(&operation, algorithm, DESCRIPTOR(source),
                                                            DESCRIPTOR(destination), strides, kernel, dilation,
                                                            padding_before, padding_after);
  else
    status = CONEDNN_CALL(dnnl_pooling_v2_forward_desc_init)(&operation, dnnl_forward_training, algorithm,
                                                           DESCRIPTOR(source), DESCRIPTOR(destination), strides,
                                                           kernel, dilation, padding_before, padding_after);
  DESCRIBE(operation, forward ? forward->descriptor : NULL);
#endif
  FINISH();
}

dnnl_status_t cdnnl_eltwise_training_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                            const cdnnl_primitive *forward, dnnl_alg_kind_t algorithm, float alpha,
                                            float beta, const cdnnl_layout *data,
                                            const cdnnl_attributes *attributes) {
  BEGIN();
#if DNNL_VERSION_MAJOR >= 3
  if (forward)
    status = CONEDNN_CALL(dnnl_eltwise_backward_primitive_desc_create)(
        &pd, engine, algorithm, DESCRIPTOR(data), DESCRIPTOR(data), DESCRIPTOR(data), alpha, beta,
        forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_eltwise_forward_primitive_desc_create)(
        &pd, engine, dnnl_forward_training, algorithm, DESCRIPTOR(data), DESCRIPTOR(data), alpha, beta, attr);
#else
  dnnl_eltwise_desc_t operation;
  if (forward)
    status = CONEDNN_CALL(dnnl_eltwise_backward_desc_init)(&operation, algorithm, DESCRIPTOR(data), DESCRIPTOR(data),
                                                         alpha, beta);
  else
    status = CONEDNN_CALL(dnnl_eltwise_forward_desc_init)(&operation, dnnl_forward_training, algorithm,
                                                        DESCRIPTOR(data), alpha, beta);
  DESCRIBE(operation, forward ? forward->descriptor : NULL);
#endif
  FINISH();
}

dnnl_status_t cdnnl_softmax_training_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                            const cdnnl_primitive *forward, int axis, const cdnnl_layout *data,
                                            const cdnnl_attributes *attributes) {
  BEGIN();
#if DNNL_VERSION_MAJOR >= 3
  if (forward)
    status = CONEDNN_CALL(dnnl_softmax_backward_primitive_desc_create)(
        &pd, engine, dnnl_softmax_accurate, DESCRIPTOR(data), DESCRIPTOR(data), DESCRIPTOR(data), axis,
        forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_softmax_forward_primitive_desc_create)(
        &pd, engine, dnnl_forward_training, dnnl_softmax_accurate, DESCRIPTOR(data), DESCRIPTOR(data), axis, attr);
#else
  dnnl_softmax_v2_desc_t operation;
  if (forward)
    status = CONEDNN_CALL(dnnl_softmax_v2_backward_desc_init)(&operation, dnnl_softmax_accurate, DESCRIPTOR(data),
                                                            DESCRIPTOR(data), DESCRIPTOR(data), axis);
  else
    status = CONEDNN_CALL(dnnl_softmax_v2_forward_desc_init)(&operation, dnnl_forward_training, dnnl_softmax_accurate,
                                                           DESCRIPTOR(data), DESCRIPTOR(data), axis);
  DESCRIBE(operation, forward ? forward->descriptor : NULL);
#endif
  FINISH();
}

dnnl_status_t cdnnl_batch_normalization_training_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                                        const cdnnl_primitive *forward, float epsilon,
                                                        unsigned flags, const cdnnl_layout *data,
                                                        const cdnnl_attributes *attributes) {
  const dnnl_prop_kind_t backward =
      flags & (dnnl_use_scale | dnnl_use_shift) ? dnnl_backward : dnnl_backward_data;
  BEGIN();
#if DNNL_VERSION_MAJOR >= 3
  if (forward)
    status = CONEDNN_CALL(dnnl_batch_normalization_backward_primitive_desc_create)(
        &pd, engine, backward, DESCRIPTOR(data), DESCRIPTOR(data), DESCRIPTOR(data), epsilon, flags,
        forward->descriptor, attr);
  else
    status = CONEDNN_CALL(dnnl_batch_normalization_forward_primitive_desc_create)(
        &pd, engine, dnnl_forward_training, DESCRIPTOR(data), DESCRIPTOR(data), epsilon, flags, attr);
#else
  dnnl_batch_normalization_desc_t operation;
  if (forward)
    status = CONEDNN_CALL(dnnl_batch_normalization_backward_desc_init)(&operation, backward, DESCRIPTOR(data),
                                                                     DESCRIPTOR(data), epsilon, flags);
  else
    status = CONEDNN_CALL(dnnl_batch_normalization_forward_desc_init)(&operation, dnnl_forward_training,
                                                                    DESCRIPTOR(data), epsilon, flags);
  DESCRIBE(operation, forward ? forward->descriptor : NULL);
#endif
  FINISH();
}
