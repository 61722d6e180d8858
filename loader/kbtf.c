/* loader/kbtf.c - the bytes of the running kernel's BTF. */
#include "loader/kbtf.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KBTF_MAX = 256 << 20 };	/* real ones are 3 to 10 MB */

static int read_all(int fd, unsigned char *p, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t got = read(fd, p + at, n - at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EIO;
		at += (size_t)got;
	}
	return 0;
}

int kbtf_open(struct kbtf *out, const char *path)
{
	struct kbtf k = {0};
	struct stat st;
	int err = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0) {
		err = -errno;
		goto out;
	}
	if (st.st_size <= 0 || st.st_size > KBTF_MAX) {
		err = -EFBIG;
		goto out;
	}
	k.len = (size_t)st.st_size;
	/* sysfs lets BTF be mapped since 6.16 (a539e2a6d51d): no copy, no faults */
	k.mem = mmap(NULL, k.len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	k.mapped = k.mem != MAP_FAILED;
	if (!k.mapped) {
		k.mem = mmap(NULL, k.len, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (k.mem == MAP_FAILED) {
			k.mem = NULL;
			err = -errno;
			goto out;
		}
		err = read_all(fd, k.mem, k.len);
	}
	if (err) {
		kbtf_close(&k);
		goto out;
	}
	k.blob = (struct bytes){k.mem, k.len};
	*out = k;
out:
	close(fd);
	return err;
}

void kbtf_close(struct kbtf *k)
{
	if (k->mem)
		munmap(k->mem, k->len);
	*k = (struct kbtf){0};
}
