/* tests/fuzz/replay.c - "NAME FILE...": the inputs of a kept corpus through
 * one fuzzer's function, without libFuzzer.  Prints how many there were. */
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);
size_t LLVMFuzzerMutate(unsigned char *p, size_t n, size_t max);

/* Nothing is mutated here; the fuzzer's own mutator wants to be linked. */
size_t LLVMFuzzerMutate(unsigned char *p, size_t n, size_t max)
{
	(void)p;
	return n < max ? n : max;
}

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	unsigned char *p = NULL;
	long n = -1;
	int ok = 0;

	if (f && !fseek(f, 0, SEEK_END))
		n = ftell(f);
	if (n > 0)
		p = malloc((size_t)n);		/* no room behind it: sanitizers see a step over */
	if (p && !fseek(f, 0, SEEK_SET))
		ok = fread(p, 1, (size_t)n, f) == (size_t)n;
	if (f)
		fclose(f);
	if (ok)
		LLVMFuzzerTestOneInput(p, (size_t)n);
	free(p);
	return ok ? 0 : -1;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (replay(argv[i])) {
			perror(argv[i]);
			return 1;
		}
	}
	printf("%d\n", argc - 1);
	return argc < 2;
}
