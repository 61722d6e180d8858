/* tests/tools/floor.c - "floor SAMPLES [MS]": runs the empty loop of
 * tests/bpf/floor.bpf.c that often, MS (0) apart, and prints one line of JSON:
 * the tasks of the last run, and how long a run took.  It is what the probe
 * walk is compared with, so it is called in the same way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "loader/bpf.h"
#include "loader/object.h"
#include "tests/loaded.h"

enum { SAMPLES_MAX = 100000, OBJECT_MAX = 1 << 20 };

static double took_us[SAMPLES_MAX];
static unsigned char object_file[OBJECT_MAX];

/* The object lies beside the tool: tests/bpf/floor.bpf.o. */
static struct bytes read_object(const char *tool)
{
	const char *slash = strrchr(tool, '/');
	char path[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%.*s/bpf/floor.bpf.o", slash ? (int)(slash - tool) : 1, slash ? tool : ".");
	f = fopen(path, "re");
	if (!f) {
		perror(path);
		exit(1);
	}
	n = fread(object_file, 1, sizeof(object_file), f);
	fclose(f);
	return (struct bytes){object_file, n};
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int run(struct object *o, long samples, long apart_ms, struct diag *why)
{
	struct timespec apart = {apart_ms / 1000, apart_ms % 1000 * 1000000};
	int fd = object_prog(o, "floor_walk", why);
	u32 ret;

	if (fd < 0)
		return fd;
	for (long i = -1; i < samples; i++) {		/* one that is not counted */
		long long began;
		int err;

		if (apart_ms)
			nanosleep(&apart, NULL);
		began = now_ns(CLOCK_MONOTONIC);
		err = bpf_prog_run(fd, &ret);
		if (err)
			return err;
		if (i >= 0)
			took_us[i] = (double)(now_ns(CLOCK_MONOTONIC) - began) / 1e3;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long samples = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	long apart_ms = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	struct object *o = NULL;
	struct diag why = {0};
	u32 *tasks;

	if (samples < 1 || samples > SAMPLES_MAX || apart_ms < 0) {
		fputs("usage: floor SAMPLES [MS]\n", stderr);
		return 2;
	}
	if (object_open(&o, "floor", read_object(argv[0]), &why) || object_load(o, &why) ||
	    run(o, samples, apart_ms, &why) || object_var(o, "floor_tasks", sizeof(*tasks), &tasks)) {
		fprintf(stderr, "floor: %s\n%s", why.what, why.log);
		return 1;
	}
	qsort(took_us, (size_t)samples, sizeof(took_us[0]), by_size);
	printf("{\"tasks\": %u, \"samples\": %ld, \"min_us\": %.1f, \"p25_us\": %.1f, \"p50_us\": %.1f, \"p75_us\": %.1f}\n",
	       *tasks, samples, took_us[0], took_us[samples / 4], took_us[samples / 2], took_us[samples * 3 / 4]);
	object_close(o);
	return 0;
}
