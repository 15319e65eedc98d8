#define _GNU_SOURCE
#include "openmp.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "team.h"

_Thread_local int openmp_parts;

// What GCC calls for `#pragma omp parallel`, and the functions that such a region asks. To the library they are
// threads; here they are parts, which threads take.
static int most_parts(void) { return team_is_divided() || openmp_parts < 1 ? 1 : openmp_parts; }

static void parallel(void (*body)(void *), void *data, unsigned parts, unsigned flags) {
  (void)flags;
  team_run(body, data, parts ? (int)parts : most_parts());
}

static void set_parts(int parts) { openmp_parts = parts; }

static const struct {
  const char *name;
  void *function;
} functions[] = {
    {"GOMP_parallel", (void *)parallel},      {"GOMP_barrier", (void *)team_barrier},
    {"omp_get_max_threads", (void *)most_parts}, {"omp_get_num_threads", (void *)team_size},
    {"omp_get_thread_num", (void *)team_part}, {"omp_in_parallel", (void *)team_is_divided},
    {"omp_set_num_threads", (void *)set_parts},
};

static void *ours(const char *name) {
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
    if (!strcmp(functions[i].name, name)) return functions[i].function;
  return NULL;
}

static int is_runtime(const char *name) {
  return !strncmp(name, "GOMP_", 5) || !strncmp(name, "omp_", 4) || !strncmp(name, "__kmpc_", 7);
}

#if defined(__x86_64__) || defined(__aarch64__)

/// The tables of a loaded library that say which imported address is kept where.
struct tables {
  const ElfW(Sym) * symbols;
  const char *names;
  const ElfW(Rela) * lists[2];
  size_t counts[2];
};

static uintptr_t address(const struct link_map *map, ElfW(Addr) value) {
  // The C library has made it an address where it may write there.
  return value < map->l_addr ? map->l_addr + value : value;
}

static int read_tables(const struct link_map *map, struct tables *tables) {
  ElfW(Addr) relocations = 0, jumps = 0;
  memset(tables, 0, sizeof *tables);
  for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
    switch (entry->d_tag) {
    case DT_SYMTAB: tables->symbols = (void *)address(map, entry->d_un.d_ptr); break;
    case DT_STRTAB: tables->names = (void *)address(map, entry->d_un.d_ptr); break;
    case DT_JMPREL: jumps = entry->d_un.d_ptr; break;
    case DT_PLTRELSZ: tables->counts[0] = entry->d_un.d_val / sizeof(ElfW(Rela)); break;
    case DT_PLTREL:
      if (entry->d_un.d_val != DT_RELA) return 0;
      break;
    case DT_RELA: relocations = entry->d_un.d_ptr; break;
    case DT_RELASZ: tables->counts[1] = entry->d_un.d_val / sizeof(ElfW(Rela)); break;
    default: break;
    }
  }
  tables->lists[0] = (void *)address(map, jumps);
  tables->lists[1] = (void *)address(map, relocations);
  if (!jumps) tables->counts[0] = 0;
  if (!relocations) tables->counts[1] = 0;
  return tables->symbols && tables->names;
}

/// The part of a library that is not written to once it is loaded.
struct protection {
  ElfW(Addr) base;
  uintptr_t start;
  size_t size;
};

static int find_protection(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct protection *found = argument;
  if (info->dlpi_addr != found->base) return 0;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    if (part->p_type != PT_GNU_RELRO) continue;
    const uintptr_t first = info->dlpi_addr + part->p_vaddr, end = first + part->p_memsz;
    found->start = first & ~(page - 1);
    found->size = (end & ~(page - 1)) - found->start;
  }
  return 1;
}

int openmp_replace(void *library) {
  struct link_map *map = NULL;
  struct tables tables;
  if (dlinfo(library, RTLD_DI_LINKMAP, &map) || !map || !read_tables(map, &tables)) return 0;
  struct protection protection = {.base = map->l_addr};
  int is_found = 0;
  for (int is_writing = 0; is_writing < 2; is_writing++) {
    if (is_writing) {
      if (!is_found || !dl_iterate_phdr(find_protection, &protection)) return 0;
      if (protection.size && mprotect((void *)protection.start, protection.size, PROT_READ | PROT_WRITE)) return 0;
    }
    for (int list = 0; list < 2; list++) {
      for (size_t i = 0; i < tables.counts[list]; i++) {
        const ElfW(Rela) *entry = &tables.lists[list][i];
        const ElfW(Sym) *symbol = &tables.symbols[ELF64_R_SYM(entry->r_info)];
        const char *name = tables.names + symbol->st_name;
        if (symbol->st_shndx != SHN_UNDEF || !is_runtime(name)) continue;
        void *function = ours(name);
        if (!function) return 0;
        is_found = 1;
        if (is_writing) *(void **)(map->l_addr + entry->r_offset) = function;
      }
    }
  }
  if (protection.size) mprotect((void *)protection.start, protection.size, PROT_READ);
  return 1;
}

#else

int openmp_replace(void *library) {
  (void)library;
  return 0;
}

#endif
