/* ui/state.h - all that the person at the keyboard has chosen.  Keys change
 * this and nothing else; it says which sources are needed. */
#ifndef UI_STATE_H
#define UI_STATE_H

#include "proc/act.h"
#include "proc/inspect.h"
#include "ui/clipboard.h"
#include "ui/columns.h"
#include "ui/field.h"
#include "ui/idset.h"
#include "ui/jumps.h"
#include "ui/options.h"
#include "ui/program_columns.h"
#include "ui/settings.h"

#include <limits.h>

/* Who has the keys. */
enum mode {
	MODE_NORMAL,
	MODE_SEARCH,		/* F3 or /: typing a search */
	MODE_FILTER,		/* F4 or \: typing a filter */
	MODE_SORT,		/* F6: choosing a column */
	MODE_USER,		/* u: choosing a user */
	MODE_HELP,
	MODE_SIGNAL,		/* F9 or k: choosing a signal */
	MODE_AFFINITY,		/* a: choosing CPUs */
	MODE_IO_PRIORITY,	/* i */
	MODE_POLICY,		/* Y: choosing a scheduling policy, */
	MODE_RT_PRIORITY,	/* and for some of them a priority */
	MODE_ASK,		/* is it to be done to all of these? */
	MODE_RESULT,		/* how it went, one by one */
	MODE_INSPECT,		/* e, l, w, x: a list about one process */
	MODE_INSPECT_SEARCH,
	MODE_INSPECT_FILTER,
	MODE_DETAIL,		/* Enter: the page about one process */
	MODE_VISUAL,		/* V: choosing a range of lines; the table stands still */
	MODE_SETUP,		/* F2: changing the settings */
	MODE_SETUP_TEXT,	/* typing a name or a number there */
	MODE_STOP,		/* f: freeze or thaw these? and how it went */
	MODE_PROGRAMS,		/* the table of BPF programs */
	MODE_PROGRAMS_FILTER,
	MODE_PROGRAMS_SEARCH,
	MODE_PROGRAM,		/* Enter there: the page about one of them */
	MODE_EMERGENCY,		/* !: who takes the memory */
	MODE_CGROUPS,		/* no mode: what keys mean in MODE_NORMAL while cgroups are shown */
	MODE_N
};

enum { MENU_MAX = CPUSET_CPUS, MENU_TYPED = 32 };

struct menu {
	u32 n, cursor, top;
	u32 lost;			/* entries that found no room */
	char typed[MENU_TYPED];		/* what was typed to jump */
	u32 value[MENU_MAX];		/* a uid, a column, a CPU */
};

/* What can be done to a process. */
enum deed_kind {
	DEED_SIGNAL, DEED_NICE, DEED_AFFINITY, DEED_IO_PRIORITY, DEED_POLICY, DEED_AUTOGROUP, DEED_N
};

struct deed_target {
	struct task_id id;
	bool thread;
	s32 err;			/* how it went: 0 or -errno */
	s32 was;			/* its autogroup's nice value before */
	char comm[TASK_COMM];
};

struct deed {
	enum deed_kind kind;
	s32 arg;			/* signal; what to add to the nice value; policy to come */
	struct act_sched sched;		/* of the first target; then what is chosen */
	bool look;			/* the loop is to read that, for a menu */
	bool due;			/* the loop is to do it */
	bool done;
	u64 asked_ns;			/* CLOCK_MONOTONIC */
	u32 top;			/* first line of the list on the screen */
	u32 n;
	struct deed_target target[IDSET_MAX];
};

enum { STOP_TARGETS = 64, STOP_TEXT = 8192, STOP_PIDS = 256 };

/* What can be meant by a row. */
enum stop_choice {
	STOP_OWNER,		/* its container or unit, whole */
	STOP_CGROUP,		/* its cgroup, whole, where that is another */
	STOP_ALONE,		/* the process alone */
	STOP_END,		/* everybody in the cgroup is ended */
	STOP_CHOICES
};

