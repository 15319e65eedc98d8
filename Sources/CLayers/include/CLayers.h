// What the network needs and oneDNN does not have: a convolution with fewer multiplications, and dropout.
#ifndef CLAYERS_H
#define CLAYERS_H

#include "dropout.h"
#include "winograd.h"
#endif
