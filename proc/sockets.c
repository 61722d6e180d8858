/* proc/sockets.c - which connection a socket's inode is. */
#include "proc/sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proc/lines.h"
#include "proc/scan.h"

struct socket {
	u64 inode;
	char *text;		/* owned */
};

struct sockets {
	struct socket *list;	/* owned, by inode */
	size_t n, cap;
};

/* include/net/tcp_states.h */
static const char *const tcp_states[] = {
	"", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
	"CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV", "BOUND_INACTIVE",
};

/* ---- one line ---- */

/* "0100007F:1F90", the words of the address as the machine has them. */
static bool parse_address(struct bytes field, char *out, size_t cap)
{
	struct scan port = scan_of(field);
	u32 word[4], number;
	char text[INET6_ADDRSTRLEN];
	size_t words = 0;

	while (words < ARRAY_LEN(word) && scan_left(&port) > 8) {
		struct scan hex = {port.at, port.at + 8};

		if (!scan_hex(&hex, &word[words++]) || scan_left(&hex))
			return false;
		port.at += 8;
		if (*port.at == ':')
			break;
	}
	if ((words != 1 && words != 4) || !scan_byte(&port, ':') || !scan_hex(&port, &number))
		return false;
	if (!inet_ntop(words == 1 ? AF_INET : AF_INET6, word, text, sizeof(text)))
		return false;
	snprintf(out, cap, words == 1 ? "%s:%u" : "[%s]:%u", text, number);
	return true;
}

static bool all_zero(struct bytes address)
{
	for (size_t i = 0; i < address.n; i++)
		if (address.p[i] != '0' && address.p[i] != ':')
			return false;
	return true;
}

/* "0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 12345 ...", proc_pid_net(5) */
static bool parse_inet(const char *proto, struct scan line, u64 *inode, char text[static SOCKET_TEXT])
{
	struct bytes local, remote, hex;
	char from[64], to[64];
	bool tcp = !strncmp(proto, "TCP", 3);
	struct scan state;
	u32 number;

	if (!scan_skip(&line, 1) || !scan_field(&line, &local) || !scan_field(&line, &remote) ||
	    !scan_field(&line, &hex) || !scan_skip(&line, 5) || !scan_u64(&line, inode))
		return false;
	state = scan_of(hex);
	if (!scan_hex(&state, &number) || !parse_address(local, from, sizeof(from)) ||
	    !parse_address(remote, to, sizeof(to)))
		return false;
	if (all_zero(remote))
		snprintf(to, sizeof(to), "*");
	snprintf(text, SOCKET_TEXT, "%s %s > %s %s", proto, from, to,
		 tcp && number < ARRAY_LEN(tcp_states) ? tcp_states[number] : "");
	text[strlen(text) - (text[strlen(text) - 1] == ' ')] = 0;
	return true;
}

/* "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/x", unix(7) */
static bool parse_unix(struct scan line, u64 *inode, char text[static SOCKET_TEXT])
{
	static const char *const types[] = {"", " stream", " dgram", "", "", " seqpacket"};
	struct bytes hex;
	struct scan type;
	u32 number;

	if (!scan_skip(&line, 4) || !scan_field(&line, &hex) || !scan_skip(&line, 1) ||
	    !scan_u64(&line, inode))
		return false;
	type = scan_of(hex);
	if (!scan_hex(&type, &number))
		return false;
	scan_byte(&line, ' ');
	snprintf(text, SOCKET_TEXT, "unix%s %.*s", number < ARRAY_LEN(types) ? types[number] : "",
		 (int)MIN(scan_left(&line), 200), (const char *)line.at);
	text[strcspn(text, "\n")] = 0;
	return true;
}

/* "0000000000000000 0 1234 00000000 0 0 0 2 0 12345", the last word */
static bool parse_netlink(struct scan line, u64 *inode, char text[static SOCKET_TEXT])
{
	u32 family;

	if (!scan_skip(&line, 1) || !scan_u32(&line, &family) || !scan_skip(&line, 7) ||
	    !scan_u64(&line, inode))
		return false;
	snprintf(text, SOCKET_TEXT, "netlink family %u", family);
	return true;
}

bool socket_parse(const char *proto, const char *words, u64 *inode, char text[static SOCKET_TEXT])
{
	struct scan line = scan_of((struct bytes){(const unsigned char *)words, strlen(words)});

	if (!strcmp(proto, "unix"))
		return parse_unix(line, inode, text);
	if (!strcmp(proto, "netlink"))
		return parse_netlink(line, inode, text);
	return parse_inet(proto, line, inode, text);
}

/* ---- all tables ---- */

static bool keep(struct sockets *s, u64 inode, const char *text)
{
	char *copy;

	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 256;
		struct socket *grown = realloc(s->list, cap * sizeof(*grown));

		if (!grown)
			return false;
		s->list = grown;
		s->cap = cap;
	}
	copy = strdup(text);
	if (copy)
		s->list[s->n++] = (struct socket){inode, copy};
	return copy;
}

static void read_table(struct sockets *s, int dir_fd, const char *file, const char *proto)
{
	char path[32], text[SOCKET_TEXT], *line;
	struct lines table;
	u64 inode = 0;

	snprintf(path, sizeof(path), "net/%s", file);
	table = lines_open(dir_fd, path);
	while ((line = lines_next(&table)))
		if (socket_parse(proto, line, &inode, text) && inode && !keep(s, inode, text))
			break;
	lines_close(&table);
}

static int by_inode(const void *a, const void *b)
{
	u64 x = ((const struct socket *)a)->inode, y = ((const struct socket *)b)->inode;

	return (x > y) - (x < y);
}

struct sockets *sockets_read(int dir_fd)
{
	static const char *const tables[][2] = {
		{"tcp", "TCP"}, {"tcp6", "TCP6"}, {"udp", "UDP"}, {"udp6", "UDP6"},
		{"udplite", "UDPLITE"}, {"raw", "RAW"}, {"raw6", "RAW6"}, {"unix", "unix"},
		{"netlink", "netlink"},
	};
	struct sockets *s = calloc(1, sizeof(*s));

	for (size_t i = 0; s && i < ARRAY_LEN(tables); i++)
		read_table(s, dir_fd, tables[i][0], tables[i][1]);
	if (s)
		qsort(s->list, s->n, sizeof(*s->list), by_inode);
	return s;
}

void sockets_free(struct sockets *s)
{
	for (size_t i = 0; s && i < s->n; i++)
		free(s->list[i].text);
	if (s)
		free(s->list);
	free(s);
}

bool sockets_find(const struct sockets *s, u64 inode, char text[static SOCKET_TEXT])
{
	const struct socket want = {.inode = inode};
	const struct socket *hit = s && s->n ? bsearch(&want, s->list, s->n, sizeof(want), by_inode) : NULL;

	if (!hit)
		return false;
	snprintf(text, SOCKET_TEXT, "%s", hit->text);
	return true;
}
