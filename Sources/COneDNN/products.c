#include "operation.h"

#include <string.h>

// Operations that multiply with weights, forward and backward.

#if DNNL_VERSION_MAJOR < 3
// oneDNN 2.6's "brgconv" steps over the kernel's rows by its input channels rounded up to what one instruction
// multiplies (1 in f32, 2 in bf16, 4 in int8), and now and then uses another type's number: in a process that has made
// convolutions of several types, a plan of one input channel may give plainly wrong results ever after. Where the
// channels are a multiple of 4 all three are the same; others are left to the implementations that come after it.
static dnnl_status_t describe_convolution(dnnl_primitive_desc_t *result, const dnnl_convolution_desc_t *operation,
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
                                       dnnl_prop_kind_t direction, const cdnnl_primitive *forward,
                                       const cdnnl_layout *source, const cdnnl_layout *weights,
                                       const cdnnl_layout *bias, const cdnnl_layout *destination,
                                       const int64_t *strides, const int64_t *dilations,
                                       const int64_t *padding_before, const int64_t *padding_after,
                                       const cdnnl_attributes *attributes) {
  const dnnl_alg_kind_t algorithm = dnnl_convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  // Scales belong to the weights: with groups both leading dimensions make the output channel.
  int weight_rank = 0, source_rank = 0;
  CONEDNN_CALL(dnnl_memory_desc_query)(DESCRIPTOR(weights), dnnl_query_ndims_s32, &weight_rank);
  CONEDNN_CALL(dnnl_memory_desc_query)(DESCRIPTOR(source), dnnl_query_ndims_s32, &source_rank);
  BEGIN(weight_rank > source_rank ? 3 : 1);
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
  BEGIN(2);
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
    status = describe_convolution(&pd, &operation, attr, engine, HINT(forward));
#endif
  FINISH();
}

dnnl_status_t cdnnl_inner_product_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                         dnnl_prop_kind_t direction, const cdnnl_primitive *forward,
                                         const cdnnl_layout *source, const cdnnl_layout *weights,
                                         const cdnnl_layout *bias, const cdnnl_layout *destination,
                                         const cdnnl_attributes *attributes) {
#if DNNL_VERSION_MAJOR >= 3
  BEGIN(1);
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
  BEGIN(2);
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
  DESCRIBE(operation, HINT(forward));
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
  DESCRIBE(operation, NULL);
#endif
  FINISH();
}
