// Layers of the network that oneDNN lacks, or whose results depend on the number of threads there: Winograd's convolution,
// dropout, batch normalization in training, and two convolutions as one, on floats or bytes.
#ifndef CLAYERS_H
#define CLAYERS_H

#include "dropout.h"
#include "normalization.h"
#include "separable.h"
#include "separable_integer.h"
#include "winograd.h"
#endif
