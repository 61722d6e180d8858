/* proc/sockets.h - which connection a socket's inode is: the tables in /proc/net,
 * as its network namespace has them. */
#ifndef PROC_SOCKETS_H
#define PROC_SOCKETS_H

#include "loader/base.h"

enum { SOCKET_TEXT = 256 };

struct sockets;		/* opaque: owns what was read */

/* dir_fd is /proc/PID.  NULL without memory; tables that are not there are empty. */
struct sockets *sockets_read(int dir_fd);
void sockets_free(struct sockets *s);		/* takes NULL */

/* "TCP 127.0.0.1:22 > 127.0.0.1:40000 ESTABLISHED", "unix /run/x".  False:
 * nobody knows it. */
bool sockets_find(const struct sockets *s, u64 inode, char text[static SOCKET_TEXT]);

/* One line of such a table, for the test.  proto: "TCP", "TCP6", "unix". */
bool socket_parse(const char *proto, const char *line, u64 *inode, char text[static SOCKET_TEXT]);

#endif