enum stop_wish { STOP_NOTHING, STOP_LOOK, STOP_AT_ONCE, STOP_FIRST_AID, STOP_GO };

struct stop_target {
	struct task_id who;		/* pid 0: the cgroup, whole */
	u16 path;			/* of that, in text[] */
	u8 hierarchy;			/* enum hierarchy_id */
	u8 deed;			/* enum stop_deed */
};

struct stop_view {
	enum stop_wish wish;		/* to the loop */
	bool fresh;			/* with STOP_LOOK: the default is chosen, too */
	bool done, busy;
	bool offered;			/* left by an earlier run */
	bool guarded;
	u8 typed;			/* letters of "yes" */
	u8 choice, choices;		/* enum stop_choice; bits of those there are */
	u64 asked_ns;			/* CLOCK_MONOTONIC */
	u32 top, lines;			/* of those who stop, or of what went wrong: first on the screen, and all */
	u32 nwho;			/* the rows: processes, */
	struct task_id who[STOP_TARGETS];
	u32 own;			/* or cgroups: so much of text[] are their paths; */
	bool v1;			/* of v1's freezer */
	u32 rows_lost, lost;		/* rows, and with them targets, that found no room */
	u32 n, at;			/* targets, and the one that is being done */
	struct stop_target target[STOP_TARGETS];
	u32 nfailed, nfrozen, nthawed;
	u32 processes, npid;		/* who stops, and the first of them */
	u32 pid[STOP_PIDS];
	char why[192];			/* it is guarded */
	u32 used, told_n;		/* of text[] and told[] */
	char text[STOP_TEXT];		/* paths, each with its NUL; hostile */
	char told[4096];		/* what went wrong, in lines; hostile */
};

struct inspect_view {
	bool wish, leave;		/* wishes to the session: (re)open it, close it */
	enum inspect_kind kind;
	struct task_id who;
	char comm[TASK_COMM];
	char search[FILTER_TEXT], filter[FILTER_TEXT];
	bool search_failed;
	bool has_hit;
	bool stopped, still;		/* of INSPECT_CALLS: none is taken down; the list does not scroll by itself */
	u32 hit;			/* the line found, counted among those shown */
	u32 top, hscroll;
	u64 dropped;			/* inspect_dropped() when top was true */
};

/* The page about one process. */
struct detail {
	bool wish, leave;		/* wishes to the session, as above */
	bool gone;			/* it has ended: what follows is as it was last seen */
	struct task_id who;
	u32 line, top, lines;		/* the cursor's, the first on the screen, all */
	u64 seen_boot_ns;		/* CLOCK_BOOTTIME */
	struct task task;
	struct task_row row;		/* of that task */
	u32 cmdline_n;
	char cmdline[2048];		/* hostile; a NUL after each argument */
};

/* What is to be copied. */
struct yank {
	bool due;			/* a wish to the session */
	u32 n, lines;			/* bytes of text; lines, one for each process */
	char wait;			/* to be copied once a sample has what it takes; 0: nothing */
	u32 extra;			/* enum task_extra: that */
	u64 wait_boot_ns;		/* of the sample that has it not */
	char text[CLIPBOARD_TEXT];
};

enum { SETUP_PANELS = 2 + HEADER_COLUMNS };

/* Categories at the left, and to the right of them the panels of one. */
struct setup_view {
	u8 category;
	u8 focus;			/* which panel has the keys */
	bool moving;			/* arrows carry the item along */
	bool settled;			/* the header was named by us, and is as it was */
	u8 theme;			/* chosen; the cursor shows others */
	u32 cursor[SETUP_PANELS], top[SETUP_PANELS];
	char text[FILTER_TEXT];		/* being typed */
};

enum { PROGRAMS_TAGGED = 7, PROGRAM_ATTACH_ROOM = 1024 };

struct program_tagged {
	struct program_id who;
	char name[32];			/* hostile; as it was when it was tagged */
};

