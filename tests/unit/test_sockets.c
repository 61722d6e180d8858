/* tests/unit/test_sockets.c - lines of /proc/net. */
#include "proc/sockets.h"
#include "tests/unit/test.h"

static void lines(void)
{
	static const struct {
		const char *proto, *line;
		u64 inode;
		const char *want;	/* NULL: refused */
	} rows[] = {
		{"TCP", "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 x",
		 12345, "TCP 127.0.0.1:8080 > * LISTEN"},
		{"TCP", "  10: 0100007F:1F90 0200007F:0016 01 00000000:00000000 00:00000000 00000000     0        0 7 1",
		 7, "TCP 127.0.0.1:8080 > 127.0.0.2:22 ESTABLISHED"},
		{"UDP6", "  1: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 0:0 00:0 0 0 0 8 2",
		 8, "UDP6 [::1]:53 > *"},
		{"unix", "0000000000000000: 00000002 00000000 00010000 0001 01 4711 /run/x y", 4711,
		 "unix stream /run/x y"},
		{"unix", "0000000000000000: 00000002 00000000 00010000 0002 01 4712", 4712, "unix dgram "},
		{"netlink", "00000000e8f3a6a1 16  1234   00000000 0        0        0     2        0        99",
		 99, "netlink family 16"},
		{"TCP", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt", 0, NULL},
		{"unix", "Num       RefCount Protocol Flags    Type St Inode Path", 0, NULL},
		{"TCP", "", 0, NULL},
		{"TCP", "0: 0100007F 0:0 0A 0 0 0 0 0 5", 0, NULL},
		{"TCP", "0: 0100007F:1 010000:2 0A 0 0 0 0 0 5", 0, NULL},
		{"TCP", "0: zz00007F:1 0100007F:2 0A 0 0 0 0 0 5", 0, NULL},
		{"TCP", "0: 0100007F00000000:1 0100007F:2 0A 0 0 0 0 0 5", 0, NULL},
		{"TCP", "0: 0100007F: 0100007F:2 0A 0 0 0 0 0 5", 0, NULL},
		{"TCP", "0: 0100007F:1FFFFFFFF 0100007F:2 0A 0 0 0 0 0 5", 0, NULL},
		{"TCP", "0: 0100007F:1 0100007F:2 XX 0 0 0 0 0 5", 0, NULL},
		{"TCP", "0: 0100007F:1 0100007F:2 FF 0:0 0:0 0 0 0 5", 5, "TCP 127.0.0.1:1 > 127.0.0.1:2"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[SOCKET_TEXT];
		u64 inode = 0;
		bool ok = socket_parse(rows[i].proto, rows[i].line, &inode, text);

		CHECK_EQ_ROW(i, ok, rows[i].want != NULL);
		if (ok && rows[i].want) {
			CHECK_STR_ROW(i, text, rows[i].want);
			CHECK_EQ_ROW(i, inode, rows[i].inode);
		}
	}
}

TESTS(sockets, {"lines", lines});
