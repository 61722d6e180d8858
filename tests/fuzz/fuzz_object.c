/* tests/fuzz/fuzz_object.c - any bytes as an object: parse, relocate against
 * its own types, link every program, rewrite its types for every kernel.  No
 * kernel is asked. */
#include <stdlib.h>

#include "loader/link.h"
#include "loader/object.h"
#include "loader/upload.h"
#include "tests/fuzz/mutate.h"

static void link_all(struct image *img, const struct btf *kernel, const struct wanted *names)
{
	int *map_fd = calloc(img->nmap + 1, sizeof(*map_fd));
	struct link in = {.img = img, .kernel = kernel, .names = names, .map_fd = map_fd};
	struct diag why;

	for (u32 i = 0; map_fd && i < img->nfunc; i++) {
		struct program code;
		struct core_relo r;

		if (!img->func[i].entry || link_program(&code, &in, &img->func[i], &why))
			continue;
		for (u32 k = 0; k < code.ninsn; k++)
			if (link_find_relo(img, &code, k, &r))
				core_describe(&img->btf, &r, why.what, sizeof(why.what));
		program_free(&code);
	}
	free(map_fd);
}

static void relocate(struct image *img, struct wanted *names)
{
	struct btf kernel;
	struct core core;

	if (link_want(img, names) ||
	    btf_open(&kernel, (struct bytes){img->btf_copy, elf_data(&img->elf,
		     elf_find_section(&img->elf, ".BTF")).n}, names))
		return;
	if (!core_open(&core, &img->btf, &kernel, names)) {
		if (!link_relocate(img, &core))
			link_all(img, &kernel, names);
		core_close(&core);
	}
	btf_close(&kernel);
}

/* What is rewritten has the ids and the length that it had. */
static void rewrite(const struct image *img)
{
	struct draft d;
	struct btf b;

	if (draft_open(&d, img))
		return;
	for (u32 i = 0; i < DRAFT_STEPS; i++) {
		bool unused = draft_rewrite(&d, i);

		(void)unused;
		if (btf_open(&b, (struct bytes){d.blob, d.len}, NULL) || b.n != img->btf.n + 1)
			abort();
		btf_close(&b);
	}
	draft_close(&d);
}

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct wanted *names = calloc(1, sizeof(*names));
	struct image img;
	struct object *o;
	struct diag why;
	u32 one = 1;

	if (!names)
		return 0;
	if (!image_open(&img, "fuzz", (struct bytes){p, n}, &why)) {
		relocate(&img, names);
		rewrite(&img);
		wanted_free(names);
		image_close(&img);
	}
	free(names);
	if (!object_open(&o, "fuzz", (struct bytes){p, n}, &why)) {
		int unused = object_set_var(o, "no_probe_read", &one, sizeof(one));

		(void)unused;
		object_close(o);
	}
	return 0;
}

size_t LLVMFuzzerCustomMutator(unsigned char *p, size_t n, size_t max, unsigned seed)
{
	struct dice d = dice_new(seed);

	if (!roll(&d, 32))
		return LLVMFuzzerMutate(p, n, max);
	mutate_elf(&d, p, n);
	return n;
}
