/* tests/tools/relocate.c - what the loader makes of an object's CO-RE records
 * on another kernel.
 *
 * usage: relocate [--insns] OBJECT.o TARGET-BTF
 *
 * Opens any BPF object and a raw BTF file, resolves every CO-RE record of every
 * section with code, loads nothing and links nothing.  A line a record:
 *   SECTION  INSN  KIND  ROOT-TYPE  ACCESS  RESULT
 * or, with --insns, the patched instructions of each section.  Exit status 0,
 * or 1 with the reason and the place on standard error.
 *
 * It stands on the parts below image_open(), which refuses what only a load
 * needs: functions that overlap, externs, maps. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "loader/core.h"
#include "loader/elf.h"
#include "loader/ext.h"

static const char *const kinds[CORE_KINDS] = {
	[CORE_BYTE_OFFSET] = "field_byte_offset",
	[CORE_BYTE_SIZE] = "field_byte_size",
	[CORE_FIELD_EXISTS] = "field_exists",
	[CORE_SIGNED] = "field_signed",
	[CORE_LSHIFT] = "field_lshift_u64",
	[CORE_RSHIFT] = "field_rshift_u64",
	[CORE_TYPE_ID_LOCAL] = "type_id_local",
	[CORE_TYPE_ID_TARGET] = "type_id_target",
	[CORE_TYPE_EXISTS] = "type_exists",
	[CORE_TYPE_SIZE] = "type_size",
	[CORE_ENUMVAL_EXISTS] = "enumval_exists",
	[CORE_ENUMVAL_VALUE] = "enumval_value",
	[CORE_TYPE_MATCHES] = "type_matches",
};

enum { INSN_LEN = sizeof(struct bpf_insn) };

/* A section with code. */
struct section {
	struct bpf_insn *code;			/* owned copy, which is patched; NULL: no code */
	u32 n;
	s32 *funcs;				/* owned: how many functions hold each instruction */
	bool has_funcs;
};

struct run {
	const char *object, *target_path;
	struct bytes object_file, target_file;	/* owned */
	struct bytes object_btf;		/* owned: the section may lie anywhere */
	struct elf elf;
	struct btf local, target;
	struct ext ext;
	struct wanted names;
	struct core core;
	struct section *sec;			/* owned, as many as the ELF has */
	bool insns;				/* what to print */
	int status;
};

/* ---- words ----------------------------------------------------------------- */

static int complain(const char *where, const char *what)
{
	fprintf(stderr, "relocate: %s: %s\n", where, what);
	return -1;
}

/* Names come from the file: none ends a line or a column. */
static void put_name(const char *s, FILE *to)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < ' ' || c == 0x7f)
			fprintf(to, "\\x%02x", c);
		else
			putc(c, to);
	}
}

static void put_root(const struct btf *b, u32 id)
{
	const struct btf_type *t = btf_type(b, id);
	const char *name = btf_name(b, t);

	fputs(core_kind_word(t), stdout);
	put_name(*name ? name : "(anon)", stdout);
}

static const char *resolve_reason(int err)
{
	switch (-err) {
	case ENOTUNIQ: return "ambiguous: candidates of the target disagree";
	case EOPNOTSUPP: return "an unknown kind, or a type without a name to search by";
	case EDOM: return "sign or shift of an array element";
	case EOVERFLOW: return "a bitfield that no 8-byte load covers";
	case E2BIG: return "types nested too deep, too large, or too many to search";
	case EINVAL: return "malformed: the access does not fit the types";
	default: return strerror(-err);
	}
}

static const char *patch_reason(int err)
{
	return err == -ERANGE ? "an offset past 32767 in a load or store"
			      : "the instruction does not match its record";
}

static int complain_record(const struct run *r, const char *section, const struct core_relo *rec,
			   const char *why)
{
	const char *access = btf_str(&r->local, rec->access_off);

	fprintf(stderr, "relocate: %s: section ", r->object);
	put_name(section, stderr);
	fprintf(stderr, ", byte %u, kind %u, type %u, access \"", rec->insn_off, rec->kind,
		rec->type_id);
	put_name(access, stderr);
	fprintf(stderr, "\": %s\n", why);
	return -1;
}

/* ---- files ----------------------------------------------------------------- */

