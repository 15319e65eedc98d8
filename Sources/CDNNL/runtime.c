#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

#include "internal.h"

int cdnnl_instruction_set(void) { return (int)dnnl_get_effective_cpu_isa(); }

const char *cdnnl_version(void) {
  static _Thread_local char text[32];
  const dnnl_version_t *version = dnnl_version();
  snprintf(text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
  return text;
}

// libdnnl brings libgomp (or another OpenMP) with it; its functions are looked up, so that the tool does not
// depend on which.
int cdnnl_set_threads(int count) {
  void (*set)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (!set) return 0;
  set(count);
  return 1;
}

int cdnnl_get_threads(void) {
  int (*get)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "omp_get_max_threads");
  return get ? get() : 1;
}
