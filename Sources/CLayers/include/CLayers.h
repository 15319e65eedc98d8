// Layers of the network that oneDNN lacks: Winograd's convolution, dropout, and two convolutions as one, on floats or bytes.
#ifndef CLAYERS_H
#define CLAYERS_H

#include "dropout.h"
#include "separable.h"
#include "separable_integer.h"
#include "winograd.h"
#endif
