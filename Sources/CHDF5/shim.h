// HDF5's C interface, with what Swift cannot import: identifiers that are macros calling H5open(), and functions
// whose names are macros that differ between 1.10, 1.12 and 1.14.
#include <hdf5.h>
#include <stdlib.h>

static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_ieee_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_standard_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_standard_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline size_t chdf5_variable_length(void) { return H5T_VARIABLE; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }

// The kind of a link: H5L_TYPE_HARD, H5L_TYPE_SOFT, H5L_TYPE_EXTERNAL…; H5L_TYPE_ERROR if there is none.
static inline H5L_type_t chdf5_link_type(hid_t group, const char *name) {
  H5L_info_t info;
  if (H5Lexists(group, name, H5P_DEFAULT) <= 0) return H5L_TYPE_ERROR;
  return H5Lget_info(group, name, &info, H5P_DEFAULT) < 0 ? H5L_TYPE_ERROR : info.type;
}

static inline hid_t chdf5_open_object(hid_t group, const char *name) {
  return H5Oopen(group, name, H5P_DEFAULT);
}

// Frees the strings that H5Aread or H5Dread allocated.
static inline void chdf5_reclaim(hid_t type, hid_t space, void *buffer) {
#if H5_VERSION_GE(1, 12, 0)
  H5Treclaim(type, space, H5P_DEFAULT, buffer);
#else
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, buffer);
#endif
}

// Lets the core driver read a file's bytes where they lie. Without these callbacks the library copies them twice.
static inline void *chdf5_image_malloc(size_t size, H5FD_file_image_op_t operation, void *base) {
  (void)size;
  (void)operation;
  return base;
}
static inline void *chdf5_image_copy(void *target, const void *source, size_t size, H5FD_file_image_op_t operation,
                                     void *base) {
  (void)source;
  (void)size;
  (void)operation;
  (void)base;
  return target;
}
static inline herr_t chdf5_image_free(void *image, H5FD_file_image_op_t operation, void *base) {
  (void)image;
  (void)operation;
  (void)base;
  return 0;
}
static inline void *chdf5_image_user_copy(void *base) { return base; }
static inline herr_t chdf5_image_user_free(void *base) {
  (void)base;
  return 0;
}
static inline herr_t chdf5_set_image(hid_t access, void *base, size_t size) {
  H5FD_file_image_callbacks_t callbacks = {chdf5_image_malloc, chdf5_image_copy,      NULL,
                                           chdf5_image_free,   chdf5_image_user_copy, chdf5_image_user_free,
                                           base};
  herr_t status = H5Pset_fapl_core(access, 1 << 16, 0);
  if (status >= 0) status = H5Pset_file_image_callbacks(access, &callbacks);
  return status >= 0 ? H5Pset_file_image(access, base, size) : status;
}

// Errors are reported by return values, not by the library's own prints; filter plug-ins are code, and stay out.
static inline void chdf5_quiet(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5PLset_loading_state(0);
}
