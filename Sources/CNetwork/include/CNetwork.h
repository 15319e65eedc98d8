// What the network needs and oneDNN does not have: a convolution with fewer multiplications, and dropout.
#ifndef CNETWORK_H
#define CNETWORK_H

#include "dropout.h"
#include "winograd.h"
#endif
