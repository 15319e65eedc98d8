#include "CAllocationCounter.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

// The C library's own, by the names under which it lets itself be replaced.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static atomic_uintptr_t watched[2];
static atomic_long counted;
// Held while somebody counts: tests of several suites run at once.
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

uintptr_t counting_thread(void) { return (uintptr_t)pthread_self(); }

void counting_begin(uintptr_t first, uintptr_t second) {
  pthread_mutex_lock(&counting);
  atomic_store(&counted, 0);
  atomic_store(&watched[0], first);
  atomic_store(&watched[1], second);
}

long counting_end(void) {
  atomic_store(&watched[0], 0);
  atomic_store(&watched[1], 0);
  const long result = atomic_load(&counted);
  pthread_mutex_unlock(&counting);
  return result;
}

static void note(void) {
  const uintptr_t first = atomic_load_explicit(&watched[0], memory_order_relaxed);
  const uintptr_t second = atomic_load_explicit(&watched[1], memory_order_relaxed);
  if (!(first | second)) return;
  const uintptr_t own = counting_thread();
  if (own == first || own == second) atomic_fetch_add_explicit(&counted, 1, memory_order_relaxed);
}

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  note();
  return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  note();
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}