struct programs_view {
	struct program_spec spec;
	u8 scroll;			/* columns scrolled away */
	bool stale;			/* the order no longer fits the choices */
	u64 built_boot_ns;		/* boot_ns of the model it was built from */
	u32 n, line, top;		/* programs shown; as those of the table of processes */
	u32 cursor;			/* id of the program it stays on */
	u32 ntag;
	struct program_tagged tag[PROGRAMS_TAGGED];	/* to be laid over the page's program */
};

/* The page about one BPF program. */
struct program_page {
	struct program_id who;		/* id 0: there is no page */
	bool gone;			/* unloaded: what follows is as it was last seen */
	u32 top, lines;			/* first line on the screen, all */
	u64 seen_boot_ns;		/* CLOCK_BOOTTIME */
	struct program_run run;
	struct program_facts facts;
	struct program_row row;		/* of both */
	u32 attach_n;
	char attach[PROGRAM_ATTACH_ROOM];	/* hostile */
};

/* What the table shows, and in which order. */
struct shown {
	struct order_spec spec;
	struct column_list columns;
	enum column_id sort;
	struct sort_choice other_sort;
};

enum { EMERGENCY_KEYS = 9 };

struct emergency {
	bool on;
	enum view view;
	struct shown before;		/* and again afterwards */
	struct {			/* the first lines of the table, as they were drawn: */
		struct task_id who;
		u64 since_ns;		/* in this line; CLOCK_MONOTONIC */
	} line[EMERGENCY_KEYS];
};

/* What of the table is each view's own: of the one that is not shown. */
struct view_keep {
	char filter[FILTER_TEXT];
	struct task_id cursor;
	u32 line, top;
	bool fold_all;
};

struct ui_state {
	enum mode mode;
	struct settings settings;	/* but for what has a field of its own below: ui_state_settings() */
	u32 tab;			/* of settings.tab: whose columns and order those below are */
	struct order_spec spec;
	struct column_list columns;
	struct row_look look;
	enum column_id sort;		/* spec.key and spec.text follow from it */
	struct sort_choice other_sort;	/* the tree's while the list is shown, and the reverse */
	struct task_id cursor;		/* the task it stays on; pid 0: none chosen yet, line 0 */
	u32 line;			/* where it was last seen: taken when the task is gone */
	u32 top;			/* first line on the screen */
	u32 body_rows;			/* lines of the table that were on the screen */
	u32 hscroll;			/* columns scrolled to the right */
	bool reveal;			/* the cursor was moved: scroll to it in the next frame */
	bool follow;			/* scroll with the cursor's task wherever it is sorted */
	bool paused;
	bool no_header;
	bool ascii;
	bool read_only;
	u64 delay_ns;
	bool ludicrous;			/* frames are counted, and rows change places more slowly */
	u32 own_uid;
	char search[FILTER_TEXT];
	bool search_failed;
	struct filter filter;		/* spec.program, once it is more than plain text */
	char filter_typed[FILTER_TEXT];	/* in the field: in force once it parses */
	struct parse_error filter_error;	/* of what is typed; why is NULL: none */
	u32 field_at;			/* cursor in the text being typed, a byte */
	struct line_history searches, filters;
	struct menu menu;
	u32 help_top;
	u32 pid_typed;			/* incremental search for a pid */
	u32 prefix;			/* first key of a sequence, 0 */
	bool fold_all;			/* folded[] names the exceptions */
	struct idset folded;		/* whose children are hidden */
	struct idset tagged;
	struct task_id watched;		/* its long history is kept (proc/history.h); pid 0: nobody's */
	struct task_id anchor;		/* visual mode: the other end of the range */
	struct jumps jumps;
	struct yank yank;
	struct task_id clicked;		/* the row of the last click, pid 0: something else came since */
	u64 clicked_ns;			/* CLOCK_MONOTONIC */
	bool click_folded;		/* that click folded it */
	bool hide_cursor;		/* Esc: until the next key */
	struct deed deed;
	struct stop_view stop;
	struct inspect_view inspect;
	struct detail detail;
	struct setup_view setup;
	struct emergency emergency;
	enum view view;
	struct view_keep other;		/* of cgroups while spec.groups is off, of processes while it is on */
	u8 output;			/* enum output */
	char within[PATH_MAX];		/* spec.within: Enter on a cgroup */
	u32 views;			/* 1 << enum view: those that have a tab, beside the processes' own */
	struct programs_view programs;
	struct program_page program;
	u32 last_signal;		/* the menu points at it */
	bool order_stale;		/* the order no longer fits the choices above */
	u64 order_boot_ns;		/* boot_ns of the model it was built from */
	u32 order_places;		/* and its places */
	char message[128];		/* one line above the keys, until message_until_ns */
	u64 message_until_ns;
	bool quit, resample, suspend, redraw_all;	/* wishes to the loop */
	bool save;			/* likewise: write the settings */
	bool restyle;			/* likewise: the theme or a colour is another */
	bool forget;			/* with resample: we slept, rates across it mean nothing */
	bool interrupt;			/* with quit: by Ctrl-C, status 130 */
	bool begun;			/* ui_state_init() was here */
};

