/* proc/hidden.c - see proc/hidden.h. */
#include "proc/hidden.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "proc/dirscan.h"

void hidden_look(struct hidden *h, const struct task_table *t)
{
	static struct dirscan dir;
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *name;

	h->looked = true;
	if (fd < 0)
		return;
	dirscan_begin(&dir, fd);
	while ((name = dirscan_next(&dir))) {
		u32 pid = (u32)strtoul(name, NULL, 10);

		if (pid && h->n < HIDDEN_MAX && task_table_find(t, pid, 0) == TASK_NONE &&
		    proc_watch_open(&h->watch[h->n], pid) == 0)
			h->n++;
	}
	close(fd);
}

void hidden_add(struct hidden *h, const struct task_request *req, struct task_table *t)
{
	bool check = h->checks < HIDDEN_CHECKS;
	u32 kept = 0;

	for (u32 i = 0; i < h->n; i++) {
		struct proc_watch *w = &h->watch[i];

		/* one that the walk shows now had only just started */
		if ((!check || task_table_find(t, w->pid, 0) == TASK_NONE) && proc_watch_sample(w, req, t) == 0)
			h->watch[kept++] = *w;
		else
			proc_watch_close(w);
	}
	h->n = kept;
	h->checks += h->looked && check;
}

void hidden_close(struct hidden *h)
{
	while (h->n)
		proc_watch_close(&h->watch[--h->n]);
}
