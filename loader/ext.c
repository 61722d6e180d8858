/* loader/ext.c - records of .BTF.ext. */
#include "loader/ext.h"

#include <errno.h>

#include "loader/core.h"

/* Header of .BTF.ext: tools/lib/bpf in the kernel tree is its only definition. */
struct ext_header {
	u16 magic;
	u8 version;
	u8 flags;
	u32 hdr_len;
	struct {
		u32 off, len;	/* off counts from the end of the header */
	} part[EXT_KINDS];
};

/* Before the records of a section. */
struct run_header {
	u32 name_off;
	u32 n;
};

/* Records may have grown at the end; these are the bytes we know. */
static const u32 known_len[EXT_KINDS] = {
	[EXT_FUNC] = sizeof(struct uapi_func_info),
	[EXT_LINE] = sizeof(struct uapi_line_info),
	[EXT_CORE] = sizeof(struct core_relo),
};

static int open_part(struct ext *e, enum ext_kind kind, struct bytes part)
{
	struct run_header run;
	u32 stride;

	/* a part that is there has records */
	if (part.n <= sizeof(stride))
		return part.n ? -EBADMSG : 0;
	memcpy(&stride, part.p, sizeof(stride));
	part.p += sizeof(stride);
	part.n -= sizeof(stride);
	if (stride < known_len[kind] || stride % sizeof(u32))
		return -EBADMSG;
	for (u64 at = 0; at < part.n;) {
		const void *p = bytes_at(part, at, sizeof(run));

		if (!p)
			return -EBADMSG;
		memcpy(&run, p, sizeof(run));
		at += sizeof(run);
		if (!run.n || !bytes_at(part, at, (u64)run.n * stride))
			return -EBADMSG;
		at += (u64)run.n * stride;
	}
	if (part.n > UINT32_MAX)
		return -EBADMSG;
	e->part[kind] = part;
	e->stride[kind] = stride;
	return 0;
}

int ext_open(struct ext *out, const struct btf *btf, struct bytes blob)
{
	struct ext e = {.btf = btf};
	struct ext_header h = {0};
	const void *p = bytes_at(blob, 0, offsetof(struct ext_header, part));

	if (!p)
		return -EBADMSG;
	memcpy(&h, p, offsetof(struct ext_header, part));
	if (h.magic != BTF_MAGIC || h.version != BTF_VERSION || h.flags ||
	    h.hdr_len < offsetof(struct ext_header, part[EXT_CORE]))
		return -EBADMSG;
	/* without CO-RE the header is shorter: what is missing is empty */
	p = bytes_at(blob, 0, MIN(h.hdr_len, (u32)sizeof(h)));
	if (!p)
		return -EBADMSG;
	memcpy(&h, p, MIN(h.hdr_len, (u32)sizeof(h)));
	for (u32 k = 0; k < EXT_KINDS; k++) {
		struct bytes part = {.n = h.part[k].len};
		int err;

		if (!part.n)
			continue;
		part.p = bytes_at(blob, (u64)h.hdr_len + h.part[k].off, part.n);
		err = part.p && h.part[k].off % sizeof(u32) == 0 ?
			open_part(&e, (enum ext_kind)k, part) : -EBADMSG;
		if (err)
			return err;
	}
	*out = e;
	return 0;
}

bool ext_next(const struct ext *e, enum ext_kind kind, u32 *at, struct ext_run *out)
{
	struct run_header run;
	const void *p = bytes_at(e->part[kind], *at, sizeof(run));

	if (!p)
		return false;
	memcpy(&run, p, sizeof(run));
	*at += (u32)sizeof(run);
	*out = (struct ext_run){
		.section = btf_str(e->btf, run.name_off),
		.rec = e->part[kind].p + *at,
		.n = run.n,
		.stride = e->stride[kind],
	};
	*at += run.n * e->stride[kind];
	return true;
}
