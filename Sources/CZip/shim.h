#include <zip.h>
// libzip depends on zlib (and its Debian package installs it): compressed data sets of HDF5 need no more.
#include <zlib.h>
