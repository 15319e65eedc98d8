// Layers of the network that oneDNN lacks: Winograd's convolution, and dropout.
#ifndef CLAYERS_H
#define CLAYERS_H

#include "dropout.h"
#include "winograd.h"
#endif
