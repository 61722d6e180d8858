/* tests/fuzz/fuzz_programs.c - what the kernel writes about BPF objects, mounts
 * and interfaces: any bytes at all are read without harm. */
#include "proc/program_net.h"
#include "proc/program_text.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static void mounts(const unsigned char *p, size_t n)
{
	static char text[8192 + 1];
	struct scan s;
	const char *on;

	n = MIN(n, sizeof(text) - 1);
	memcpy(text, p, n);
	s = scan_of((struct bytes){(const unsigned char *)text, n});
	while ((on = mounts_next(&s, "bpf")))
		if (on < text || on + strlen(on) > text + n)
			__builtin_trap();
}

/* The first byte says whose text it is. */
int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	static struct net_interface interface[NET_INTERFACES];
	struct bytes text = {p + 1, n - (n > 0)};
	u32 ids[8], count = 0;
	u64 v;

	if (!n)
		return 0;
	switch (*p % 4) {
	case 0:
		(void)!fdinfo_number(text, "prog_id:", &v);
		break;
	case 1:
		mounts(text.p, text.n);
		break;
	case 2:
		net_parse_links(text, interface, &count);
		for (u32 i = 0; i < count; i++)
			if (interface[i].name[NET_NAME - 1])
				__builtin_trap();
		break;
	case 3:
		net_parse_filters(text, ids, &count, ARRAY_LEN(ids));
		break;
	}
	if (count > NET_INTERFACES)
		__builtin_trap();
	return 0;
}
