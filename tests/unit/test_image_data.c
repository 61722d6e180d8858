/* tests/unit/test_image_data.c - sections of data that lie about their size. */
#include "loader/image.h"

#include <errno.h>
#include <stdlib.h>

#include "loader/object.h"
#include "tests/unit/test.h"

extern const unsigned char bpf_tasks[], bpf_tasks_end[];

static struct bytes copy_of_tasks(void)
{
	size_t n = (size_t)(bpf_tasks_end - bpf_tasks);
	unsigned char *p = malloc(n);

	if (!p)
		abort();
	memcpy(p, bpf_tasks, n);
	return (struct bytes){p, n};
}

/* The object of the task probes once more, whose section name has that size
 * and stands in the table twice; what image_open() says. */
static int open_with(const char *name, u64 size, bool twice)
{
	struct bytes file = copy_of_tasks();
	unsigned char *p = (unsigned char *)(uintptr_t)file.p;
	struct diag why;
	struct image img;
	struct elf e;
	Elf64_Shdr sh;
	int err = elf_open(&e, file);

	if (err)
		return err;
	memcpy(&sh, &e.sec[elf_find_section(&e, name)], sizeof(sh));
	sh.sh_size = size;
	if (sh.sh_type != SHT_NOBITS)
		sh.sh_offset = 0;
	memcpy(p + ((const unsigned char *)&e.sec[elf_find_section(&e, name)] - p), &sh, sizeof(sh));
	if (twice)
		memcpy(p + ((const unsigned char *)&e.sec[elf_find_section(&e, "license")] - p),
		       &sh, sizeof(sh));
	err = image_open(&img, "data", file, &why);
	if (!err)
		image_close(&img);
	free(p);
	return err;
}

static void test_stored(void)
{
	u64 whole = (u64)(bpf_tasks_end - bpf_tasks);

	CHECK_EQ(open_with(".rodata", whole, false), 0);
	CHECK_EQ(open_with(".rodata", whole / 2, true), 0);
	CHECK_EQ(open_with(".rodata", whole / 2 + 1, true), (u64)-E2BIG);
	CHECK_EQ(open_with(".rodata", whole, true), (u64)-E2BIG);
}

static void test_zeros(void)
{
	CHECK_EQ(open_with(".bss", IMAGE_MAX_DATA, false), 0);
	CHECK_EQ(open_with(".bss", IMAGE_MAX_DATA + 1ull, false), (u64)-E2BIG);
	CHECK_EQ(open_with(".bss", UINT64_MAX, true), (u64)-E2BIG);
	CHECK_EQ(open_with(".bss", IMAGE_MAX_DATA / 2, true), 0);
	CHECK_EQ(open_with(".bss", IMAGE_MAX_DATA / 2 + 1, true), (u64)-E2BIG);
}

TESTS(image_data, {"stored", test_stored}, {"zeros", test_zeros})
