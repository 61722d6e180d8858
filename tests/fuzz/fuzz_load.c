/* tests/fuzz/fuzz_load.c - any bytes as an object, loaded into a kernel whose
 * types are any bytes: CO-RE, linking, maps, the object's BTF, all of
 * object_load().  bpf(2) is answered here and never asked (the link wraps
 * syscall() and kbtf_open()).
 *
 * An input: u32 length of the kernel's BTF, that BTF, the object. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "loader/kbtf.h"
#include "loader/object.h"
#include "tests/fuzz/mutate.h"

long __wrap_syscall(long nr, ...);
long __real_syscall(long nr, ...);
int __wrap_kbtf_open(struct kbtf *out, const char *path);

enum {
	FD_FIRST = 1 << 20,	/* no file has it: closing one does nothing */
	FDS = 256,
};

/* What this kernel is like; the rest of it is in the calls. */
static struct {
	struct bytes btf;
	u32 mood;		/* what it refuses */
	u32 nfd;
	u32 value_size[FDS];	/* of the maps among the descriptors */
} kernel;

static u32 sink;

/* The kernel reads all of it, so that a sanitizer does. */
static void read_all(u64 addr, u64 n)
{
	const unsigned char *p = (const unsigned char *)(uintptr_t)addr;

	for (u64 i = 0; i < n; i++)
		sink += p[i];
}

static long answer(long ok, int err)
{
	if (!err)
		return ok;
	errno = err;
	return -1;
}

static long new_fd(u32 value_size)
{
	u32 fd = kernel.nfd++ % FDS;

	kernel.value_size[fd] = value_size;
	return FD_FIRST + fd;
}

/* What the linker promises of any object: calls stay inside, records of lines
 * and functions go up. */
static void check_program(const union bpf_attr *a)
{
	const struct bpf_insn *insn = (const void *)(uintptr_t)a->insns;
	const struct uapi_func_info *f = (const void *)(uintptr_t)a->func_info;
	const struct uapi_line_info *l = (const void *)(uintptr_t)a->line_info;

	for (u32 i = 0; i < a->insn_cnt; i++) {
		s64 to = (s64)i + insn[i].imm + 1;

		if (insn[i].code == INSN_CALL && insn[i].src_reg == CALL_SUBPROG &&
		    (to < 0 || to >= a->insn_cnt))
			abort();
		if (insn[i].code == INSN_LD_IMM64)
			i++;
	}
	for (u32 i = 0; i < a->func_info_cnt; i++)
		if (f[i].insn_off >= a->insn_cnt || (i && f[i].insn_off <= f[i - 1].insn_off))
			abort();
	for (u32 i = 0; i < a->line_info_cnt; i++)
		if (l[i].insn_off >= a->insn_cnt || (i && l[i].insn_off <= l[i - 1].insn_off))
			abort();
}

static long prog_load(const union bpf_attr *a)
{
	static const char log[] = "3: (85) call unknown#195896080\ninvalid func unknown#195896080\n";

	read_all(a->insns, (u64)a->insn_cnt * sizeof(struct bpf_insn));
	read_all(a->func_info, (u64)a->func_info_cnt * a->func_info_rec_size);
	read_all(a->line_info, (u64)a->line_info_cnt * a->line_info_rec_size);
	check_program(a);
	if (!(kernel.mood & 1))
		return new_fd(0);
	if (a->log_level)
		memcpy((void *)(uintptr_t)a->log_buf, log, MIN(sizeof(log), a->log_size));
	return answer(0, EINVAL);
}

static long map_update(const union bpf_attr *a)
{
	u32 fd = a->map_fd - FD_FIRST;

	read_all(a->key, sizeof(u32));
	if (fd < FDS)
		read_all(a->value, kernel.value_size[fd]);
	return 0;
}

