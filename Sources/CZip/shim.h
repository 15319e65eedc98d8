#include <zip.h>
// libzip stands on zlib (and its Debian package brings it): compressed data sets of HDF5 need no more.
#include <zlib.h>
