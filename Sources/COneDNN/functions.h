#ifndef CONEDNN_FUNCTIONS_H
#define CONEDNN_FUNCTIONS_H

// libdnnl is loaded when the first engine is made, not linked, for two reasons. libgomp, which comes with it, reads
// once, when it is loaded, how long an idle thread spins before it sleeps; its default (milliseconds) makes five
// processes on two cores take each other's time, and only before loading can that be changed. And a tool that is
// asked for its version need not load 40 MB.
//
// The table below holds the library's functions; macros send the usual names there.

#include "COneDNN.h"

#if DNNL_VERSION_MAJOR >= 3
#define CONEDNN_VERSION_FUNCTIONS(X)                                                         \
  X(dnnl_batch_normalization_forward_primitive_desc_create)                                \
  X(dnnl_binary_primitive_desc_create)                                                     \
  X(dnnl_convolution_backward_data_primitive_desc_create)                                  \
  X(dnnl_convolution_backward_weights_primitive_desc_create)                               \
  X(dnnl_convolution_forward_primitive_desc_create)                                        \
  X(dnnl_eltwise_backward_primitive_desc_create)                                           \
  X(dnnl_eltwise_forward_primitive_desc_create)                                            \
  X(dnnl_inner_product_backward_data_primitive_desc_create)                                \
  X(dnnl_inner_product_backward_weights_primitive_desc_create)                             \
  X(dnnl_inner_product_forward_primitive_desc_create)                                      \
  X(dnnl_matmul_primitive_desc_create)                                                     \
  X(dnnl_memory_desc_clone)                                                                \
  X(dnnl_memory_desc_create_submemory)                                                     \
  X(dnnl_memory_desc_create_with_strides)                                                  \
  X(dnnl_memory_desc_create_with_tag)                                                      \
  X(dnnl_memory_desc_destroy)                                                              \
  X(dnnl_memory_desc_query)                                                                \
  X(dnnl_pooling_backward_primitive_desc_create)                                           \
  X(dnnl_pooling_forward_primitive_desc_create)                                            \
  X(dnnl_primitive_attr_set_scales_mask)                                                   \
  X(dnnl_softmax_backward_primitive_desc_create)                                           \
  X(dnnl_softmax_forward_primitive_desc_create)
#else
#define CONEDNN_VERSION_FUNCTIONS(X)                                                         \
  X(dnnl_batch_normalization_forward_desc_init)                                            \
  X(dnnl_binary_desc_init)                                                                 \
  X(dnnl_dilated_convolution_backward_data_desc_init)                                      \
  X(dnnl_dilated_convolution_backward_weights_desc_init)                                   \
  X(dnnl_dilated_convolution_forward_desc_init)                                            \
  X(dnnl_eltwise_backward_desc_init)                                                       \
  X(dnnl_eltwise_forward_desc_init)                                                        \
  X(dnnl_inner_product_backward_data_desc_init)                                            \
  X(dnnl_inner_product_backward_weights_desc_init)                                         \
  X(dnnl_inner_product_forward_desc_init)                                                  \
  X(dnnl_matmul_desc_init)                                                                 \
  X(dnnl_memory_desc_init_by_strides)                                                      \
  X(dnnl_memory_desc_init_by_tag)                                                          \
  X(dnnl_memory_desc_init_submemory)                                                       \
  X(dnnl_pooling_v2_backward_desc_init)                                                    \
  X(dnnl_pooling_v2_forward_desc_init)                                                     \
  X(dnnl_primitive_attr_set_output_scales)                                                 \
  X(dnnl_primitive_desc_create)                                                            \
  X(dnnl_primitive_desc_iterator_create)                                                   \
  X(dnnl_primitive_desc_iterator_destroy)                                                  \
  X(dnnl_primitive_desc_iterator_fetch)                                                    \
  X(dnnl_primitive_desc_iterator_next)                                                     \
  X(dnnl_softmax_v2_backward_desc_init)                                                    \
  X(dnnl_softmax_v2_forward_desc_init)
#endif

#define CONEDNN_ALL_FUNCTIONS(X)                                                             \
  CONEDNN_VERSION_FUNCTIONS(X)                                                               \
  X(dnnl_concat_primitive_desc_create)                                                     \
  X(dnnl_engine_create)                                                                    \
  X(dnnl_engine_destroy)                                                                   \
  X(dnnl_get_effective_cpu_isa)                                                            \
  X(dnnl_memory_create)                                                                    \
  X(dnnl_memory_desc_equal)                                                                \
  X(dnnl_memory_desc_get_size)                                                             \
  X(dnnl_memory_destroy)                                                                   \
  X(dnnl_memory_set_data_handle)                                                           \
  X(dnnl_post_ops_append_eltwise)                                                          \
  X(dnnl_post_ops_append_sum)                                                              \
  X(dnnl_post_ops_create)                                                                  \
  X(dnnl_post_ops_destroy)                                                                 \
  X(dnnl_primitive_attr_create)                                                            \
  X(dnnl_primitive_attr_destroy)                                                           \
  X(dnnl_primitive_attr_set_post_ops)                                                      \
  X(dnnl_primitive_attr_set_scratchpad_mode)                                               \
  X(dnnl_primitive_create)                                                                 \
  X(dnnl_primitive_desc_destroy)                                                           \
  X(dnnl_primitive_desc_query)                                                             \
  X(dnnl_primitive_desc_query_md)                                                          \
  X(dnnl_primitive_destroy)                                                                \
  X(dnnl_primitive_execute)                                                                \
  X(dnnl_reorder_primitive_desc_create)                                                    \
  X(dnnl_stream_create)                                                                    \
  X(dnnl_stream_destroy)                                                                   \
  X(dnnl_stream_wait)                                                                      \
  X(dnnl_version)

#define CONEDNN_MEMBER(name) __typeof__(&name) name##_pointer;
extern struct cdnnl_functions {
  CONEDNN_ALL_FUNCTIONS(CONEDNN_MEMBER)
} cdnnl_functions;
#undef CONEDNN_MEMBER

#define CONEDNN_CALL(name) (*cdnnl_functions.name##_pointer)
#endif
