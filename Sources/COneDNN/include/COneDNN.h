#ifndef CONEDNN_H
#define CONEDNN_H

// libdnnl is not linked but loaded (functions.h says why): call cdnnl_load first, and no dnnl_ function directly.
//
// One face over oneDNN's two C APIs. In 2.x a memory descriptor is a plain struct, an operation is described
// first (…_desc_init) and made into a primitive descriptor afterwards; in 3.x descriptors are opaque handles and
// primitive descriptors are made in one call. Everything that differs is hidden behind the types below; what is
// the same in both (engines, streams, memories, enumerations) is used as it is.

#include <oneapi/dnnl/dnnl.h>
#include <stddef.h>
#include <stdint.h>

/// Loads the library once for the process; NULL, or what went wrong. Everything below needs it to have succeeded.
const char *cdnnl_load(void);

dnnl_status_t cdnnl_engine_create(dnnl_engine_t *engine);
void cdnnl_engine_destroy(dnnl_engine_t engine);
dnnl_status_t cdnnl_stream_create(dnnl_stream_t *stream, dnnl_engine_t engine);
void cdnnl_stream_destroy(dnnl_stream_t stream);
dnnl_status_t cdnnl_stream_wait(dnnl_stream_t stream);

/// How the elements of a tensor lie in memory: owns one memory descriptor.
typedef struct cdnnl_layout cdnnl_layout;

/// `strides` counts elements; NULL leaves the format to the library (format kind "any").
dnnl_status_t cdnnl_layout_create(cdnnl_layout **layout, int rank, const int64_t *dimensions,
                                  dnnl_data_type_t type, const int64_t *strides);
/// Four `dimensions` with blocks of 8 or 16 channels side by side, the last filled up with zeros.
dnnl_status_t cdnnl_layout_create_blocked(cdnnl_layout **layout, const int64_t *dimensions, dnnl_data_type_t type,
                                          int block);
/// The box of `dimensions` that begins at `offsets` inside `whole`, in the same memory.
dnnl_status_t cdnnl_layout_create_part(cdnnl_layout **layout, const cdnnl_layout *whole,
                                       const int64_t *dimensions, const int64_t *offsets);
void cdnnl_layout_destroy(cdnnl_layout *layout);
/// Bytes that a tensor of this layout occupies, the library's own padding included.
size_t cdnnl_layout_size(const cdnnl_layout *layout);
int cdnnl_layout_equal(const cdnnl_layout *a, const cdnnl_layout *b);

/// A memory of this layout at `data` (not owned; may be NULL and set later).
dnnl_status_t cdnnl_memory_create(dnnl_memory_t *memory, const cdnnl_layout *layout, dnnl_engine_t engine,
                                  void *data);

void cdnnl_memory_destroy(dnnl_memory_t memory);
dnnl_status_t cdnnl_memory_bind(dnnl_memory_t memory, void *data);

/// What is done to a primitive's result before it is stored.
typedef enum { cdnnl_post_eltwise, cdnnl_post_sum } cdnnl_post_kind;
typedef struct {
  cdnnl_post_kind kind;
  // eltwise
  dnnl_alg_kind_t algorithm;
  float alpha, beta;
} cdnnl_post_op;

/// Attributes of a primitive. The scratchpad is always the caller's.
typedef struct {
  int post_op_count;
  const cdnnl_post_op *post_ops;
  // int8: factors of the integer sum, one or one for each output channel; none if 0.
  int scale_count;
  const float *scales;
} cdnnl_attributes;

/// A primitive and its descriptor.
typedef struct cdnnl_primitive cdnnl_primitive;

// `forward` is the forward primitive that a backward one belongs to, else NULL. The layouts of a backward primitive are
// those of the gradients, in the same places. `direction` is dnnl_forward_inference or dnnl_forward_training, and for
// operations with weights dnnl_backward_data or dnnl_backward_weights for a backward primitive.
dnnl_status_t cdnnl_convolution_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                       dnnl_prop_kind_t direction, const cdnnl_primitive *forward,
                                       const cdnnl_layout *source, const cdnnl_layout *weights,
                                       const cdnnl_layout *bias, const cdnnl_layout *destination,
                                       const int64_t *strides, const int64_t *dilations,
                                       const int64_t *padding_before, const int64_t *padding_after,
                                       const cdnnl_attributes *attributes);
dnnl_status_t cdnnl_inner_product_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                         dnnl_prop_kind_t direction, const cdnnl_primitive *forward,
                                         const cdnnl_layout *source, const cdnnl_layout *weights,
                                         const cdnnl_layout *bias, const cdnnl_layout *destination,
                                         const cdnnl_attributes *attributes);
/// Products of matrices, one for each index of the leading dimension.
dnnl_status_t cdnnl_matmul_create(cdnnl_primitive **primitive, dnnl_engine_t engine, const cdnnl_layout *source,
                                  const cdnnl_layout *weights, const cdnnl_layout *destination,
                                  const cdnnl_attributes *attributes);
dnnl_status_t cdnnl_pooling_create(cdnnl_primitive **primitive, dnnl_engine_t engine, dnnl_prop_kind_t direction,
                                   const cdnnl_primitive *forward, dnnl_alg_kind_t algorithm,
                                   const cdnnl_layout *source, const cdnnl_layout *destination,
                                   const int64_t *strides, const int64_t *kernel,
                                   const int64_t *padding_before, const int64_t *padding_after,
                                   const cdnnl_attributes *attributes);
