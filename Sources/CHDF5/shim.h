// HDF5's C interface, with what Swift cannot import: identifiers that are macros calling H5open(). Files are only
// written with it; NetworkModel reads them with its own reader.
#include <hdf5.h>

static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_ieee_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_standard_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_standard_int64(void) { return H5T_STD_I64LE; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }

// IEEE 754 binary16, little-endian, which the library names itself only from 1.14.4 on; to be closed with H5Tclose.
// The fields are set before the size, which must hold them.
static inline hid_t chdf5_ieee_half(void) {
  hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  if (type < 0) return type;
  if (H5Tset_fields(type, 15, 10, 5, 0, 10) >= 0 && H5Tset_size(type, 2) >= 0 && H5Tset_ebias(type, 15) >= 0)
    return type;
  H5Tclose(type);
  return -1;
}

// Errors are reported by return values, not by the library's own prints.
static inline void chdf5_quiet(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
