#define _GNU_SOURCE
#include "team.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// How often a thread without work looks again before it sleeps: some microseconds, from one layer to the next.
enum { LOOKS = 500 };
/// A region whose first part takes less than this many nanoseconds is not worth waking anybody for.
enum { SMALL = 5000 };

struct team {
  /// The region's number (32 bits), its parts (16) and the next one that nobody has taken (16).
  _Alignas(64) _Atomic uint64_t work;
  _Alignas(64) _Atomic uint32_t finished;
  _Alignas(64) _Atomic uint32_t calls;
  _Atomic uint32_t sleepers;
  /// Threads that may take parts, the team's own included; fewer than there are if a smaller number was asked for.
  _Atomic int active;
  _Atomic int is_closing;
  // Written while no part is taken.
  void (*body)(void *);
  void *data;
  _Alignas(64) _Atomic uint32_t arrived;
  _Atomic uint32_t passed;
  pthread_mutex_t growing;
  int count;
  pthread_t threads[TEAM_LIMIT];
};

struct member {
  struct team *team;
  int number;
};

static _Thread_local struct team *own;
static _Thread_local int wanted;
static _Thread_local int part, parts = 1;
static _Thread_local struct team *in;

static void sleep_on(_Atomic uint32_t *word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void wake(_Atomic uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int has_parts(uint64_t work) { return (work & 0xffff) < (work >> 16 & 0xffff); }

/// Does a part that nobody has taken; 0 if there is none.
static int take(struct team *team) {
  uint64_t work = atomic_load(&team->work);
  do {
    if (!has_parts(work)) return 0;
  } while (!atomic_compare_exchange_weak(&team->work, &work, work + 1));
  part = (int)(work & 0xffff);
  parts = (int)(work >> 16 & 0xffff);
  in = team;
  const int all = parts;
  team->body(team->data);
  part = 0;
  parts = 1;
  in = NULL;
  if (atomic_fetch_add(&team->finished, 1) + 1 == (uint32_t)all) wake(&team->finished, 1);
  return 1;
}

static int may_take(struct team *team, int number) {
  return number < atomic_load_explicit(&team->active, memory_order_relaxed) &&
         has_parts(atomic_load_explicit(&team->work, memory_order_relaxed));
}

static void *serve(void *argument) {
  struct member member = *(struct member *)argument;
  free(argument);
  struct team *team = member.team;
  while (!atomic_load(&team->is_closing)) {
    int look = 0;
    while (look < LOOKS && !may_take(team, member.number)) {
      pause_briefly();
      look++;
    }
    if (look < LOOKS) {
      take(team);
      continue;
    }
    const uint32_t calls = atomic_load(&team->calls);
    atomic_fetch_add(&team->sleepers, 1);
    // A region that began before this looked for sleepers and found none.
    if (!may_take(team, member.number) && !atomic_load(&team->is_closing)) sleep_on(&team->calls, calls);
    atomic_fetch_sub(&team->sleepers, 1);
  }
  return NULL;
}

static void call(struct team *team) {
  if (!atomic_load(&team->sleepers)) return;
  atomic_fetch_add(&team->calls, 1);
  wake(&team->calls, TEAM_LIMIT);
}

/// Lets the team have `threads` at least, its own included, if the system starts as many.
static void grow(struct team *team, int threads) {
  pthread_mutex_lock(&team->growing);
  // Signals are for the main thread; faults are each thread's own.
  sigset_t all, before;
  sigfillset(&all);
  const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (team->count + 1 < threads) {
    struct member *member = malloc(sizeof *member);
    if (!member) break;
    *member = (struct member){team, team->count + 1};
    if (pthread_create(&team->threads[team->count], NULL, serve, member)) {
      free(member);
      break;
    }
    team->count++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  const int there = team->count + 1;
  atomic_store(&team->active, threads < there ? threads : there);
  pthread_mutex_unlock(&team->growing);
}

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

/// The thread that began its regions ends.
static void close_team(void *argument) {
  struct team *team = argument;
  atomic_store(&team->is_closing, 1);
  atomic_fetch_add(&team->calls, 1);
  wake(&team->calls, TEAM_LIMIT);
  for (int i = 0; i < team->count; i++) pthread_join(team->threads[i], NULL);
  pthread_mutex_destroy(&team->growing);
  free(team);
}

static void make_key(void) { pthread_key_create(&key, close_team); }

static struct team *team_of_thread(void) {
  if (own) return own;
  pthread_once(&key_once, make_key);
  struct team *made = aligned_alloc(64, sizeof *made);
  if (!made) abort();
  *made = (struct team){.active = 1};
  pthread_mutex_init(&made->growing, NULL);
  pthread_setspecific(key, made);
  return own = made;
}

int team_threads(int standard) {
  if (!wanted) return team_set_threads(standard);
  return wanted;
}

int team_set_threads(int threads) {
  if (threads < 1) threads = 1;
  if (threads > TEAM_LIMIT) threads = TEAM_LIMIT;
  struct team *team = team_of_thread();
  grow(team, threads);
  return wanted = atomic_load(&team->active);
}

int team_parts(int threads) {
  if (threads <= 1) return 1;
  int count = 8;
  while (count < 4 * threads && count < TEAM_LIMIT) count *= 2;
  return count;
}

void team_run(void (*body)(void *), void *data, int count) {
  if (count <= 1 || in) {
    // Inside a region it is one part, which asks for its number as well.
    const int before = part, size = parts;
    part = 0;
    parts = 1;
    body(data);
    part = before;
    parts = size;
    return;
  }
  struct team *team = team_of_thread();
  team->body = body;
  team->data = data;
  atomic_store(&team->finished, 0);
  const uint64_t region = (atomic_load(&team->work) >> 32) + 1;
  atomic_store(&team->work, region << 32 | (uint64_t)count << 16);
  if (count <= atomic_load_explicit(&team->active, memory_order_relaxed)) {
    // They may wait for each other.
    call(team);
  } else {
    const int64_t start = nanoseconds();
    take(team);
    if (nanoseconds() - start > SMALL) call(team);
  }
  while (take(team)) {}
  for (int look = 0;; look++) {
    const uint32_t finished = atomic_load(&team->finished);
    if (finished == (uint32_t)count) return;
    if (look < LOOKS)
      pause_briefly();
    else
      sleep_on(&team->finished, finished);
  }
}

int team_part(void) { return part; }

int team_size(void) { return parts; }

int team_is_divided(void) { return parts > 1; }

void team_barrier(void) {
  struct team *team = in;
  if (!team || parts <= 1) return;
  // Each part that waits here needs a thread of its own.
  if (parts > atomic_load(&team->active)) {
    grow(team, parts);
    atomic_fetch_add(&team->calls, 1);
    wake(&team->calls, TEAM_LIMIT);
  }
  const uint32_t passed = atomic_load(&team->passed);
  if (atomic_fetch_add(&team->arrived, 1) + 1 == (uint32_t)parts) {
    atomic_store(&team->arrived, 0);
    atomic_fetch_add(&team->passed, 1);
    wake(&team->passed, TEAM_LIMIT);
    return;
  }
  for (int look = 0; atomic_load(&team->passed) == passed; look++) {
    if (look < LOOKS)
      pause_briefly();
    else
      sleep_on(&team->passed, passed);
  }
}