/* Everything there is to read: files of /sys do not know their size. */
static int read_file(const char *path, struct bytes *out)
{
	size_t n = 0, room = 1 << 16;
	unsigned char *p = malloc(room);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : 1;

	while (p && got > 0) {
		got = read(fd, p + n, room - n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			n += (size_t)got;
		if (n == room) {
			unsigned char *grown = realloc(p, room *= 2);

			if (!grown)
				got = -1;
			else
				p = grown;
		}
	}
	if (fd >= 0)
		close(fd);
	if (!p || got < 0) {
		complain(path, strerror(errno));
		free(p);
		return -1;
	}
	*out = (struct bytes){p, n};
	return 0;
}

static int open_btf(struct btf *b, struct bytes blob, const char *where, struct wanted *names)
{
	char text[96];
	u32 id;
	int err = btf_open(b, blob, names);

	if (err == -EPROTO)
		return complain(where, "BTF with a kind of record that is newer than this program");
	if (err)
		return complain(where, err == -EBADMSG ? "malformed BTF" : strerror(-err));
	if (!btf_check(b, &id))
		return 0;
	snprintf(text, sizeof(text), "malformed BTF: type %u refers to what does not exist", id);
	return complain(where, text);
}

static bool is_code(const struct elf *e, u32 sec)
{
	return sec && e->sec[sec].sh_type == SHT_PROGBITS &&
	       e->sec[sec].sh_flags & SHF_EXECINSTR && e->sec[sec].sh_size;
}

static int copy_code(struct run *r, u32 i)
{
	struct bytes data = elf_data(&r->elf, i);
	struct section *s = &r->sec[i];

	if (data.n % INSN_LEN || data.n > UINT32_MAX)
		return complain(elf_section_name(&r->elf, i), "ends within an instruction");
	s->n = (u32)(data.n / INSN_LEN);
	s->code = malloc(data.n);
	s->funcs = calloc(s->n + 1, sizeof(*s->funcs));
	if (!s->code || !s->funcs)
		return complain(r->object, strerror(ENOMEM));
	memcpy(s->code, data.p, data.n);
	return 0;
}

/* One step up where a function begins, one down behind its end; their sum is
 * how many functions an instruction belongs to. */
static void note_function(struct section *s, const Elf64_Sym *sym)
{
	u64 start = sym->st_value / INSN_LEN, end = start + sym->st_size / INSN_LEN;

	if (!s->code || start >= s->n || end < start)
		return;
	s->has_funcs = true;
	s->funcs[start]++;
	s->funcs[MIN(end, (u64)s->n)]--;
}

static int read_code(struct run *r)
{
	const struct elf *e = &r->elf;

	r->sec = calloc(e->nsec, sizeof(*r->sec));
	if (!r->sec)
		return complain(r->object, strerror(ENOMEM));
	for (u32 i = 0; i < e->nsec; i++)
		if (is_code(e, i) && copy_code(r, i))
			return -1;
	for (u32 s = 1; s < e->nsym; s++)
		if (ELF64_ST_TYPE(e->sym[s].st_info) == STT_FUNC && e->sym[s].st_shndx < e->nsec)
			note_function(&r->sec[e->sym[s].st_shndx], &e->sym[s]);
	for (u32 i = 0; i < e->nsec; i++)
		for (u32 k = 1; k < r->sec[i].n; k++)
			r->sec[i].funcs[k] += r->sec[i].funcs[k - 1];
	return 0;
}

static int copy(struct bytes from, struct bytes *to)
{
	unsigned char *p = malloc(from.n + 1);

	if (!p)
		return -ENOMEM;
	if (from.n)
		memcpy(p, from.p, from.n);
	*to = (struct bytes){p, from.n};
	return 0;
}

/* Leaves r->local empty when the object carries no BTF. */
static int open_object(struct run *r)
{
	u32 btf, ext;

	if (read_file(r->object, &r->object_file))
		return -1;
	if (elf_open(&r->elf, r->object_file))
		return complain(r->object, "no little-endian BPF object, or a malformed one");
	if (read_code(r))
		return -1;
	btf = elf_find_section(&r->elf, ".BTF");
	ext = elf_find_section(&r->elf, ".BTF.ext");
	if (!btf)
		return 0;
	if (copy(elf_data(&r->elf, btf), &r->object_btf))
		return complain(r->object, strerror(ENOMEM));
	if (open_btf(&r->local, r->object_btf, r->object, NULL))
		return -1;
	r->local.ptr_size = sizeof(u64);	/* BPF's, whatever its types are called */
	if (ext && ext_open(&r->ext, &r->local, elf_data(&r->elf, ext)))
		return complain(r->object, "malformed .BTF.ext");
	return 0;
}

/* ---- records --------------------------------------------------------------- */

typedef int record_fn(struct run *r, u32 sec, const struct core_relo *rec);

/* Every record of a section with code, in the order of .BTF.ext. */
static int each_record(struct run *r, record_fn *fn)
{
	struct ext_run run;

	for (u32 at = 0; ext_next(&r->ext, EXT_CORE, &at, &run);) {
		u32 sec = elf_find_section(&r->elf, run.section);

		if (!*run.section)
			return complain(r->object, "malformed .BTF.ext: a section without a name");
		if (!is_code(&r->elf, sec))
			continue;
		for (u32 i = 0; i < run.n; i++) {
			struct core_relo rec;

			memcpy(&rec, run.rec + (size_t)i * run.stride, sizeof(rec));
			if (fn(r, sec, &rec))
				return -1;
		}
	}
	return 0;
}

static int want_record(struct run *r, u32 sec, const struct core_relo *rec)
{
	(void)sec;
	if (core_want(&r->names, &r->local, rec))
		return complain(r->object, strerror(ENOMEM));
	return 0;
}

/* Between functions lie the bodies of weak ones that a linker overrode: dead
 * code, which decides nothing for the living. */
static bool in_function(const struct section *s, u64 insn)
{
	return s->funcs[insn] > 0 || !s->has_funcs;
}

static void put_line(const struct run *r, u32 sec, const struct core_relo *rec,
		     const char *result)
{
	if (r->insns)
		return;
	put_name(elf_section_name(&r->elf, sec), stdout);
	printf("\t%u\t%s\t", rec->insn_off / INSN_LEN, kinds[rec->kind]);
	put_root(&r->local, rec->type_id);
	putchar('\t');
	put_name(btf_str(&r->local, rec->access_off), stdout);
	printf("\t%s\n", result);
}

static int relocate_record(struct run *r, u32 sec, const struct core_relo *rec)
{
	const char *name = elf_section_name(&r->elf, sec);
	struct section *s = &r->sec[sec];
	u32 at = rec->insn_off / INSN_LEN;
	struct bpf_insn pair[2] = {0};
	struct core_result res;
	char text[24];
	u32 left;
	int err;

	if (rec->insn_off % INSN_LEN || at >= s->n)
		return complain_record(r, name, rec, "no instruction begins there");
	left = MIN(s->n - at, (u32)ARRAY_LEN(pair));
	memcpy(pair, s->code + at, left * INSN_LEN);
	r->core.keep = !in_function(s, at);
	err = core_resolve(&r->core, rec, &res);
	if (err == -ENOTUNIQ) {
		put_line(r, sec, rec, "ambiguous");
		complain_record(r, name, rec, resolve_reason(err));
		r->status = 1;
		return 0;
	}
	if (err)
		return complain_record(r, name, rec, resolve_reason(err));
	err = core_patch(pair, left, &res);
	if (err)
		return complain_record(r, name, rec, patch_reason(err));
	if (!r->core.keep)
		memcpy(s->code + at, pair, left * INSN_LEN);
	snprintf(text, sizeof(text), rec->kind == CORE_ENUMVAL_VALUE ? "%" PRId64 : "%" PRIu64,
		 res.new);
	put_line(r, sec, rec, core_poisoned(pair) ? "poison" : text);
	return 0;
}

static void put_insns(const struct run *r)
{
	for (u32 i = 0; i < r->elf.nsec; i++) {
		if (!r->sec[i].code)
			continue;
		put_name(elf_section_name(&r->elf, i), stdout);
		putchar('\n');
		for (u32 k = 0; k < r->sec[i].n; k++) {
			u64 word;

			memcpy(&word, r->sec[i].code + k, sizeof(word));
			printf("%016" PRIx64 "\n", word);
		}
	}
}

/* ---- the whole ------------------------------------------------------------- */

static int relocate(struct run *r)
{
	if (open_object(r))
		return -1;
	if (r->local.n && each_record(r, want_record))
		return -1;
	if (read_file(r->target_path, &r->target_file) ||
	    open_btf(&r->target, r->target_file, r->target_path, &r->names))
		return -1;
	if (r->local.n) {
		if (core_open(&r->core, &r->local, &r->target, &r->names))
			return complain(r->object, strerror(ENOMEM));
		if (each_record(r, relocate_record))
			return -1;
	}
	if (r->insns)
		put_insns(r);
	return 0;
}

static void clean_up(struct run *r)
{
	core_close(&r->core);
	wanted_free(&r->names);
	btf_close(&r->target);
	btf_close(&r->local);
	for (u32 i = 0; r->sec && i < r->elf.nsec; i++) {
		free(r->sec[i].code);
		free(r->sec[i].funcs);
	}
	free(r->sec);
	free((void *)(uintptr_t)r->object_btf.p);
	free((void *)(uintptr_t)r->object_file.p);
	free((void *)(uintptr_t)r->target_file.p);
}

int main(int argc, char **argv)
{
	struct run r = {0};
	int at = 1;

	if (argc > 1 && !strcmp(argv[1], "--insns")) {
		r.insns = true;
		at++;
	}
	if (argc - at != 2) {
		fputs("usage: relocate [--insns] OBJECT.o TARGET-BTF\n", stderr);
		return 2;
	}
	r.object = argv[at];
	r.target_path = argv[at + 1];
	if (relocate(&r))
		r.status = 1;
	clean_up(&r);
	if (fflush(stdout) || ferror(stdout)) {
		complain("standard output", strerror(errno));
		r.status = 1;
	}
	return r.status;
}
