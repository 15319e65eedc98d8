// Comparing each version of the kernels with the plain one.
#ifndef LEVELS_H
#define LEVELS_H

#include <stddef.h>
#include <stdint.h>

#include "CProcessor.h"

// A random number below the limit, the same ones in every run.
uint32_t below(uint32_t limit);
// Takes bytes into the digest of a level's results: it is the same for each level, on every processor.
void digest(const void *bytes, size_t count);
// Zeroed memory, aligned to 64 bytes.
void *zeros(size_t bytes);
// Ends the program with a message if the condition is false.
void require(int condition, const char *what, cp_level level);

// Each compares a level with the plain one and ends the program if they differ.

// The detector's rows and scans; returns the number of windows that passed.
int64_t scans_are_equal(cp_level level);
// Winograd's transforms; returns the number of values compared.
int64_t transforms_are_equal(cp_level level);
// Dropout; returns the number of values that were kept.
int64_t dropouts_are_equal(cp_level level);
// Batch normalization; returns the number of values compared.
int64_t normalizations_are_equal(cp_level level);
// The double convolution; returns the number of values compared.
int64_t separables_are_equal(cp_level level);
int64_t integer_separables_are_equal(cp_level level);

#endif
