#include "internal.h"

#include <string.h>

dnnl_status_t cdnnl_finish(cdnnl_primitive **result, dnnl_primitive_desc_t descriptor, dnnl_engine_t engine,
                           const cdnnl_attributes *attributes) {
  cdnnl_primitive *made = calloc(1, sizeof *made);
  if (!made) {
    CONEDNN_CALL(dnnl_primitive_desc_destroy)(descriptor);
    return dnnl_out_of_memory;
  }
  made->descriptor = descriptor;
  made->parts = cdnnl_get_parts();
  dnnl_status_t status = CONEDNN_CALL(dnnl_primitive_create)(&made->primitive, descriptor);
#if DNNL_VERSION_MAJOR >= 3
  if (status == dnnl_success && attributes && attributes->scale_count > 0) {
    size_t size = (size_t)attributes->scale_count * sizeof(float);
    dnnl_dims_t dimensions = {attributes->scale_count}, strides = {1};
    dnnl_memory_desc_t layout;
    made->scales = malloc(size);
    status = made->scales ? CONEDNN_CALL(dnnl_memory_desc_create_with_strides)(&layout, 1, dimensions, dnnl_f32, strides)
                          : dnnl_out_of_memory;
    if (status == dnnl_success) {
      memcpy(made->scales, attributes->scales, size);
      status = CONEDNN_CALL(dnnl_memory_create)(&made->scale_memory, layout, engine, made->scales);
      CONEDNN_CALL(dnnl_memory_desc_destroy)(layout);
    }
  }
#else
  (void)engine;
  (void)attributes;
#endif
  if (status != dnnl_success) {
    cdnnl_primitive_destroy(made);
    return status;
  }
  *result = made;
  return dnnl_success;
}

void cdnnl_primitive_destroy(cdnnl_primitive *primitive) {
  if (!primitive) return;
  if (primitive->scale_memory) CONEDNN_CALL(dnnl_memory_destroy)(primitive->scale_memory);
  free(primitive->scales);
  if (primitive->primitive) CONEDNN_CALL(dnnl_primitive_destroy)(primitive->primitive);
  if (primitive->descriptor) CONEDNN_CALL(dnnl_primitive_desc_destroy)(primitive->descriptor);
  free(primitive);
}

const char *cdnnl_primitive_implementation(const cdnnl_primitive *primitive) {
  const char *name = NULL;
  if (CONEDNN_CALL(dnnl_primitive_desc_query)(primitive->descriptor, dnnl_query_impl_info_str, 0, &name) != dnnl_success)
    return "";
  return name;
}

static dnnl_status_t execute(const cdnnl_primitive *primitive, dnnl_stream_t stream, int count,
                             const dnnl_exec_arg_t *arguments) {
#if DNNL_VERSION_MAJOR >= 3
  if (primitive->scale_memory) {
    dnnl_exec_arg_t all[32];
    if (count < 0 || count > 31) return dnnl_invalid_arguments;
    memcpy(all, arguments, (size_t)count * sizeof *all);
    int has_weights = 0;
    for (int i = 0; i < count; i++) has_weights |= arguments[i].arg == DNNL_ARG_WEIGHTS;
    all[count].arg = DNNL_ARG_ATTR_SCALES | (has_weights ? DNNL_ARG_WEIGHTS : DNNL_ARG_SRC);
    all[count].memory = primitive->scale_memory;
    return CONEDNN_CALL(dnnl_primitive_execute)(primitive->primitive, stream, count + 1, all);
  }
#endif
  return CONEDNN_CALL(dnnl_primitive_execute)(primitive->primitive, stream, count, arguments);
}

dnnl_status_t cdnnl_primitive_execute(const cdnnl_primitive *primitive, dnnl_stream_t stream, int count,
                                      const dnnl_exec_arg_t *arguments) {
  const int parts = cdnnl_get_parts();
  if (parts == primitive->parts) return execute(primitive, stream, count, arguments);
  // One made for more parts than it is run in would leave a part of its work undone.
  cdnnl_set_parts(primitive->parts);
  const dnnl_status_t status = execute(primitive, stream, count, arguments);
  cdnnl_set_parts(parts);
  return status;
}
