#include <string.h>

#include "internal.h"

static dnnl_status_t allocate(cdnnl_layout **layout) {
  *layout = calloc(1, sizeof **layout);
  return *layout ? dnnl_success : dnnl_out_of_memory;
}

// Frees a layout whose descriptor could not be made.
static dnnl_status_t checked(cdnnl_layout **layout, dnnl_status_t status) {
  if (status != dnnl_success) {
    free(*layout);
    *layout = NULL;
  }
  return status;
}

dnnl_status_t cdnnl_layout_create(cdnnl_layout **layout, int rank, const int64_t *dimensions,
                                  dnnl_data_type_t type, const int64_t *strides) {
  *layout = NULL;
  if (rank < 1 || rank > DNNL_MAX_NDIMS) return dnnl_invalid_arguments;
  dnnl_dims_t sizes = {0}, steps = {0};
  memcpy(sizes, dimensions, (size_t)rank * sizeof *sizes);
  if (strides) memcpy(steps, strides, (size_t)rank * sizeof *steps);
  dnnl_status_t status = allocate(layout);
  if (status != dnnl_success) return status;
#if DNNL_VERSION_MAJOR >= 3
  status = strides ? CONEDNN_CALL(dnnl_memory_desc_create_with_strides)(&(*layout)->descriptor, rank, sizes, type, steps)
                   : CONEDNN_CALL(dnnl_memory_desc_create_with_tag)(&(*layout)->descriptor, rank, sizes, type,
                                                      dnnl_format_tag_any);
#else
  status = strides ? CONEDNN_CALL(dnnl_memory_desc_init_by_strides)(&(*layout)->descriptor, rank, sizes, type, steps)
                   : CONEDNN_CALL(dnnl_memory_desc_init_by_tag)(&(*layout)->descriptor, rank, sizes, type,
                                                  dnnl_format_tag_any);
#endif
  return checked(layout, status);
}

dnnl_status_t cdnnl_layout_create_blocked(cdnnl_layout **layout, const int64_t *dimensions, dnnl_data_type_t type,
                                          int block) {
  *layout = NULL;
  dnnl_dims_t sizes = {0};
  memcpy(sizes, dimensions, 4 * sizeof *sizes);
  const dnnl_format_tag_t tag = block == 16 ? dnnl_nChw16c : block == 8 ? dnnl_nChw8c : dnnl_format_tag_undef;
  if (tag == dnnl_format_tag_undef) return dnnl_invalid_arguments;
  dnnl_status_t status = allocate(layout);
  if (status != dnnl_success) return status;
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_memory_desc_create_with_tag)(&(*layout)->descriptor, 4, sizes, type, tag);
#else
  status = CONEDNN_CALL(dnnl_memory_desc_init_by_tag)(&(*layout)->descriptor, 4, sizes, type, tag);
#endif
  return checked(layout, status);
}

dnnl_status_t cdnnl_layout_create_part(cdnnl_layout **layout, const cdnnl_layout *whole,
                                       const int64_t *dimensions, const int64_t *offsets) {
  dnnl_status_t status = allocate(layout);
  if (status != dnnl_success) return status;
#if DNNL_VERSION_MAJOR >= 3
  status = CONEDNN_CALL(dnnl_memory_desc_create_submemory)(&(*layout)->descriptor, whole->descriptor, dimensions, offsets);
#else
  status = CONEDNN_CALL(dnnl_memory_desc_init_submemory)(&(*layout)->descriptor, &whole->descriptor, dimensions, offsets);
#endif
  return checked(layout, status);
}

void cdnnl_layout_destroy(cdnnl_layout *layout) {
  if (!layout) return;
#if DNNL_VERSION_MAJOR >= 3
  CONEDNN_CALL(dnnl_memory_desc_destroy)(layout->descriptor);
#endif
  free(layout);
}

size_t cdnnl_layout_size(const cdnnl_layout *layout) {
  return CONEDNN_CALL(dnnl_memory_desc_get_size)(DESCRIPTOR(layout));
}

int cdnnl_layout_equal(const cdnnl_layout *a, const cdnnl_layout *b) {
  return CONEDNN_CALL(dnnl_memory_desc_equal)(DESCRIPTOR(a), DESCRIPTOR(b));
}

dnnl_status_t cdnnl_memory_create(dnnl_memory_t *memory, const cdnnl_layout *layout, dnnl_engine_t engine,
                                  void *data) {
  return CONEDNN_CALL(dnnl_memory_create)(memory, DESCRIPTOR(layout), engine, data);
}

void cdnnl_memory_destroy(dnnl_memory_t memory) { CONEDNN_CALL(dnnl_memory_destroy)(memory); }

dnnl_status_t cdnnl_memory_bind(dnnl_memory_t memory, void *data) {
  return CONEDNN_CALL(dnnl_memory_set_data_handle)(memory, data);
}

cdnnl_layout *cdnnl_primitive_layout(const cdnnl_primitive *primitive, dnnl_query_t what) {
  cdnnl_layout *layout;
  if (allocate(&layout) != dnnl_success) return NULL;
#if DNNL_VERSION_MAJOR >= 3
  const_dnnl_memory_desc_t found = CONEDNN_CALL(dnnl_primitive_desc_query_md)(primitive->descriptor, what, 0);
  if (found && CONEDNN_CALL(dnnl_memory_desc_clone)(&layout->descriptor, found) == dnnl_success) {
    if (CONEDNN_CALL(dnnl_memory_desc_get_size)(layout->descriptor) > 0) return layout;
    CONEDNN_CALL(dnnl_memory_desc_destroy)(layout->descriptor);
  }
#else
  const dnnl_memory_desc_t *found = CONEDNN_CALL(dnnl_primitive_desc_query_md)(primitive->descriptor, what, 0);
  if (found && found->ndims > 0) {
    layout->descriptor = *found;
    return layout;
  }
#endif
  free(layout);
  return NULL;
}
