// Compares each version of the kernels that this processor has with the plain one. Made for processors that the Swift
// tests do not run on: `make test-cross` runs it for ARM in an emulator, and compares the digests with this machine's.
#include "levels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state, hash;

uint32_t below(uint32_t limit) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 33) % limit;
}

// FNV-1a.
void digest(const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) hash = (hash ^ ((const uint8_t *)bytes)[i]) * 1099511628211u;
}

void *zeros(size_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
  if (!memory) exit(1);
  return memset(memory, 0, (bytes + 127) / 64 * 64);
}

void require(int condition, const char *what, cp_level level) {
  if (condition) return;
  printf("%s: %s differs from plain\n", cp_level_name(level), what);
  exit(1);
}

int main(void) {
  int failed = 0;
  for (cp_level level = CP_PLAIN + 1; level <= cp_best_level(); level++) {
    // The same inputs for each level.
    state = 88172645463325252;
    hash = 14695981039346656037u;
    // A comparison of nothing proves nothing.
    failed |= scans_are_equal(level) == 0;
    failed |= transforms_are_equal(level) == 0;
    failed |= dropouts_are_equal(level) == 0;
    failed |= normalizations_are_equal(level) == 0;
    failed |= separables_are_equal(level) == 0;
    failed |= integer_separables_are_equal(level) == 0;
    printf("%s: digest of all results: %016llx\n", cp_level_name(level), (unsigned long long)hash);
  }
  return failed;
}