/// Data and gradients share one layout, here and below.
dnnl_status_t cdnnl_eltwise_create(cdnnl_primitive **primitive, dnnl_engine_t engine, dnnl_prop_kind_t direction,
                                   const cdnnl_primitive *forward, dnnl_alg_kind_t algorithm, float alpha,
                                   float beta, const cdnnl_layout *data,
                                   const cdnnl_attributes *attributes);
dnnl_status_t cdnnl_softmax_create(cdnnl_primitive **primitive, dnnl_engine_t engine, dnnl_prop_kind_t direction,
                                   const cdnnl_primitive *forward, int axis, const cdnnl_layout *data,
                                   const cdnnl_attributes *attributes);
/// Normalization at inference. `flags`: dnnl_normalization_flags_t.
dnnl_status_t cdnnl_batch_normalization_create(cdnnl_primitive **primitive, dnnl_engine_t engine, float epsilon,
                                               unsigned flags, const cdnnl_layout *data,
                                               const cdnnl_attributes *attributes);
dnnl_status_t cdnnl_binary_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                  dnnl_alg_kind_t algorithm, const cdnnl_layout *source0,
                                  const cdnnl_layout *source1, const cdnnl_layout *destination,
                                  const cdnnl_attributes *attributes);
dnnl_status_t cdnnl_concat_create(cdnnl_primitive **primitive, dnnl_engine_t engine, int axis, int count,
                                  const cdnnl_layout *const *sources, const cdnnl_attributes *attributes);
dnnl_status_t cdnnl_reorder_create(cdnnl_primitive **primitive, dnnl_engine_t engine,
                                   const cdnnl_layout *source, const cdnnl_layout *destination,
                                   const cdnnl_attributes *attributes);

void cdnnl_primitive_destroy(cdnnl_primitive *primitive);
/// The layout that the library chose (`dnnl_query_src_md`, `dnnl_query_scratchpad_md`…), to be destroyed by the
/// caller; NULL if the primitive has no such memory.
cdnnl_layout *cdnnl_primitive_layout(const cdnnl_primitive *primitive, dnnl_query_t what);
/// The implementation's name ("jit:avx2", "gemm:jit"…), for profiles; valid as long as the primitive.
const char *cdnnl_primitive_implementation(const cdnnl_primitive *primitive);
dnnl_status_t cdnnl_primitive_execute(const cdnnl_primitive *primitive, dnnl_stream_t stream, int count,
                                      const dnnl_exec_arg_t *arguments);

/// Whether the library uses all of these instructions here (both versions number the sets so that a set's bits are
/// within those of the sets that contain it).
int cdnnl_has_instructions(dnnl_cpu_isa_t set);
/// The library's version; only after it was loaded.
const dnnl_version_t *cdnnl_version(void);
/// Whether an integer sum has its bias added before it is scaled (2.x) or after (3.x).
int cdnnl_bias_before_scale(void);

/// Sets how many threads run this thread's primitives, if that many may run; 0 if the library runs them on one only.
int cdnnl_set_threads(int count);
/// The most of `count` threads that may run: 64, or what OpenMP lets run (OMP_THREAD_LIMIT).
int cdnnl_usable_threads(int count);
/// How many threads run this thread's primitives: at first as many as OpenMP would use (OMP_NUM_THREADS).
int cdnnl_get_threads(void);
/// Into how many parts this thread's primitives are divided: several times as many as there are threads, which take
/// one after the other, so that a slow thread does not hold up the others. On OpenMP's own threads as many as those.
int cdnnl_get_parts(void);
/// Sets it until the number of threads is set, or for primitives that are made from now: each is run in as many parts as
/// it was made for. Those whose parts wait for each other must not have more of them than there are threads.
void cdnnl_set_parts(int parts);
/// Part `part` of `parts` of some work.
typedef void (*cdnnl_work)(void *context, int part, int parts);
/// Does all parts of the work on the threads that run primitives, so that no second set of threads takes their time:
/// in parts enough for `threads` of them, or with 0 in as many as primitives have. Parts must not wait for each other.
void cdnnl_parallel(cdnnl_work work, void *context, int threads);

// Constants that Swift does not import (macros).
enum {
  cdnnl_arg_source = DNNL_ARG_SRC,
  cdnnl_arg_source_1 = DNNL_ARG_SRC_1,
  cdnnl_arg_destination = DNNL_ARG_DST,
  cdnnl_arg_weights = DNNL_ARG_WEIGHTS,
  cdnnl_arg_bias = DNNL_ARG_BIAS,
  cdnnl_arg_mean = DNNL_ARG_MEAN,
  cdnnl_arg_variance = DNNL_ARG_VARIANCE,
  cdnnl_arg_scale = DNNL_ARG_SCALE,
  cdnnl_arg_shift = DNNL_ARG_SHIFT,
  cdnnl_arg_scratchpad = DNNL_ARG_SCRATCHPAD,
  cdnnl_arg_multiple_source = DNNL_ARG_MULTIPLE_SRC,
  cdnnl_arg_workspace = DNNL_ARG_WORKSPACE,
  cdnnl_arg_source_gradient = DNNL_ARG_DIFF_SRC,
  cdnnl_arg_destination_gradient = DNNL_ARG_DIFF_DST,
  cdnnl_arg_weights_gradient = DNNL_ARG_DIFF_WEIGHTS,
  cdnnl_arg_bias_gradient = DNNL_ARG_DIFF_BIAS,
};
#endif
