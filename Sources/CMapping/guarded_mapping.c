#include "guarded_mapping.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/// What a mapping's start is while it is made or ended: an address that nothing is mapped at.
static const uintptr_t nowhere = 1;

static struct {
  uintptr_t start;  // 0: free
  size_t length;
} mappings[HOPSCOPE_MOST_MAPPINGS];

int hopscope_lost[HOPSCOPE_MOST_MAPPINGS];

static struct sigaction previous_action;
static pthread_once_t watching = PTHREAD_ONCE_INIT;

/// The mapping that an address lies in, and where that ends; -1 if it lies in none.
///
/// The thread that fails is the one that has the mapping, so that this one stays as it is meanwhile; others may not.
static int mapping_at(uintptr_t address, uintptr_t *end) {
  for (int number = 0; number < HOPSCOPE_MOST_MAPPINGS; number++) {
    uintptr_t start = __atomic_load_n(&mappings[number].start, __ATOMIC_ACQUIRE);
    size_t length = __atomic_load_n(&mappings[number].length, __ATOMIC_ACQUIRE);
    if (start != __atomic_load_n(&mappings[number].start, __ATOMIC_ACQUIRE)) continue;
    if (start <= nowhere || address < start || address - start >= length) continue;
    *end = start + length;
    return number;
  }
  return -1;
}

/// Calls only what a signal handler may: `mmap` is one call of the system.
static void on_bus_error(int signal_number, siginfo_t *info, void *context) {
  (void)context;
  int errno_before = errno;
  uintptr_t end = 0;
  // What another process sends has no address.
  int was_sent = info->si_code <= 0;
  int number = was_sent ? -1 : mapping_at((uintptr_t)info->si_addr, &end);
  if (number >= 0) {
    uintptr_t page = (uintptr_t)info->si_addr & ~((uintptr_t)getpagesize() - 1);
    void *zeros = mmap((void *)page, end - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == MAP_FAILED) number = -1;
  }
  if (number >= 0) {
    __atomic_store_n(&hopscope_lost[number], 1, __ATOMIC_RELAXED);
  } else {
    // The instruction is tried again and fails again, now before the eyes of who was there first.
    sigaction(signal_number, &previous_action, NULL);
    if (was_sent) raise(signal_number);
  }
  errno = errno_before;
}

static void watch(void) {
  struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &previous_action);
}

/// A number that no mapping has, taken; -1 if there is none.
static int take_number(void) {
  for (int number = 0; number < HOPSCOPE_MOST_MAPPINGS; number++) {
    uintptr_t free = 0;
    if (__atomic_compare_exchange_n(
            &mappings[number].start, &free, nowhere, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return number;
  }
  return -1;
}

int hopscope_map(int file, int64_t offset, size_t length, const void **start) {
  pthread_once(&watching, watch);
  int number = take_number();
  if (number < 0) return -1;
  void *mapped = mmap(NULL, length, PROT_READ, MAP_PRIVATE, file, (off_t)offset);
  if (mapped == MAP_FAILED) {
    __atomic_store_n(&mappings[number].start, 0, __ATOMIC_RELEASE);
    return -1;
  }
  __atomic_store_n(&hopscope_lost[number], 0, __ATOMIC_RELAXED);
  __atomic_store_n(&mappings[number].length, length, __ATOMIC_RELAXED);
  __atomic_store_n(&mappings[number].start, (uintptr_t)mapped, __ATOMIC_RELEASE);
  *start = mapped;
  return number;
}

void hopscope_unmap(int number) {
  // Its addresses are no mapping's before the kernel may give them to another.
  void *start = (void *)__atomic_exchange_n(&mappings[number].start, nowhere, __ATOMIC_ACQ_REL);
  munmap(start, mappings[number].length);
  __atomic_store_n(&mappings[number].start, 0, __ATOMIC_RELEASE);
}
