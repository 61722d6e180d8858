/* ui/config_file.h - where the configuration lies, and how it is read and saved:
 * never more than the person's own files, by the person's own rights. */
#ifndef UI_CONFIG_FILE_H
#define UI_CONFIG_FILE_H

#include "ui/config.h"

enum { CONFIG_PATH = 1024, CONFIG_MAX = 65536 };

struct config_file {
	char path[CONFIG_PATH];		/* what a save writes; empty: there is no place */
	bool found;			/* it was there when it was read */
	u64 dev, ino, mtime_ns, size;	/* then */
	struct settings base;		/* what a save compares with */
};

/* Reads /etc/pitstop/config.yaml and the person's own over it; or the one named,
 * alone.  What is wrong goes to the log.  False: the one named cannot be read or
 * is no YAML. */
bool config_load(struct config_file *f, struct settings *s, const char *named, struct config_log *log);

/* Any regular file (or character device, as /dev/null) of at most cap bytes, with
 * no more rights than the person has; its length, or -errno. */
s64 config_slurp(const char *path, char *buf, size_t cap);

/* "$dir_env/rest" or "$HOME/home_rest"; false when neither is set or it is too long. */
bool config_place(char path[static CONFIG_PATH], const char *dir_env, const char *rest, const char *home_rest);

/* Writes what differs between f->base and *now into the person's file, and takes
 * *now for the base.  False: nothing was written.  What happened goes to *said,
 * one line. */
bool config_save(struct config_file *f, const struct settings *now, struct out *said);

#endif
