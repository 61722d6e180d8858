/* proc/program_net.h - BPF programs that rtnetlink attached to interfaces: XDP, and
 * filters of clsact, neither of which has a link. */
#ifndef PROC_PROGRAM_NET_H
#define PROC_PROGRAM_NET_H

#include "loader/base.h"

enum { NET_NAME = 16, NET_INTERFACES = 256 };	/* IFNAMSIZ; those beyond are not looked at */

struct net_interface {
	u32 index;
	u32 xdp[4];		/* ids: generic or the only one, driver's, skb's, hardware's; 0: none */
	char name[NET_NAME];
};

/* What the kernel writes, taken apart.  True while more may come. */
bool net_parse_links(struct bytes messages, struct net_interface *i, u32 *n);
/* ids[] is filled up to max. */
bool net_parse_filters(struct bytes messages, u32 *ids, u32 *n, u32 max);

/* Interfaces of our network namespace; returns how many, 0: they cannot be had. */
u32 net_interfaces(int sock, struct net_interface *i);
/* Ids of the programs that its filters run. */
u32 net_filters(int sock, u32 index, bool egress, u32 *ids, u32 max);
/* A socket for both, or -errno. */
int net_open(void);

#endif
