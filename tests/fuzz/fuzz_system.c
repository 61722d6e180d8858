/* tests/fuzz/fuzz_system.c - any bytes at all must be accepted or refused. */
#include "proc/devices.h"
#include "proc/system.h"
#include "proc/systemd.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

/* The first byte says whose file it is. */
int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct cpu_raw cpu[4];
	struct snapshot snap = {.cpu = cpu, .cpu_cap = ARRAY_LEN(cpu)};
	struct bus_message m;
	struct bytes text;
	int err = 0;

	if (!n)
		return 0;
	text = (struct bytes){p + 1, n - 1};
	switch (p[0] % 11) {
	case 0: err = stat_parse(&snap, text); break;
	case 1: err = meminfo_parse(&snap.mem, text); break;
	case 2: err = loadavg_parse(&snap.loadavg, text); break;
	case 3: err = vmstat_parse(&snap.vmstat, text); break;
	case 4: err = pressure_parse(&snap.pressure[0], text); break;
	case 6: err = arcstats_parse(&snap.mem.arc, text); break;
	case 7: err = file_nr_parse(&snap.files, text); break;
	case 8: err = disk_stat_parse(&snap.disks.dev[0], text); break;
	case 10: err = bus_message_parse(&m, text) > (s64)text.n; break;
	case 9: err = power_supply_parse(&snap.battery, text); break;
	case 5: err = zram_mm_stat_parse(&snap.zram, text); break;
	}
	if (err > 0 || (!err && snap.ncpu > 65536))
		__builtin_trap();
	return 0;
}