static long bpf(long cmd, const union bpf_attr *a)
{
	switch (cmd) {
	case BPF_BTF_LOAD:
		read_all(a->btf, a->btf_size);
		/* an old kernel: every rewrite is tried */
		return kernel.mood & 2 ? answer(0, EINVAL) : new_fd(0);
	case BPF_MAP_CREATE:
		return kernel.mood & 4 && a->btf_fd ? answer(0, EINVAL) : new_fd(a->value_size);
	case BPF_MAP_UPDATE_ELEM:
		return map_update(a);
	case BPF_MAP_FREEZE:
		return 0;
	case BPF_PROG_LOAD:
		return prog_load(a);
	default:
		return answer(0, EINVAL);
	}
}

/* Reads as many arguments as there can be, whether they were given or not. */
__attribute__((no_sanitize("address"))) long __wrap_syscall(long nr, ...)
{
	union bpf_attr attr = {0};
	const void *given;
	long arg[6];
	va_list ap;
	size_t n;

	va_start(ap, nr);
	for (size_t i = 0; i < ARRAY_LEN(arg); i++)
		arg[i] = va_arg(ap, long);
	va_end(ap);
	if (nr != SYS_bpf)
		return __real_syscall(nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	given = (const void *)arg[1];
	n = (size_t)arg[2];
	memcpy(&attr, given, MIN(n, sizeof(attr)));
	return bpf(arg[0], &attr);
}

int __wrap_kbtf_open(struct kbtf *out, const char *path)
{
	(void)path;
	*out = (struct kbtf){.blob = kernel.btf};
	return kernel.btf.n ? 0 : -ENOENT;
}

static unsigned char *copy(const unsigned char *p, size_t n)
{
	unsigned char *c = malloc(n ? n : 1);

	if (c && n)
		memcpy(c, p, n);
	return c;
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct object *o = NULL;
	struct diag why;
	unsigned char *target, *elf;
	u32 len;

	if (n < sizeof(len))
		return 0;
	memcpy(&len, p, sizeof(len));
	p += sizeof(len);
	n -= sizeof(len);
	kernel.mood = len >> 24;
	len = MIN(len & 0xffffff, (u32)n);
	/* each alone, so that a step over its end is seen */
	target = copy(p, len);
	elf = copy(p + len, n - len);
	kernel.btf = (struct bytes){target, len};
	kernel.nfd = 0;
	if (target && elf && !object_open(&o, "fuzz", (struct bytes){elf, n - len}, &why) &&
	    object_load(o, &why))
		sink += (u32)strlen(why.what) + (u32)strlen(why.hint) + (u32)strlen(why.log);
	object_close(o);
	free(target);
	free(elf);
	return sink == UINT32_MAX;
}

/* One side or the other; both are copied out, for they are not aligned here. */
size_t LLVMFuzzerCustomMutator(unsigned char *p, size_t n, size_t max, unsigned seed)
{
	enum { ROOM = 1 << 16 };
	static _Alignas(8) unsigned char side[ROOM];
	struct dice d = dice_new(seed);
	u32 word, len;
	size_t now;

	if (n < sizeof(word) || n > ROOM || max > ROOM || !roll(&d, 32))
		return LLVMFuzzerMutate(p, n, max);
	memcpy(&word, p, sizeof(word));
	if (!roll(&d, 16))
		word ^= 1u << (24 + roll(&d, 3));
	len = MIN(word & 0xffffff, (u32)(n - sizeof(word)));
	if (roll(&d, 2)) {
		memcpy(side, p + sizeof(word), len);
		now = mutate_btf(&d, side, len, len + (max - n));
		memmove(p + sizeof(word) + now, p + sizeof(word) + len, n - sizeof(word) - len);
		memcpy(p + sizeof(word), side, now);
		n = n - len + now;
		word = (word & 0xff000000) | (u32)now;
	} else {
		now = n - sizeof(word) - len;
		memcpy(side, p + sizeof(word) + len, now);
		mutate_elf(&d, side, now);
		memcpy(p + sizeof(word) + len, side, now);
	}
	memcpy(p, &word, sizeof(word));
	return n;
}
