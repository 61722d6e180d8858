/* tests/loaded.h - the one line that the loaders under comparison print: when
 * everything was loaded (CLOCK_MONOTONIC, ns), the CPU time used until then in
 * us, and the peak of resident memory in KiB. */
#ifndef TESTS_LOADED_H
#define TESTS_LOADED_H

#include <stdio.h>
#include <time.h>

static inline long peak_kib(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long kib = -1;

	/* not getrusage(): its peak is inherited over exec */
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmHWM: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

static inline long long now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline int say_loaded(void)
{
	long long at = now_ns(CLOCK_MONOTONIC), cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);

	return printf("%lld %lld %ld\n", at, cpu / 1000, peak_kib()) < 0;
}

#endif