/* ui: zeros, or one that was begun before.  Most of its 460 KB is room for what
 * few people do, and no page of that is touched before they do. */
void ui_state_init(struct ui_state *ui, const struct options *o, u32 own_uid);

/* The mode in which the table of the view has the keys. */
enum mode ui_state_home(const struct ui_state *ui);

/* Whose keys they are: the mode, but for MODE_CGROUPS. */
enum mode ui_state_keys(const struct ui_state *ui);

/* The processes in a cgroup and below it; that view, and back. */
void ui_state_enter(struct ui_state *ui, const struct cgroup *g);

/* enum source bits that what is shown needs. */
u32 ui_state_needs(const struct ui_state *ui);
/* enum task_extra bits, likewise. */
u32 ui_state_extra(const struct ui_state *ui);
/* 1 << enum cgroup_file: of the cgroups on the screen, and of all there are. */
u32 ui_state_group_files(const struct ui_state *ui);
u32 ui_state_group_files_of_all(const struct ui_state *ui);
/* enum fact bits: of the rows on the screen. */
u32 ui_state_facts(const struct ui_state *ui);
/* Whether a column shows every process's last samples (proc/history.h). */
bool ui_state_history(const struct ui_state *ui);

/* Columns: units, then whole cgroups, then neither. */
void ui_state_units(struct ui_state *ui);

/* What stands for a column of processes among cgroups. */
enum column_id ui_state_column(const struct ui_state *ui, enum column_id id);
void ui_state_sort(struct ui_state *ui, enum column_id column, bool descending);
/* List to tree and back, each with its own sort column, as in htop. */
void ui_state_tree(struct ui_state *ui);

/* To another tab of the processes; each keeps its columns, its order and whether
 * it is a tree. */
void ui_state_tab(struct ui_state *ui, u32 tab);
/* To another view: its table has the keys. */
void ui_state_view(struct ui_state *ui, enum view view);

/* The delay in force: in an emergency no rate is worked out of fewer samples. */
u64 ui_state_delay(const struct ui_state *ui);

/* The settings with all that was changed since the start. */
void ui_state_settings(const struct ui_state *ui, struct settings *s);
/* Takes over ui->settings, of which a copy of a field below was changed. */
void ui_state_apply(struct ui_state *ui);
/* Puts a filter in force, plain or not.  False, and *e says why, when it does
 * not parse: then the one before stays. */
bool ui_state_filter(struct ui_state *ui, const char *text, struct parse_error *e) MUST_CHECK;

/* Whether a process's children are hidden; arg is the ui_state. */
bool ui_state_folded(const void *arg, const struct task *t);
/* Hides or shows them; false when no more can be remembered. */
bool ui_state_fold(struct ui_state *ui, const struct task *t, bool fold);

/* Shown above the keys for three seconds. */
void ui_state_say(struct ui_state *ui, u64 now_ns, const char *text);

#endif
