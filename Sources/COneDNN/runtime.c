#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "openmp.h"
#include "team.h"

struct cdnnl_functions cdnnl_functions;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char problem[256];
/// Whether the library's parallel regions run on our own threads.
static int has_team;

static void load(void) {
  // How many times an idle OpenMP thread looks again before it sleeps: some microseconds' worth, enough to go from
  // one layer to the next without a system call, unless the user has said otherwise.
  const int is_ours = !getenv("OMP_WAIT_POLICY") && !getenv("GOMP_SPINCOUNT");
  if (is_ours) setenv("GOMP_SPINCOUNT", "1000", 0);
  // The name that every version has; Debian 13's names the minor version too: libdnnl.so.3.6.
  char name[48];
  snprintf(name, sizeof name, "libdnnl.so.%d", DNNL_VERSION_MAJOR);
  void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  // The reason to give is that of this name.
  if (!library) {
    const char *error = dlerror();
    snprintf(problem, sizeof problem, "%s; it is in the Debian package libdnnl%d, or libdnnl%d with a minor version",
             error ? error : name, DNNL_VERSION_MAJOR, DNNL_VERSION_MAJOR);
  }
  for (int minor = DNNL_VERSION_MINOR + 8; !library && minor >= 0; minor--) {
    snprintf(name, sizeof name, "libdnnl.so.%d.%d", DNNL_VERSION_MAJOR, minor);
    library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  }
  if (is_ours) unsetenv("GOMP_SPINCOUNT");
  if (!library) return;
  problem[0] = 0;
#define FIND(name)                                                                         \
  *(void **)&cdnnl_functions.name##_pointer = dlsym(library, #name);                       \
  if (!cdnnl_functions.name##_pointer) {                                                   \
    snprintf(problem, sizeof problem, "libdnnl has no %s", #name);                         \
    return;                                                                                \
  }
  CONEDNN_ALL_FUNCTIONS(FIND)
  const dnnl_version_t *version = CONEDNN_CALL(dnnl_version)();
  if (version->major != DNNL_VERSION_MAJOR)
    snprintf(problem, sizeof problem, "%s is version %d.%d, not %d", name, version->major, version->minor,
             DNNL_VERSION_MAJOR);
  // Who sets those variables wants OpenMP's own threads.
  if (is_ours && !problem[0]) has_team = openmp_replace(library);
}

const char *cdnnl_load(void) {
  pthread_once(&once, load);
  return problem[0] ? problem : NULL;
}

const dnnl_version_t *cdnnl_version(void) { return CONEDNN_CALL(dnnl_version)(); }

dnnl_status_t cdnnl_engine_create(dnnl_engine_t *engine) {
  return CONEDNN_CALL(dnnl_engine_create)(engine, dnnl_cpu, 0);
}

void cdnnl_engine_destroy(dnnl_engine_t engine) { CONEDNN_CALL(dnnl_engine_destroy)(engine); }

dnnl_status_t cdnnl_stream_create(dnnl_stream_t *stream, dnnl_engine_t engine) {
  return CONEDNN_CALL(dnnl_stream_create)(stream, engine, dnnl_stream_default_flags);
}

void cdnnl_stream_destroy(dnnl_stream_t stream) { CONEDNN_CALL(dnnl_stream_destroy)(stream); }

dnnl_status_t cdnnl_stream_wait(dnnl_stream_t stream) { return CONEDNN_CALL(dnnl_stream_wait)(stream); }

int cdnnl_has_instructions(dnnl_cpu_isa_t set) {
  return ((int)CONEDNN_CALL(dnnl_get_effective_cpu_isa)() & (int)set) == (int)set;
}

int cdnnl_bias_before_scale(void) { return DNNL_VERSION_MAJOR < 3; }

// libdnnl brings libgomp (or another OpenMP) with it; its functions are looked up, so that the tool does not
// depend on which. They are called around layers: looked up once.
static void (*set_threads)(int);
static int (*get_threads)(void);
static int (*thread_limit)(void);
// The entry that compilers call for a parallel region; libgomp's own name, which LLVM's OpenMP has too.
static void (*parallel_region)(void (*)(void *), void *, unsigned, unsigned);
static int (*region_part)(void);
static int (*region_size)(void);
static pthread_once_t threads_once = PTHREAD_ONCE_INIT;
/// How many threads OpenMP would use (OMP_NUM_THREADS, or the processors).
static int standard_threads = 1;

static int usable(int count) {
  if (has_team && count > TEAM_LIMIT) count = TEAM_LIMIT;
  return thread_limit && count > thread_limit() ? thread_limit() : count;
}

static void find_openmp(void) {
  cdnnl_load();
  *(void **)&set_threads = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  *(void **)&get_threads = dlsym(RTLD_DEFAULT, "omp_get_max_threads");
  *(void **)&thread_limit = dlsym(RTLD_DEFAULT, "omp_get_thread_limit");
  *(void **)&parallel_region = dlsym(RTLD_DEFAULT, "GOMP_parallel");
  *(void **)&region_part = dlsym(RTLD_DEFAULT, "omp_get_thread_num");
  *(void **)&region_size = dlsym(RTLD_DEFAULT, "omp_get_num_threads");
  if (get_threads) standard_threads = usable(get_threads());
  if (has_team) {
    parallel_region = NULL;
    region_part = team_part;
    region_size = team_size;
  }
}

int cdnnl_usable_threads(int count) {
  pthread_once(&threads_once, find_openmp);
  return usable(count);
}

int cdnnl_set_threads(int count) {
  pthread_once(&threads_once, find_openmp);
  if (has_team) {
    openmp_parts = team_parts(team_set_threads(cdnnl_usable_threads(count)));
    return 1;
  }
  if (!set_threads) return 0;
  set_threads(cdnnl_usable_threads(count));
  return 1;
}

int cdnnl_get_threads(void) {
  pthread_once(&threads_once, find_openmp);
  if (has_team) {
    // A part is done by one thread, which has no team.
    if (team_is_divided()) return 1;
    const int threads = team_threads(standard_threads);
    if (!openmp_parts) openmp_parts = team_parts(threads);
    return threads;
  }
  return get_threads ? get_threads() : 1;
}

int cdnnl_get_parts(void) {
  const int threads = cdnnl_get_threads();
  return has_team && !team_is_divided() ? openmp_parts : threads;
}

void cdnnl_set_parts(int parts) {
  pthread_once(&threads_once, find_openmp);
  if (has_team)
    openmp_parts = parts;
  else if (set_threads)
    set_threads(parts);
}

struct region {
  cdnnl_work work;
  void *context;
};

static void run_region(void *data) {
  const struct region *region = data;
  region->work(region->context, region_part(), region_size());
}

void cdnnl_parallel(cdnnl_work work, void *context, int threads) {
  pthread_once(&threads_once, find_openmp);
  struct region region = {work, context};
  if (has_team)
    team_run(run_region, &region, threads > 0 ? team_parts(threads) : cdnnl_get_parts());
  else if (!parallel_region || !region_part || !region_size || threads == 1)
    work(context, 0, 1);
  else
    parallel_region(run_region, &region, (unsigned)threads, 0);
}
