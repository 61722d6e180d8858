/* tests/wrap/alloc.c - linked into a copy of pitstop with --wrap: counts every
 * allocation, libc's own calls included (the link is static).  The count is
 * kept in the file that PITSTOP_ALLOC_COUNT names, so that a test can read it
 * while the program runs; the reader of names, a child, has it too. */
#include "loader/base.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static u64 spare, *count = &spare;

__attribute__((constructor)) static void count_in_file(void)
{
	const char *path = getenv("PITSTOP_ALLOC_COUNT");
	int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	void *m = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(*count)) == 0)
		m = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (m != MAP_FAILED)
		count = m;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_malloc(size_t n)
{
	__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	return __real_realloc(p, n);
}
