// A plugin of QEMU's user emulation that counts instructions by function, where the processor does not let them be counted.
//
// The same program and input give the same counts, whatever else the machine does. Functions of shared libraries are one.
// The declarations are those of the plugin interface, version 1 (QEMU 7.2), whose header Debian does not package.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { add_number = 0 };

extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
extern const char *qemu_plugin_insn_symbol(const struct qemu_plugin_insn *);
extern void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, int, void *, uint64_t);
extern void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

struct function {
  char *name;
  uint64_t instructions;
  struct function *next;
};

enum { slots = 4096, most = 1 << 18 };
static struct function *functions[slots];
static struct function *all[most];

static struct function *function_of(const char *name) {
  unsigned hash = 5381;
  for (const char *at = name; *at; at++) hash = hash * 33 ^ (unsigned char)*at;
  struct function **slot = &functions[hash % slots];
  for (struct function *known = *slot; known; known = known->next)
    if (!strcmp(known->name, name)) return known;
  struct function *added = calloc(1, sizeof *added);
  added->name = strdup(name);
  added->next = *slot;
  return *slot = added;
}

// A block runs from its first instruction to its last, so that counting blocks counts instructions.
static void translated(plugin_id id, struct qemu_plugin_tb *block) {
  (void)id;
  const char *name = qemu_plugin_insn_symbol(qemu_plugin_tb_get_insn(block, 0));
  uint64_t *count = &function_of(name && *name ? name : "(shared libraries)")->instructions;
  qemu_plugin_register_vcpu_tb_exec_inline(block, add_number, count, qemu_plugin_tb_n_insns(block));
}

static int more_first(const void *one, const void *other) {
  uint64_t a = (*(struct function *const *)one)->instructions, b = (*(struct function *const *)other)->instructions;
  return a < b ? 1 : a > b ? -1 : 0;
}

static void ended(plugin_id id, void *unused) {
  (void)id;
  (void)unused;
  const char *path = getenv("COUNTS");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  size_t count = 0;
  uint64_t total = 0;
  for (size_t slot = 0; slot < slots; slot++)
    for (struct function *at = functions[slot]; at && count < most; at = at->next) {
      all[count++] = at;
      total += at->instructions;
    }
  qsort(all, count, sizeof *all, more_first);
  fprintf(file, "%llu total\n", (unsigned long long)total);
  for (size_t place = 0; place < count; place++)
    if (all[place]->instructions)
      fprintf(file, "%llu %s\n", (unsigned long long)all[place]->instructions, all[place]->name);
  fclose(file);
}

__attribute__((visibility("default"))) int qemu_plugin_install(plugin_id id, const void *info, int count, char **options) {
  (void)info;
  (void)count;
  (void)options;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, ended, NULL);
  return 0;
}
