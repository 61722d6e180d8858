/* proc/program_net.c - see proc/program_net.h. */
#include "proc/program_net.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 32768, HEAD = sizeof(struct nlmsghdr) };

/* ---- taking apart ---- */

static u32 padded(u32 n)
{
	return (n + 3) & ~3u;
}

/* The next message; false at the end, or where it does not hold together. */
static bool next_message(struct bytes *left, u16 *type, struct bytes *body)
{
	struct nlmsghdr h;

	if (left->n < HEAD)
		return false;
	memcpy(&h, left->p, sizeof(h));
	if (h.nlmsg_len < HEAD || h.nlmsg_len > left->n)
		return false;
	*type = h.nlmsg_type;
	*body = (struct bytes){left->p + HEAD, h.nlmsg_len - HEAD};
	h.nlmsg_len = (u32)MIN(padded(h.nlmsg_len), left->n);
	*left = (struct bytes){left->p + h.nlmsg_len, left->n - h.nlmsg_len};
	return true;
}

static bool next_attr(struct bytes *left, u32 *type, struct bytes *value)
{
	struct rtattr a;
	size_t n;

	if (left->n < sizeof(a))
		return false;
	memcpy(&a, left->p, sizeof(a));
	if (a.rta_len < sizeof(a) || a.rta_len > left->n)
		return false;
	*type = a.rta_type & NLA_TYPE_MASK;
	*value = (struct bytes){left->p + sizeof(a), a.rta_len - sizeof(a)};
	n = MIN(padded(a.rta_len), left->n);
	*left = (struct bytes){left->p + n, left->n - n};
	return true;
}

/* The value of the first attribute of a type; n 0: there is none. */
static struct bytes attr(struct bytes in, u32 wanted)
{
	struct bytes value;
	u32 type;

	while (next_attr(&in, &type, &value))
		if (type == wanted)
			return value;
	return (struct bytes){in.p, 0};
}

static u32 number(struct bytes in, u32 wanted)
{
	struct bytes v = attr(in, wanted);
	u32 n = 0;

	if (v.n >= sizeof(n))
		memcpy(&n, v.p, sizeof(n));
	return n;
}

static bool ends(u16 type)
{
	return type == NLMSG_DONE || type == NLMSG_ERROR;
}

bool net_parse_links(struct bytes messages, struct net_interface *interface, u32 *n)
{
	static const u8 kinds[] = {IFLA_XDP_PROG_ID, IFLA_XDP_DRV_PROG_ID, IFLA_XDP_SKB_PROG_ID, IFLA_XDP_HW_PROG_ID};
	struct ifinfomsg head;
	struct bytes body;
	u16 type = 0;

	while (next_message(&messages, &type, &body) && !ends(type)) {
		struct net_interface *i = &interface[*n];
		struct bytes attrs, name;

		if (type != RTM_NEWLINK || body.n < sizeof(head) || *n == NET_INTERFACES)
			continue;
		memcpy(&head, body.p, sizeof(head));
		attrs = (struct bytes){body.p + sizeof(head), body.n - sizeof(head)};
		name = attr(attrs, IFLA_IFNAME);
		*i = (struct net_interface){.index = (u32)head.ifi_index};
		memcpy(i->name, name.p, MIN(name.n, sizeof(i->name) - 1));
		for (u32 k = 0; k < ARRAY_LEN(kinds); k++)
			i->xdp[k] = number(attr(attrs, IFLA_XDP), kinds[k]);
		++*n;
	}
	return !ends(type);
}

bool net_parse_filters(struct bytes messages, u32 *ids, u32 *n, u32 max)
{
	struct bytes body;
	u16 type = 0;
	u32 id;

	while (next_message(&messages, &type, &body) && !ends(type)) {
		if (type != RTM_NEWTFILTER || body.n < sizeof(struct tcmsg) || *n == max)
			continue;
		body = (struct bytes){body.p + sizeof(struct tcmsg), body.n - sizeof(struct tcmsg)};
		id = number(attr(body, TCA_OPTIONS), TCA_BPF_ID);
		if (id)
			ids[(*n)++] = id;
	}
	return !ends(type);
}

/* ---- asking ---- */

int net_open(void)
{
	int sock;

	++syscall_count;
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	return sock < 0 ? -errno : sock;
}

static bool ask(int sock, u16 type, const void *body, size_t n)
{
	struct {
		struct nlmsghdr head;
		char body[32];
	} m = {.head = {.nlmsg_len = (u32)(HEAD + n), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};

	memcpy(m.body, body, n);
	++syscall_count;
	return send(sock, &m, m.head.nlmsg_len, 0) == (ssize_t)m.head.nlmsg_len;
}

static bool hear(int sock, char *room, struct bytes *messages)
{
	ssize_t n;

	++syscall_count;
	do {
		n = recv(sock, room, ROOM, MSG_DONTWAIT);	/* the answer is there when it is asked for */
	} while (n < 0 && errno == EINTR);
	*messages = (struct bytes){(const unsigned char *)room, n > 0 ? (size_t)n : 0};
	return n > 0;
}

static char room[ROOM];

u32 net_interfaces(int sock, struct net_interface *i)
{
	struct ifinfomsg all = {.ifi_family = AF_UNSPEC};
	struct bytes messages;
	u32 n = 0;

	if (!ask(sock, RTM_GETLINK, &all, sizeof(all)))
		return 0;
	while (hear(sock, room, &messages) && net_parse_links(messages, i, &n))
		;
	return n;
}

u32 net_filters(int sock, u32 index, bool egress, u32 *ids, u32 max)
{
	struct tcmsg where = {
		.tcm_family = AF_UNSPEC, .tcm_ifindex = (int)index,
		.tcm_parent = TC_H_MAKE(TC_H_CLSACT, egress ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS),
	};
	struct bytes messages;
	u32 n = 0;

	if (!ask(sock, RTM_GETTFILTER, &where, sizeof(where)))
		return 0;
	while (hear(sock, room, &messages) && net_parse_filters(messages, ids, &n, max))
		;
	return n;
}
