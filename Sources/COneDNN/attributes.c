#include "internal.h"

static dnnl_status_t append(dnnl_post_ops_t list, const cdnnl_post_op *operation) {
  switch (operation->kind) {
    case cdnnl_post_eltwise:
#if DNNL_VERSION_MAJOR >= 3
      return CONEDNN_CALL(dnnl_post_ops_append_eltwise)(list, operation->algorithm, operation->alpha, operation->beta);
#else
      return CONEDNN_CALL(dnnl_post_ops_append_eltwise)(list, 1.0f, operation->algorithm, operation->alpha, operation->beta);
#endif
    case cdnnl_post_sum:
#if DNNL_VERSION_MAJOR >= 3
      return CONEDNN_CALL(dnnl_post_ops_append_sum)(list, 1.0f, 0, dnnl_data_type_undef);
#else
      return CONEDNN_CALL(dnnl_post_ops_append_sum)(list, 1.0f);
#endif
  }
  return dnnl_invalid_arguments;
}

dnnl_status_t cdnnl_make_attributes(dnnl_primitive_attr_t *result, const cdnnl_attributes *attributes,
                                    int scales_mask) {
  dnnl_post_ops_t list = NULL;
  dnnl_status_t status = CONEDNN_CALL(dnnl_primitive_attr_create)(result);
  if (status != dnnl_success) return status;
  status = CONEDNN_CALL(dnnl_primitive_attr_set_scratchpad_mode)(*result, dnnl_scratchpad_mode_user);
  if (status == dnnl_success && attributes && attributes->post_op_count > 0) {
    status = CONEDNN_CALL(dnnl_post_ops_create)(&list);
    for (int i = 0; status == dnnl_success && i < attributes->post_op_count; i++)
      status = append(list, &attributes->post_ops[i]);
    if (status == dnnl_success) status = CONEDNN_CALL(dnnl_primitive_attr_set_post_ops)(*result, list);
    if (list) CONEDNN_CALL(dnnl_post_ops_destroy)(list);
  }
  if (status == dnnl_success && attributes && attributes->scale_count > 0) {
    int mask = attributes->scale_count > 1 ? scales_mask : 0;
#if DNNL_VERSION_MAJOR >= 3
    // Tied to the weights where there are any (mask over their output channels), else to the source.
    status = CONEDNN_CALL(dnnl_primitive_attr_set_scales_mask)(*result, scales_mask ? DNNL_ARG_WEIGHTS : DNNL_ARG_SRC, mask);
#else
    status = CONEDNN_CALL(dnnl_primitive_attr_set_output_scales)(*result, attributes->scale_count, mask, attributes->scales);
#endif
  }
  if (status != dnnl_success) {
    CONEDNN_CALL(dnnl_primitive_attr_destroy)(*result);
    *result = NULL;
  }
  return status;
}
