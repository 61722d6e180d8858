/* proc/sockets.c - which connection a socket's inode is. */
#include "proc/sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
static bool parse_address(const char *hex, char *out, size_t cap)
{
	size_t digits = strcspn(hex, ":");
	u32 word[4];
	char text[INET6_ADDRSTRLEN];
	unsigned port;

	if ((digits != 8 && digits != 32) || sscanf(hex + digits, ":%x", &port) != 1)
		return false;
	for (size_t i = 0; i < digits / 8; i++)
		if (sscanf(hex + 8 * i, "%8" SCNx32, &word[i]) != 1)
			return false;
	if (!inet_ntop(digits == 8 ? AF_INET : AF_INET6, word, text, sizeof(text)))
		return false;
	snprintf(out, cap, digits == 8 ? "%s:%u" : "[%s]:%u", text, port);
	return true;
}

/* "0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 12345 ...", proc_pid_net(5) */
static bool parse_inet(const char *proto, const char *line, u64 *inode, char text[static SOCKET_TEXT])
{
	char local[64], remote[64], from[64], to[64];
	bool tcp = !strncmp(proto, "TCP", 3);
	unsigned state;

	if (sscanf(line, " %*[0-9]: %63s %63s %x %*s %*s %*s %*s %*s %" SCNu64, local, remote, &state,
		   inode) != 4 ||
	    !parse_address(local, from, sizeof(from)) || !parse_address(remote, to, sizeof(to)))
		return false;
	if (strspn(remote, "0:") == strlen(remote))
		snprintf(to, sizeof(to), "*");
	snprintf(text, SOCKET_TEXT, "%s %s > %s %s", proto, from, to,
		 tcp && state < ARRAY_LEN(tcp_states) ? tcp_states[state] : "");
	text[strlen(text) - (text[strlen(text) - 1] == ' ')] = 0;
	return true;
}

/* "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/x", unix(7) */
static bool parse_unix(const char *line, u64 *inode, char text[static SOCKET_TEXT])
{
	static const char *const types[] = {"", " stream", " dgram", "", "", " seqpacket"};
	unsigned type;
	int path = 0;

	if (sscanf(line, "%*x: %*x %*x %*x %x %*x %" SCNu64 "%n", &type, inode, &path) != 2)
		return false;
	path += line[path] == ' ';
	snprintf(text, SOCKET_TEXT, "unix%s %.200s", type < ARRAY_LEN(types) ? types[type] : "",
		 line + path);
	text[strcspn(text, "\n")] = 0;
	return true;
}

/* "0000000000000000 0 1234 00000000 0 0 0 2 0 12345", the last word */
static bool parse_netlink(const char *line, u64 *inode, char text[static SOCKET_TEXT])
{
	unsigned family;

	if (sscanf(line, "%*x %u %*s %*s %*s %*s %*s %*s %*s %" SCNu64, &family, inode) != 2)
		return false;
	snprintf(text, SOCKET_TEXT, "netlink family %u", family);
	return true;
}

bool socket_parse(const char *proto, const char *line, u64 *inode, char text[static SOCKET_TEXT])
{
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
	char path[32], text[SOCKET_TEXT], *line = NULL;
	size_t room = 0;
	u64 inode = 0;
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "net/%s", file);
	fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
	f = fd < 0 ? NULL : fdopen(fd, "r");
	while (f && getline(&line, &room, f) > 0)
		if (socket_parse(proto, line, &inode, text) && inode && !keep(s, inode, text))
			break;
	if (f)
		fclose(f);
	free(line);
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
