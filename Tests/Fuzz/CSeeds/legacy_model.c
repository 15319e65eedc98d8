#include "CSeeds.h"

#include <hdf5.h>
#include <string.h>

// An attribute of `count` texts of `width` bytes each; count 0 is a single one.
static int write_texts(hid_t object, const char *name, const char *texts, size_t width, hsize_t count) {
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, width);
  hid_t space = count > 0 ? H5Screate_simple(1, &count, NULL) : H5Screate(H5S_SCALAR);
  hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  int status = H5Awrite(attribute, type, texts) < 0;
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
  return status;
}

static int write_zeros(hid_t group, const char *name, int rank, const hsize_t *shape) {
  float zeros[1024] = {0};
  hid_t space = H5Screate_simple(rank, shape, NULL);
  hid_t links = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  hid_t dataset = H5Dcreate2(group, name, H5T_IEEE_F32LE, space, links, H5P_DEFAULT, H5P_DEFAULT);
  int status = H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros) < 0;
  H5Dclose(dataset);
  H5Pclose(links);
  H5Sclose(space);
  return status;
}

int seeds_write_legacy_model(const char *path, const char *configuration, int inputs, int outputs) {
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  if (file < 0) return 1;
  int status = write_texts(file, "model_config", configuration, strlen(configuration), 0);
  hid_t weights = H5Gcreate2(file, "model_weights", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  status |= write_texts(weights, "layer_names", "flatlast", 4, 2);
  hid_t flat = H5Gcreate2(weights, "flat", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  hid_t last = H5Gcreate2(weights, "last", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  status |= write_texts(last, "weight_names", "last/kernel:0last/bias:0\0\0", 13, 2);
  hsize_t shape[2] = {(hsize_t)inputs, (hsize_t)outputs};
  status |= write_zeros(last, "last/kernel:0", 2, shape);
  status |= write_zeros(last, "last/bias:0", 1, shape + 1);
  H5Gclose(last);
  H5Gclose(flat);
  H5Gclose(weights);
  return status | (H5Fclose(file) < 0);
}
