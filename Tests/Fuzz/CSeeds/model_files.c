#include "CSeeds.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

static hid_t create_file(const char *path, unsigned layout) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (layout & SEEDS_NEW_HEADERS) H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Pclose(access);
  return file;
}

// An attribute of `count` texts of `width` bytes each, filled up with zeros; count 0 is a single one.
static int write_texts(hid_t object, const char *name, const char *texts, size_t width, hsize_t count,
                       unsigned layout) {
  enum { most = 4 };
  char *copies[most] = {0};
  const size_t number = count > 0 ? (size_t)count : 1;
  if (number > most) return 1;
  for (size_t index = 0; index < number; index++) copies[index] = strndup(texts + index * width, width);
  const int is_variable = (layout & SEEDS_VARIABLE_TEXTS) != 0;
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, is_variable ? H5T_VARIABLE : width);
  hid_t space = count > 0 ? H5Screate_simple(1, &count, NULL) : H5Screate(H5S_SCALAR);
  hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  int status = H5Awrite(attribute, type, is_variable ? (const void *)copies : texts) < 0;
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
  for (size_t index = 0; index < number; index++) free(copies[index]);
  return status;
}

static int write_zeros(hid_t group, const char *name, int rank, const hsize_t *shape, unsigned layout) {
  static const float zeros[1024];
  hsize_t chunk[H5S_MAX_RANK], count = 1;
  for (int side = 0; side < rank; side++) {
    chunk[side] = shape[side] < 4 ? shape[side] : 4;
    count *= shape[side];
  }
  if (count > sizeof zeros / sizeof *zeros) return 1;
  hid_t space = H5Screate_simple(rank, shape, NULL);
  hid_t links = H5Pcreate(H5P_LINK_CREATE), creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  if (layout & SEEDS_CHUNKED) {
    H5Pset_chunk(creation, rank, chunk);
    H5Pset_shuffle(creation);
    H5Pset_deflate(creation, 6);
  }
  hid_t dataset = H5Dcreate2(group, name, H5T_IEEE_F32LE, space, links, creation, H5P_DEFAULT);
  int status = H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros) < 0;
  H5Dclose(dataset);
  H5Pclose(creation);
  H5Pclose(links);
  H5Sclose(space);
  return status;
}

int seeds_write_legacy_model(const char *path, const char *configuration, int inputs, int outputs, unsigned layout) {
  hid_t file = create_file(path, layout);
  if (file < 0) return 1;
  int status = write_texts(file, "model_config", configuration, strlen(configuration), 0, layout);
  hid_t weights = H5Gcreate2(file, "model_weights", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  status |= write_texts(weights, "layer_names", "flatlast", 4, 2, layout);
  hid_t flat = H5Gcreate2(weights, "flat", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  hid_t last = H5Gcreate2(weights, "last", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  status |= write_texts(last, "weight_names", "last/kernel:0last/bias:0\0\0", 13, 2, layout);
  hsize_t shape[2] = {(hsize_t)inputs, (hsize_t)outputs};
  status |= write_zeros(last, "last/kernel:0", 2, shape, layout);
  status |= write_zeros(last, "last/bias:0", 1, shape + 1, layout);
  H5Gclose(last);
  H5Gclose(flat);
  H5Gclose(weights);
  return status | (H5Fclose(file) < 0);
}

int seeds_write_weights(const char *path, const char *table, unsigned layout) {
  hid_t file = create_file(path, layout);
  if (file < 0) return 1;
  char *text = strdup(table), *rest = NULL;
  int status = 0;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    char *name = strsep(&line, " ");
    hsize_t shape[H5S_MAX_RANK];
    int rank = 0;
    while (line && rank < H5S_MAX_RANK) shape[rank++] = strtoull(strsep(&line, " "), NULL, 10);
    status |= write_zeros(file, name, rank, shape, layout);
  }
  free(text);
  return status | (H5Fclose(file) < 0);
}
