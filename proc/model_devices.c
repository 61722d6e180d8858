/* proc/model_devices.c - what devices did in the window. */
#include "proc/model_devices.h"

/* One that is seen for the first time has no rate yet: it is left out, for this
 * window.  One whose counter went back makes the whole sum unknown. */
static void rates_step(struct rates_model *r, const struct devices_raw *prev,
		       const struct devices_raw *cur, u64 window_ns)
{
	*r = (struct rates_model){.devices = cur->n, .known = window_ns};
	for (u32 i = 0; i < cur->n; i++) {
		const struct device_raw *c = &cur->dev[i], *p = prev->dev;
		u32 at = 0;

		while (at < prev->n && p[at].key != c->key)
			at++;
		for (u32 k = 0; k < DEVICE_COUNTS && at < prev->n; k++) {
			u64 d = 0;

			r->known &= counter_delta(p[at].count[k], c->count[k], &d);
			d = mul_div(d, NSEC_PER_SEC, window_ns);
			r->per_s[k] += d;
			r->most[k] = MAX(r->most[k], d);
		}
	}
}

void model_devices_step(struct model *m, const struct snapshot *prev, const struct snapshot *cur)
{
	static const struct {
		enum source src;
		size_t from, to;
	} kinds[] = {
		{SRC_DISKS, offsetof(struct snapshot, disks), offsetof(struct model, disks)},
		{SRC_NETWORK, offsetof(struct snapshot, network), offsetof(struct model, network)},
	};

	for (u32 i = 0; i < ARRAY_LEN(kinds); i++) {
		struct rates_model *r = (void *)((char *)m + kinds[i].to);

		if (prev && prev->have & cur->have & SRC_BIT(kinds[i].src))
			rates_step(r, (const void *)((const char *)prev + kinds[i].from),
				   (const void *)((const char *)cur + kinds[i].from), m->window_ns);
		else
			*r = (struct rates_model){0};
	}
	m->irq_pressure = cur->irq_pressure;
	m->battery = cur->battery;
	m->files = cur->files;
	m->systemd = cur->systemd;
}
