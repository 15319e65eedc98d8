#ifndef CDNNL_H
#define CDNNL_H
#include <oneapi/dnnl/dnnl.h>
#endif
