/* ui/keymap.c - THE key table.  The help screen, the function bar and the
 * manual are made from it.  Where htop has a key, it means the same here. */
#include "ui/keymap.h"
#include "ui/setup.h"

enum {
	IN_PROCESSES = MODE_BIT(MODE_NORMAL),
	IN_CGROUPS = MODE_BIT(MODE_CGROUPS),
	IN_NORMAL = IN_PROCESSES | IN_CGROUPS,
	IN_SEARCH = MODE_BIT(MODE_SEARCH),
	IN_FILTER = MODE_BIT(MODE_FILTER),
	IN_LIST = MODE_BIT(MODE_INSPECT),
	IN_LIST_SEARCH = MODE_BIT(MODE_INSPECT_SEARCH),
	IN_LIST_FILTER = MODE_BIT(MODE_INSPECT_FILTER),
	IN_SETUP = MODE_BIT(MODE_SETUP),
	IN_SETUP_TEXT = MODE_BIT(MODE_SETUP_TEXT),
	IN_PROGRAMS = MODE_BIT(MODE_PROGRAMS),
	IN_PROGRAM = MODE_BIT(MODE_PROGRAM),
	IN_PROGRAMS_FILTER = MODE_BIT(MODE_PROGRAMS_FILTER),
	IN_PROGRAMS_SEARCH = MODE_BIT(MODE_PROGRAMS_SEARCH),
	IN_FIELD = IN_SEARCH | IN_FILTER | IN_LIST_SEARCH | IN_LIST_FILTER | IN_SETUP_TEXT | IN_PROGRAMS_FILTER |
		   IN_PROGRAMS_SEARCH,
	IN_SORT = MODE_BIT(MODE_SORT),
	IN_USER = MODE_BIT(MODE_USER),
	IN_SIGNAL = MODE_BIT(MODE_SIGNAL),
	IN_CPUS = MODE_BIT(MODE_AFFINITY),
	IN_POLICY = MODE_BIT(MODE_POLICY),
	IN_SCHED = IN_CPUS | IN_POLICY | MODE_BIT(MODE_IO_PRIORITY) | MODE_BIT(MODE_RT_PRIORITY),
	IN_MENU = IN_SORT | IN_USER | IN_SIGNAL | IN_SCHED,
	IN_HELP = MODE_BIT(MODE_HELP),
	IN_ASK = MODE_BIT(MODE_ASK),
	IN_RESULT = MODE_BIT(MODE_RESULT),
	IN_STOP = MODE_BIT(MODE_STOP),
	IN_DIALOG = IN_ASK | IN_RESULT,
	IN_DETAIL = MODE_BIT(MODE_DETAIL),
	IN_VISUAL = MODE_BIT(MODE_VISUAL),
	IN_TABLE = IN_NORMAL | IN_VISUAL,
	IN_EMERGENCY = MODE_BIT(MODE_EMERGENCY),
	IN_ALL = IN_EMERGENCY | IN_TABLE | IN_FIELD | IN_MENU | IN_DIALOG | IN_STOP | IN_LIST | IN_HELP | IN_DETAIL | IN_SETUP |
		 IN_PROGRAMS | IN_PROGRAM,
};

enum { HSCROLL = 5 };		/* columns, as in htop */

#define KEY(k)		{(k), 0, 0, 0}
#define CTRL(c)		{KEY_CTRL(c), 0, 0, 0}
#define ALT(c)		{(c), MOD_ALT, 0, 0}
#define SHIFT(k)	{(k), MOD_SHIFT, 0, 0}
#define AFTER(p, c)	{(c), 0, (p), 0}
#define DIGITS		{'0', 0, 0, 1}

const struct binding keymap[] = {
	{IN_TABLE, GROUP_MOVE, {KEY(KEY_UP), CTRL('P'), ALT('k')}, ACT_MOVE, -1, NULL,
	 "one line up"},
	{IN_TABLE, GROUP_MOVE, {KEY(KEY_DOWN), CTRL('N'), ALT('j'), KEY('j')}, ACT_MOVE, 1, NULL,
	 "one line down"},
	{IN_TABLE, GROUP_MOVE, {KEY(KEY_PGUP)}, ACT_PAGE, -1, NULL, "one page up"},
	{IN_TABLE, GROUP_MOVE, {KEY(KEY_PGDN)}, ACT_PAGE, 1, NULL, "one page down"},
	{IN_TABLE, GROUP_MOVE, {CTRL('U')}, ACT_HALF_PAGE, -1, NULL, "half a page up"},
	{IN_TABLE, GROUP_MOVE, {CTRL('D')}, ACT_HALF_PAGE, 1, NULL, "half a page down"},
	{IN_TABLE, GROUP_MOVE, {KEY(KEY_HOME), AFTER('g', 'g')}, ACT_EDGE, -1, NULL, "first line"},
	{IN_TABLE, GROUP_MOVE, {KEY(KEY_END), KEY('G')}, ACT_EDGE, 1, NULL, "last line"},
	{IN_TABLE, GROUP_MOVE, {KEY(KEY_LEFT), CTRL('B'), ALT('h')}, ACT_HSCROLL, -HSCROLL, NULL,
	 "scroll to the left"},
	{IN_TABLE, GROUP_MOVE, {KEY(KEY_RIGHT), CTRL('F'), ALT('l')}, ACT_HSCROLL, HSCROLL, NULL,
	 "scroll to the right"},
	{IN_TABLE, GROUP_MOVE, {CTRL('A'), KEY('^')}, ACT_HEDGE, -1, NULL, "begin of the line"},
	{IN_TABLE, GROUP_MOVE, {CTRL('E'), KEY('$')}, ACT_HEDGE, 1, NULL, "end of the line"},
	{IN_TABLE, GROUP_MOVE, {SHIFT(KEY_UP), {KEY_UP, MOD_ALT, 0, 0}}, ACT_PAN, -1, NULL,
	 "show one line more above"},
	{IN_TABLE, GROUP_MOVE, {SHIFT(KEY_DOWN), {KEY_DOWN, MOD_ALT, 0, 0}}, ACT_PAN, 1, NULL,
	 "show one line more below"},
	{IN_NORMAL, GROUP_MOVE, {CTRL('O')}, ACT_JUMP, -1, NULL, "back to where a leap began"},
	{IN_NORMAL, GROUP_MOVE, {ALT('o')}, ACT_JUMP, 1, NULL, "forward again"},
	{IN_NORMAL, GROUP_MOVE, {KEY('F')}, ACT_FOLLOW, 0, NULL, "follow: scroll with the process"},

	{IN_NORMAL | IN_EMERGENCY, GROUP_PROGRAM, {KEY(KEY_F1), KEY('h'), KEY('?')}, ACT_HELP, 0, "Help",
	 "this help"},
	{IN_NORMAL, GROUP_PROGRAM, {KEY(KEY_F2), KEY('S'), KEY('C')}, ACT_SETUP_OPEN, 0, "Setup",
	 "setup: meters, columns, colours and the rest"},

	{IN_NORMAL, GROUP_FIND, {KEY(KEY_F3), KEY('/')}, ACT_SEARCH, 0, "Search",
	 "search as you type; a|b finds either"},
	{IN_NORMAL, GROUP_FIND, {KEY('n')}, ACT_SEARCH_NEXT, 1, NULL, "next match of the search"},
	{IN_NORMAL, GROUP_FIND, {SHIFT(KEY_F3)}, ACT_SEARCH_NEXT, -1, NULL,
	 "previous match of the search"},
	{IN_NORMAL, GROUP_FIND, {KEY(KEY_F4), KEY('\\')}, ACT_FILTER, 0, "Filter",
	 "show only what passes: text, a|b, or see Filter"},
	{IN_PROCESSES, GROUP_FIND, {DIGITS}, ACT_PID_DIGIT, 0, NULL,
	 "go to the process with this PID"},

	{IN_NORMAL, GROUP_TREE, {KEY(KEY_F5), KEY('t')}, ACT_TREE, 0, "Tree", "tree or list"},
	{IN_NORMAL, GROUP_TREE, {KEY('+'), KEY('-'), KEY('=')}, ACT_FOLD, 0, NULL,
	 "fold or unfold the children"},
	{IN_NORMAL, GROUP_TREE, {KEY('*')}, ACT_FOLD_ALL, 0, NULL, "fold or unfold all"},
	{IN_NORMAL, GROUP_TREE, {KEY(KEY_BACKSPACE)}, ACT_PARENT, 0, NULL,
	 "go to the parent and fold it"},

	{IN_NORMAL, GROUP_TREE, {AFTER('z', 'o')}, ACT_FOLD_VI, 'o', NULL, "unfold"},
	{IN_NORMAL, GROUP_TREE, {AFTER('z', 'c')}, ACT_FOLD_VI, 'c', NULL,
	 "fold; where it is, the branch around it"},
	{IN_NORMAL, GROUP_TREE, {AFTER('z', 'a')}, ACT_FOLD_VI, 'a', NULL, "unfold what is folded, else fold"},
	{IN_NORMAL, GROUP_TREE, {AFTER('z', 'O')}, ACT_FOLD_VI, 'O', NULL, "unfold all below"},
	{IN_NORMAL, GROUP_TREE, {AFTER('z', 'C')}, ACT_FOLD_VI, 'C', NULL, "fold it and all above"},
	{IN_NORMAL, GROUP_TREE, {AFTER('z', 'M')}, ACT_FOLD_EVERY, 1, NULL, "fold all"},
	{IN_NORMAL, GROUP_TREE, {AFTER('z', 'R')}, ACT_FOLD_EVERY, 0, NULL, "unfold all"},
	{IN_NORMAL, GROUP_TREE, {SHIFT(KEY_F6)}, ACT_FOLD_OR_SORT, 0, NULL,
	 "fold or unfold; in the list, choose the order"},

	{IN_NORMAL, GROUP_SORT, {KEY(KEY_F6), KEY('<'), KEY('>'), KEY(','), KEY('.')},
	 ACT_SORT_MENU, 0, "SortBy", "choose the column to sort by"},
	{IN_NORMAL, GROUP_SORT, {KEY('P')}, ACT_SORT, COL_CPU, NULL, "sort by CPU%"},
	{IN_NORMAL, GROUP_SORT, {KEY('M')}, ACT_SORT, COL_MEMORY, NULL, "sort by MEM%"},
	{IN_NORMAL, GROUP_SORT, {KEY('T')}, ACT_SORT, COL_CPU_TIME, NULL, "sort by CPU time"},
	{IN_NORMAL, GROUP_SORT, {KEY('N')}, ACT_SORT, COL_PID, NULL, "sort by PID"},
	{IN_NORMAL, GROUP_SORT, {KEY('I')}, ACT_INVERT, 0, NULL, "invert the order"},

	{IN_NORMAL, GROUP_ACT, {KEY(' ')}, ACT_TAG, 0, NULL, "tag or untag, and go down"},
	{IN_TABLE, GROUP_ACT, {KEY('c')}, ACT_TAG_BRANCH, 0, NULL,
	 "tag with all its children"},
	{IN_PROCESSES, GROUP_ACT, {KEY('U')}, ACT_UNTAG, 0, NULL, "untag all"},
	{IN_TABLE, GROUP_ACT, {KEY(KEY_F7), KEY(']')}, ACT_NICE, -1, "Nice -",
	 "lower the nice value (root)"},
	{IN_TABLE, GROUP_ACT, {KEY(KEY_F8), KEY('[')}, ACT_NICE, 1, "Nice +",
	 "raise the nice value"},
	{IN_NORMAL, GROUP_ACT, {KEY(KEY_F9), KEY('k')}, ACT_SIGNAL_MENU, 0, "Kill",
	 "send a signal"},
	{IN_TABLE, GROUP_ACT, {KEY('f')}, ACT_STOP, 0, NULL,
	 "freeze it, or thaw it; or end its whole cgroup"},
	{IN_TABLE, GROUP_ACT, {ALT('f')}, ACT_STOP, 1, NULL, "thaw it at once"},
	{IN_TABLE, GROUP_ACT, {KEY('a')}, ACT_SCHED_MENU, DEED_AFFINITY, NULL,
	 "choose the CPUs it may use"},
	{IN_TABLE, GROUP_ACT, {KEY('i')}, ACT_SCHED_MENU, DEED_IO_PRIORITY, NULL, "I/O priority"},
	{IN_TABLE, GROUP_ACT, {KEY('Y')}, ACT_SCHED_MENU, DEED_POLICY, NULL, "scheduling policy"},
	{IN_TABLE, GROUP_ACT, {KEY('}')}, ACT_AUTOGROUP, -1, NULL,
	 "lower its session's nice value (root)"},
	{IN_TABLE, GROUP_ACT, {KEY('{')}, ACT_AUTOGROUP, 1, NULL, "raise its session's nice value"},

	{IN_PROCESSES, GROUP_ABOUT, {KEY(KEY_ENTER)}, ACT_DETAIL, 0, NULL,
	 "all about it: graphs, relatives, threads, limits"},
	{IN_NORMAL, GROUP_ABOUT, {KEY('l')}, ACT_INSPECT, INSPECT_FILES, NULL, "open files"},
	{IN_NORMAL, GROUP_ABOUT, {KEY('e')}, ACT_INSPECT, INSPECT_ENVIRONMENT, NULL,
	 "environment"},
	{IN_NORMAL, GROUP_ABOUT, {KEY('w')}, ACT_INSPECT, INSPECT_COMMAND, NULL,
	 "command line, an argument a line"},
	{IN_NORMAL, GROUP_ABOUT, {KEY('s')}, ACT_INSPECT, INSPECT_CALLS, NULL,
	 "system calls, as they happen"},
	{IN_NORMAL, GROUP_ABOUT, {KEY('x')}, ACT_INSPECT, INSPECT_LOCKS, NULL, "locks of files"},

	{IN_TABLE, GROUP_COPY, {AFTER('y', 'y')}, ACT_YANK, 'y', NULL, "the line"},
	{IN_TABLE, GROUP_COPY, {AFTER('y', 'p')}, ACT_YANK, 'p', NULL, "the PID"},
	{IN_TABLE, GROUP_COPY, {AFTER('y', 'u')}, ACT_YANK, 'u', NULL, "the user"},
	{IN_TABLE, GROUP_COPY, {AFTER('y', 'c')}, ACT_YANK, 'c', NULL, "the container"},
	{IN_TABLE, GROUP_COPY, {AFTER('y', 's')}, ACT_YANK, 's', NULL, "the unit (service)"},
	{IN_TABLE, GROUP_COPY, {AFTER('y', 'n')}, ACT_YANK, 'n', NULL, "the process's own name"},
	{IN_TABLE, GROUP_COPY, {AFTER('y', 'l')}, ACT_YANK, 'l', NULL, "the command line"},
	{IN_TABLE, GROUP_COPY, {AFTER('y', 'g')}, ACT_YANK, 'g', NULL, "the GPU's share"},
	{IN_TABLE, GROUP_COPY, {AFTER('y', 'v')}, ACT_YANK, 'v', NULL, "the GPU's memory"},

	{IN_NORMAL, GROUP_VISUAL, {KEY('V')}, ACT_VISUAL, 0, NULL,
	 "choose a range of lines; the table stands still"},
	{IN_VISUAL, GROUP_VISUAL, {KEY('k')}, ACT_MOVE, -1, NULL, "one line up"},
	{IN_VISUAL, GROUP_VISUAL, {KEY(' ')}, ACT_VISUAL_TAG, 0, NULL, "tag them all"},
	{IN_VISUAL, GROUP_VISUAL, {KEY(KEY_F9), KEY('x')}, ACT_SIGNAL_MENU, 0, "Kill",
	 "send them a signal"},
	{IN_VISUAL, GROUP_VISUAL, {KEY(KEY_ESC), KEY('V'), KEY(KEY_F10)}, ACT_VISUAL_END, 0, "Done",
	 "leave it"},

	{IN_PROCESSES, GROUP_SHOW, {KEY('u')}, ACT_USER_MENU, 0, NULL, "show one user's processes"},
	{IN_NORMAL, GROUP_SHOW, {KEY('H')}, ACT_THREADS, 0, NULL, "show or hide threads"},
	{IN_NORMAL, GROUP_SHOW, {KEY('K')}, ACT_KERNEL, 0, NULL, "show or hide kernel threads"},
	{IN_NORMAL, GROUP_SHOW, {KEY('X')}, ACT_ENDED, 0, NULL, "show or hide what ended since the last sample"},
	{IN_NORMAL, GROUP_SHOW, {KEY('p')}, ACT_LOOK, LOOK_PATH, NULL, "programs with or without their folder"},
	{IN_NORMAL, GROUP_SHOW, {KEY('m')}, ACT_LOOK, LOOK_MERGED, NULL, "executable, name and arguments in one"},
	{IN_NORMAL, GROUP_SHOW, {ALT('c')}, ACT_LOOK, LOOK_CHANGES, NULL, "mark who came and who went"},
	{IN_NORMAL, GROUP_SHOW, {KEY('O')}, ACT_CONTAINERS, 0, NULL,
	 "show or hide what is in containers"},
	{IN_NORMAL, GROUP_SHOW, {KEY('A')}, ACT_UNITS, 0, NULL,
	 "column of units, of cgroups, or neither"},
	{IN_NORMAL, GROUP_SHOW, {KEY('#')}, ACT_HEADER, 0, NULL, "show or hide the meters"},
	{IN_NORMAL | IN_PROGRAMS, GROUP_SHOW, {KEY(KEY_TAB)}, ACT_TAB, 1, NULL, "next tab"},
	{IN_NORMAL | IN_PROGRAMS, GROUP_SHOW, {KEY(KEY_BACKTAB)}, ACT_TAB, -1, NULL, "previous tab"},
	{IN_CGROUPS, GROUP_CGROUPS, {KEY(KEY_ENTER)}, ACT_DETAIL, 0, NULL,
	 "the processes in it; Esc leads back"},
	{IN_CGROUPS, GROUP_CGROUPS, {KEY('u')}, ACT_STOP, 0, NULL, "freeze it, or thaw it; f does the same"},
	{IN_CGROUPS, GROUP_CGROUPS, {KEY('U')}, ACT_STOP, 1, NULL, "thaw it at once"},
	{IN_CGROUPS, GROUP_CGROUPS, {KEY('o')}, ACT_INSIDE, 0, "Inside", "show or hide the processes inside"},
	{IN_CGROUPS, GROUP_CGROUPS, {DIGITS}, ACT_TAB, 0, NULL, "go to this tab"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {DIGITS}, ACT_TAB, 0, NULL, "go to this tab"},
	{IN_NORMAL, GROUP_SHOW, {KEY('Z')}, ACT_PAUSE, 0, NULL, "pause the table, or go on"},

	{IN_NORMAL | IN_SETUP, GROUP_PROGRAM, {CTRL('S')}, ACT_SAVE, 0, NULL, "save the settings"},
	{IN_NORMAL | IN_PROGRAMS, GROUP_ACT, {KEY('!')}, ACT_EMERGENCY, 0, NULL,
	 "emergency: who takes the memory"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {DIGITS}, ACT_EMERGENCY_FREEZE, 0, "Freeze",
	 "freeze that line at once: unit, container or process"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {KEY('f'), KEY(KEY_ENTER)}, ACT_EMERGENCY_FREEZE, 1, NULL,
	 "the same for the line under the cursor"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {ALT('f')}, ACT_STOP, 1, "Thaw", "thaw it; a digit moves the cursor, too"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {KEY(KEY_ESC), KEY('!')}, ACT_EMERGENCY, 0, "Leave",
	 "back to the table as it was"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {KEY(KEY_UP), CTRL('P'), ALT('k'), KEY('k')}, ACT_MOVE, -1, NULL, "one line up"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {KEY(KEY_DOWN), CTRL('N'), ALT('j'), KEY('j')}, ACT_MOVE, 1, NULL, "one line down"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {KEY(KEY_PGUP)}, ACT_PAGE, -1, NULL, "one page up"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {KEY(KEY_PGDN)}, ACT_PAGE, 1, NULL, "one page down"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {KEY(KEY_HOME), AFTER('g', 'g')}, ACT_EDGE, -1, NULL, "first line"},
	{IN_EMERGENCY, GROUP_EMERGENCY, {KEY(KEY_END), KEY('G')}, ACT_EDGE, 1, NULL, "last line"},

	{IN_NORMAL, GROUP_PROGRAM, {KEY(KEY_ESC)}, ACT_CANCEL, 0, NULL,
	 "back to the cgroup; or stop following, hide the cursor"},
	{IN_NORMAL | IN_EMERGENCY, GROUP_PROGRAM, {KEY(KEY_F10), KEY('q')}, ACT_QUIT, 0, "Quit", "quit"},
	{IN_ALL, GROUP_PROGRAM, {CTRL('C')}, ACT_INTERRUPT, 0, NULL, "quit with status 130"},
	{IN_ALL, GROUP_PROGRAM, {CTRL('Z')}, ACT_SUSPEND, 0, NULL, "suspend"},
	{IN_ALL & ~(IN_LIST | IN_DETAIL), GROUP_PROGRAM, {CTRL('L')}, ACT_REDRAW, 0, NULL, "sample and redraw now"},

	{IN_SEARCH, GROUP_FIELD, {KEY(KEY_F3)}, ACT_SEARCH_NEXT, 1, "Next", "next match"},
	{IN_SEARCH, GROUP_FIELD, {SHIFT(KEY_F3)}, ACT_SEARCH_NEXT, -1, "Prev", "previous match"},
	{IN_SEARCH, GROUP_FIELD, {KEY(KEY_ESC)}, ACT_FIELD_CANCEL, 0, "Cancel", "end the search"},
	{IN_SEARCH, GROUP_FIELD, {KEY(KEY_ENTER)}, ACT_FIELD_DONE, 0, NULL,
	 "stay on the match and follow it"},
	{IN_FILTER, GROUP_FIELD, {KEY(KEY_ENTER)}, ACT_FIELD_DONE, 0, "Done", "keep the filter"},
	{IN_FILTER, GROUP_FIELD, {KEY(KEY_ESC)}, ACT_FIELD_CANCEL, 0, "Clear",
	 "show everything again"},
	{IN_LIST_SEARCH, GROUP_FIELD, {KEY(KEY_F3)}, ACT_INSPECT_NEXT, 1, "Next", "next match"},
	{IN_LIST_SEARCH, GROUP_FIELD, {SHIFT(KEY_F3)}, ACT_INSPECT_NEXT, -1, "Prev",
	 "previous match"},
	{IN_LIST_SEARCH, GROUP_FIELD, {KEY(KEY_ENTER)}, ACT_FIELD_DONE, 0, "Done", "stay there"},
	{IN_LIST_SEARCH, GROUP_FIELD, {KEY(KEY_ESC)}, ACT_FIELD_CANCEL, 0, "Cancel", "end the search"},
	{IN_PROGRAMS_SEARCH, GROUP_FIELD, {KEY(KEY_F3)}, ACT_PROGRAMS_NEXT, 1, "Next", "next match"},
	{IN_PROGRAMS_SEARCH, GROUP_FIELD, {SHIFT(KEY_F3)}, ACT_PROGRAMS_NEXT, -1, "Prev", "previous match"},
	{IN_PROGRAMS_SEARCH, GROUP_FIELD, {KEY(KEY_ESC)}, ACT_FIELD_CANCEL, 0, "Cancel", "end the search"},
	{IN_PROGRAMS_SEARCH, GROUP_FIELD, {KEY(KEY_ENTER)}, ACT_FIELD_DONE, 0, NULL, "stay there"},
	{IN_LIST_FILTER | IN_PROGRAMS_FILTER, GROUP_FIELD, {KEY(KEY_ENTER)}, ACT_FIELD_DONE, 0, "Done",
	 "keep the filter"},
	{IN_LIST_FILTER | IN_PROGRAMS_FILTER, GROUP_FIELD, {KEY(KEY_ESC)}, ACT_FIELD_CANCEL, 0, "Clear",
	 "show every line again"},
	{IN_FIELD & ~IN_SETUP_TEXT, GROUP_FIELD, {KEY(KEY_UP), CTRL('P')}, ACT_FIELD_HISTORY, 1, NULL, "what was typed before"},
	{IN_FIELD & ~IN_SETUP_TEXT, GROUP_FIELD, {KEY(KEY_DOWN), CTRL('N')}, ACT_FIELD_HISTORY, -1, NULL, "back from there"},
	{IN_FIELD, GROUP_FIELD, {KEY(KEY_LEFT), CTRL('B')}, ACT_FIELD_MOVE, FIELD_BACK, NULL, "one character to the left"},
	{IN_FIELD, GROUP_FIELD, {KEY(KEY_RIGHT), CTRL('F')}, ACT_FIELD_MOVE, FIELD_ON, NULL, "one character to the right"},
	{IN_FIELD, GROUP_FIELD, {{KEY_LEFT, MOD_CTRL, 0, 0}, ALT('b')}, ACT_FIELD_MOVE, FIELD_WORD_BACK, NULL,
	 "one word to the left"},
	{IN_FIELD, GROUP_FIELD, {{KEY_RIGHT, MOD_CTRL, 0, 0}, ALT('f')}, ACT_FIELD_MOVE, FIELD_WORD_ON, NULL,
	 "one word to the right"},
	{IN_FIELD, GROUP_FIELD, {KEY(KEY_HOME), CTRL('A')}, ACT_FIELD_MOVE, FIELD_BEGIN, NULL, "to the begin"},
	{IN_FIELD, GROUP_FIELD, {KEY(KEY_END), CTRL('E')}, ACT_FIELD_MOVE, FIELD_END, NULL, "to the end"},
	{IN_FIELD, GROUP_FIELD, {KEY(KEY_BACKSPACE), CTRL('H')}, ACT_FIELD_MOVE, FIELD_KILL | FIELD_BACK, NULL,
	 "delete a character"},
	{IN_FIELD, GROUP_FIELD, {KEY(KEY_DELETE), CTRL('D')}, ACT_FIELD_MOVE, FIELD_KILL | FIELD_ON, NULL,
	 "delete the character under the cursor"},
	{IN_FIELD, GROUP_FIELD, {CTRL('W')}, ACT_FIELD_MOVE, FIELD_KILL | FIELD_WORD_BACK, NULL, "delete a word"},
	{IN_FIELD, GROUP_FIELD, {ALT('d')}, ACT_FIELD_MOVE, FIELD_KILL | FIELD_WORD_ON, NULL, "delete the word ahead"},
	{IN_FIELD, GROUP_FIELD, {CTRL('U')}, ACT_FIELD_MOVE, FIELD_KILL | FIELD_BEGIN, NULL, "delete all before the cursor"},
	{IN_FIELD, GROUP_FIELD, {CTRL('K')}, ACT_FIELD_MOVE, FIELD_KILL | FIELD_END, NULL, "delete all behind it"},

	{IN_SORT, GROUP_MENU, {KEY(KEY_ENTER)}, ACT_MENU_CHOOSE, 0, "Sort", "sort by this column"},
	{IN_USER, GROUP_MENU, {KEY(KEY_ENTER)}, ACT_MENU_CHOOSE, 0, "Show", "show this user"},
	{IN_SIGNAL, GROUP_MENU, {KEY(KEY_ENTER)}, ACT_MENU_CHOOSE, 0, "Send", "send this signal"},
	{IN_SCHED, GROUP_MENU, {KEY(KEY_ENTER)}, ACT_MENU_CHOOSE, 0, "Set", "set this"},
	{IN_CPUS | IN_POLICY, GROUP_MENU, {KEY(' ')}, ACT_MENU_TOGGLE, 0, "Tick", "tick or untick it"},
	{IN_CPUS, GROUP_MENU, {KEY('a'), KEY(KEY_F1)}, ACT_MENU_ALL, 1, "All", "tick all CPUs"},
	{IN_CPUS, GROUP_MENU, {KEY('n')}, ACT_MENU_ALL, 0, "None", "untick all CPUs"},
	{IN_MENU, GROUP_MENU, {KEY(KEY_ESC), KEY(KEY_F10)}, ACT_MENU_CANCEL, 0, "Cancel",
	 "leave it as it was"},
	{IN_MENU, GROUP_MENU, {KEY(KEY_UP), CTRL('P'), ALT('k')}, ACT_MENU_MOVE, -1, NULL,
	 "one entry up"},
	{IN_MENU, GROUP_MENU, {KEY(KEY_DOWN), CTRL('N'), ALT('j')}, ACT_MENU_MOVE, 1, NULL,
	 "one entry down"},
	{IN_MENU, GROUP_MENU, {KEY(KEY_PGUP)}, ACT_MENU_PAGE, -1, NULL, "one page up"},
	{IN_MENU, GROUP_MENU, {KEY(KEY_PGDN)}, ACT_MENU_PAGE, 1, NULL, "one page down"},
	{IN_MENU, GROUP_MENU, {KEY(KEY_HOME)}, ACT_MENU_EDGE, -1, NULL, "first entry"},
	{IN_MENU, GROUP_MENU, {KEY(KEY_END)}, ACT_MENU_EDGE, 1, NULL, "last entry"},

	{IN_ASK, GROUP_DIALOG, {KEY(KEY_ENTER)}, ACT_DEED_CONFIRM, 0, "Yes", "do it to all of them"},
	{IN_ASK, GROUP_DIALOG, {KEY(KEY_ESC), KEY(KEY_F10)}, ACT_DEED_CLOSE, 0, "No", "do nothing"},
	{IN_RESULT, GROUP_DIALOG, {KEY(KEY_ENTER), KEY(KEY_ESC), KEY(KEY_F10), KEY('q')},
	 ACT_DEED_CLOSE, 0, "Done", "back to the table"},
	{IN_DIALOG, GROUP_DIALOG, {KEY(KEY_UP), CTRL('P'), ALT('k')}, ACT_DEED_MOVE, -1, NULL,
	 "one line up"},
	{IN_DIALOG, GROUP_DIALOG, {KEY(KEY_DOWN), CTRL('N'), ALT('j')}, ACT_DEED_MOVE, 1, NULL,
	 "one line down"},

	{IN_STOP, GROUP_DIALOG, {KEY(KEY_ENTER)}, ACT_STOP_CONFIRM, 0, "Yes", "freeze or thaw; if guarded, type yes before"},
	{IN_STOP, GROUP_DIALOG, {KEY(KEY_ESC), KEY(KEY_F10)}, ACT_STOP_CLOSE, 0, "No", "do nothing"},
	{IN_STOP, GROUP_DIALOG, {KEY(KEY_UP), CTRL('P'), KEY(KEY_BACKTAB)}, ACT_STOP_CHOOSE, -1, NULL,
	 "what is meant: the choice above"},
	{IN_STOP, GROUP_DIALOG, {KEY(KEY_DOWN), CTRL('N'), KEY(KEY_TAB)}, ACT_STOP_CHOOSE, 1, "Choose",
	 "the choice below"},
	{IN_STOP, GROUP_DIALOG, {KEY(KEY_PGUP)}, ACT_STOP_MOVE, -10, NULL, "who stops: ten lines up"},
	{IN_STOP, GROUP_DIALOG, {KEY(KEY_PGDN)}, ACT_STOP_MOVE, 10, NULL, "ten lines down"},
	{IN_STOP, GROUP_DIALOG, {KEY(KEY_BACKSPACE), CTRL('H')}, ACT_STOP_ERASE, 0, NULL, "take back what was typed"},

	{IN_LIST, GROUP_LIST, {KEY(KEY_F3), KEY('/')}, ACT_INSPECT_SEARCH, 0, "Search",
	 "search as you type; a|b finds either"},
	{IN_LIST, GROUP_LIST, {KEY('n')}, ACT_INSPECT_NEXT, 1, NULL, "next match"},
	{IN_LIST, GROUP_LIST, {SHIFT(KEY_F3), KEY('N')}, ACT_INSPECT_NEXT, -1, NULL,
	 "previous match"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_F4), KEY('\\')}, ACT_INSPECT_FILTER, 0, "Filter",
	 "show only what matches"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_F5), CTRL('L')}, ACT_INSPECT_AGAIN, 0, "Refresh", "read it again"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_F8), KEY('f')}, ACT_INSPECT_SCROLL, 0, "AutoSc",
	 "system calls: scroll along, or stand still"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_F9), KEY('t')}, ACT_INSPECT_STOP, 0, "Stop",
	 "system calls: stop taking them down, or go on"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_ESC), KEY(KEY_F10), KEY('q')}, ACT_INSPECT_CLOSE, 0, "Done",
	 "back to the table"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_UP), CTRL('P'), ALT('k'), KEY('k')}, ACT_INSPECT_MOVE, -1, NULL,
	 "one line up"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_DOWN), CTRL('N'), ALT('j'), KEY('j')}, ACT_INSPECT_MOVE, 1, NULL,
	 "one line down"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_PGUP), CTRL('U')}, ACT_INSPECT_PAGE, -1, NULL, "one page up"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_PGDN), CTRL('D'), KEY(' ')}, ACT_INSPECT_PAGE, 1, NULL,
	 "one page down"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_HOME), AFTER('g', 'g')}, ACT_INSPECT_EDGE, -1, NULL,
	 "first line"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_END), KEY('G')}, ACT_INSPECT_EDGE, 1, NULL, "last line"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_LEFT), CTRL('B'), ALT('h'), KEY('h')}, ACT_INSPECT_HSCROLL,
	 -HSCROLL, NULL, "scroll to the left"},
	{IN_LIST, GROUP_LIST, {KEY(KEY_RIGHT), CTRL('F'), ALT('l'), KEY('l')}, ACT_INSPECT_HSCROLL,
	 HSCROLL, NULL, "scroll to the right"},

	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_ENTER)}, ACT_DETAIL_GO, 0, "Go to",
	 "on a parent, a child or a thread: go to it"},
	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_F5), CTRL('L')}, ACT_DETAIL_AGAIN, 0, "Refresh", "read it again now"},
	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_ESC), KEY(KEY_F10), KEY('q')}, ACT_DETAIL_CLOSE, 0, "Done",
	 "back to the table"},
	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_UP), CTRL('P'), ALT('k'), KEY('k')}, ACT_DETAIL_MOVE, -1, NULL,
	 "one line up"},
	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_DOWN), CTRL('N'), ALT('j'), KEY('j')}, ACT_DETAIL_MOVE, 1, NULL,
	 "one line down"},
	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_PGUP), CTRL('U')}, ACT_DETAIL_PAGE, -1, NULL, "one page up"},
	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_PGDN), CTRL('D'), KEY(' ')}, ACT_DETAIL_PAGE, 1, NULL,
	 "one page down"},
	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_HOME), AFTER('g', 'g')}, ACT_DETAIL_EDGE, -1, NULL, "first line"},
	{IN_DETAIL, GROUP_DETAIL, {KEY(KEY_END), KEY('G')}, ACT_DETAIL_EDGE, 1, NULL, "last line"},
	{IN_SETUP_TEXT, GROUP_FIELD, {KEY(KEY_ENTER)}, ACT_FIELD_DONE, 0, "Done", "take it"},
	{IN_SETUP_TEXT, GROUP_FIELD, {KEY(KEY_ESC)}, ACT_FIELD_CANCEL, 0, "Cancel", "leave it as it was"},

	{IN_SETUP, GROUP_SETUP, {KEY(KEY_ENTER)}, ACT_SETUP_DO, SETUP_ENTER, NULL,
	 "choose, change, add, or begin and end moving it"},
	{IN_SETUP, GROUP_SETUP, {KEY(' ')}, ACT_SETUP_DO, SETUP_SPACE, NULL, "change, or next style of a meter"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_F2), CTRL('R')}, ACT_SETUP_DO, SETUP_RENAME, NULL, "rename a tab"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_F4), KEY('t')}, ACT_SETUP_DO, SETUP_STYLE, NULL,
	 "next style of a meter: bar, text, graph, digits"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_F5), KEY('l'), KEY(KEY_INSERT)}, ACT_SETUP_DO, SETUP_LEFT, NULL,
	 "to or into the left column; a new tab; add a column"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_F6), KEY('r')}, ACT_SETUP_DO, SETUP_RIGHT, NULL,
	 "to or into the right column"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_F7), KEY('['), KEY('-')}, ACT_SETUP_DO, SETUP_UP, NULL,
	 "move it up; less of a number"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_F8), KEY(']'), KEY('+')}, ACT_SETUP_DO, SETUP_DOWN, NULL,
	 "move it down; more of a number"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_F9), KEY(KEY_DELETE)}, ACT_SETUP_DO, SETUP_REMOVE, NULL, "remove it"},
	{IN_SETUP, GROUP_SETUP, {DIGITS}, ACT_SETUP_DIGIT, 0, NULL, "type a number"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_F10), KEY(KEY_ESC), KEY('q')}, ACT_SETUP_DO, SETUP_LEAVE, NULL,
	 "back to the table"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_UP), CTRL('P'), ALT('k'), KEY('k')}, ACT_SETUP_MOVE, -1, NULL,
	 "one line up"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_DOWN), CTRL('N'), ALT('j'), KEY('j')}, ACT_SETUP_MOVE, 1, NULL,
	 "one line down"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_PGUP)}, ACT_SETUP_PAGE, -1, NULL, "one page up"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_PGDN)}, ACT_SETUP_PAGE, 1, NULL, "one page down"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_HOME)}, ACT_SETUP_EDGE, -1, NULL, "first line"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_END)}, ACT_SETUP_EDGE, 1, NULL, "last line"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_LEFT), CTRL('B'), ALT('h')}, ACT_SETUP_SIDE, -1, NULL,
	 "the panel at the left"},
	{IN_SETUP, GROUP_SETUP, {KEY(KEY_RIGHT), CTRL('F'), ALT('l'), KEY(KEY_TAB)}, ACT_SETUP_SIDE, 1, NULL,
	 "the panel at the right"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_F1), KEY('?'), KEY('h')}, ACT_HELP, 0, "Help", "all keys"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_ENTER)}, ACT_PROGRAM, 0, "Graphs",
	 "its last minutes as graphs, and all about it"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(' ')}, ACT_PROGRAM_TAG, 1, NULL,
	 "tag or untag: to be laid over the graphs"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY('U')}, ACT_PROGRAM_TAG, 0, NULL, "untag all"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_F3), KEY('/')}, ACT_PROGRAMS_SEARCH, 0, "Search",
	 "search names, types, places, owners as you type"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY('n')}, ACT_PROGRAMS_NEXT, 1, NULL, "next match of the search"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY('N'), SHIFT(KEY_F3)}, ACT_PROGRAMS_NEXT, -1, NULL, "previous match of the search"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_F4), KEY('\\')}, ACT_PROGRAMS_FILTER, 0, "Filter",
	 "show only what passes: text, a|b, or see Filter"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY('>'), KEY(KEY_F6)}, ACT_PROGRAMS_SORT, 1, "SortBy", "sort by the next column"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY('<'), SHIFT(KEY_F6)}, ACT_PROGRAMS_SORT, -1, NULL, "sort by the column before"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY('I')}, ACT_PROGRAMS_INVERT, 0, NULL, "sort the other way round"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_UP), CTRL('P'), KEY('k')}, ACT_PROGRAMS_MOVE, -1, NULL, "one line up"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_DOWN), CTRL('N'), KEY('j')}, ACT_PROGRAMS_MOVE, 1, NULL, "one line down"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_PGUP), CTRL('U')}, ACT_PROGRAMS_PAGE, -1, NULL, "one page up"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_PGDN), CTRL('D')}, ACT_PROGRAMS_PAGE, 1, NULL, "one page down"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_HOME), AFTER('g', 'g')}, ACT_PROGRAMS_EDGE, -1, NULL, "first line"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_END), KEY('G')}, ACT_PROGRAMS_EDGE, 1, NULL, "last line"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_LEFT)}, ACT_PROGRAMS_SCROLL, -1, NULL, "scroll a column to the left"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_RIGHT)}, ACT_PROGRAMS_SCROLL, 1, NULL, "scroll a column to the right"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY('#')}, ACT_HEADER, 0, NULL, "show or hide the meters"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY('Z')}, ACT_PAUSE, 0, NULL, "pause the table, or go on"},
	{IN_PROGRAMS, GROUP_PROGRAMS, {KEY(KEY_F10), KEY('q')}, ACT_QUIT, 0, "Quit", "quit"},

	{IN_PROGRAM, GROUP_PROGRAM_PAGE, {KEY(KEY_ESC), KEY(KEY_F10), KEY('q'), KEY(KEY_ENTER)}, ACT_PROGRAM_CLOSE, 0, "Done",
	 "back to the table"},
	{IN_PROGRAM, GROUP_PROGRAM_PAGE, {KEY(KEY_UP), CTRL('P'), KEY('k')}, ACT_PROGRAM_MOVE, -1, NULL, "one line up"},
	{IN_PROGRAM, GROUP_PROGRAM_PAGE, {KEY(KEY_DOWN), CTRL('N'), KEY('j')}, ACT_PROGRAM_MOVE, 1, NULL, "one line down"},
	{IN_PROGRAM, GROUP_PROGRAM_PAGE, {KEY(KEY_PGUP), CTRL('U')}, ACT_PROGRAM_PAGE, -1, NULL, "one page up"},
	{IN_PROGRAM, GROUP_PROGRAM_PAGE, {KEY(KEY_PGDN), CTRL('D'), KEY(' ')}, ACT_PROGRAM_PAGE, 1, NULL, "one page down"},
	{IN_PROGRAM, GROUP_PROGRAM_PAGE, {KEY(KEY_HOME), AFTER('g', 'g')}, ACT_PROGRAM_EDGE, -1, NULL, "first line"},
	{IN_PROGRAM, GROUP_PROGRAM_PAGE, {KEY(KEY_END), KEY('G')}, ACT_PROGRAM_EDGE, 1, NULL, "last line"},
	{IN_PROGRAM, GROUP_PROGRAM_PAGE, {KEY('Z')}, ACT_PAUSE, 0, NULL, "pause, or go on"},

	{IN_HELP, GROUP_HELP, {KEY(KEY_ESC), KEY(KEY_F1), KEY(KEY_F10), KEY('q')},
	 ACT_HELP_CLOSE, 0, "Done", "back to the table, as any other key"},
	{IN_HELP, GROUP_HELP, {KEY(KEY_UP), CTRL('P'), ALT('k'), KEY('k')}, ACT_HELP_MOVE, -1, NULL,
	 "one line up"},
	{IN_HELP, GROUP_HELP, {KEY(KEY_DOWN), CTRL('N'), ALT('j'), KEY('j')}, ACT_HELP_MOVE, 1,
	 NULL, "one line down"},
	{IN_HELP, GROUP_HELP, {KEY(KEY_PGUP), CTRL('U')}, ACT_HELP_PAGE, -1, NULL, "one page up"},
	{IN_HELP, GROUP_HELP, {KEY(KEY_PGDN), CTRL('D'), KEY(' ')}, ACT_HELP_PAGE, 1, NULL,
	 "one page down"},
	{IN_HELP, GROUP_HELP, {KEY(KEY_HOME), AFTER('g', 'g')}, ACT_HELP_EDGE, -1, NULL,
	 "first line"},
	{IN_HELP, GROUP_HELP, {KEY(KEY_END), KEY('G')}, ACT_HELP_EDGE, 1, NULL, "last line"},
};

const u32 keymap_n = ARRAY_LEN(keymap);

const char *const key_group_title[GROUP_N] = {
	[GROUP_MOVE] = "Moving", [GROUP_FIND] = "Finding", [GROUP_SHOW] = "What is shown",
	[GROUP_SORT] = "Order", [GROUP_TREE] = "Tree", [GROUP_ACT] = "What is done to processes",
	[GROUP_COPY] = "Copying to the clipboard", [GROUP_VISUAL] = "A range of lines: visual mode",
	[GROUP_EMERGENCY] = "Memory runs out: the emergency",
	[GROUP_ABOUT] = "About one process", [GROUP_DETAIL] = "On the page about one process",
	[GROUP_LIST] = "In a list about one process", [GROUP_SETUP] = "In setup",
	[GROUP_CGROUPS] = "In the view of cgroups: as in that of processes, but",
	[GROUP_PROGRAMS] = "In the table of BPF programs", [GROUP_PROGRAM_PAGE] = "On the page about a BPF program",
	[GROUP_PROGRAM] = "Program",
	[GROUP_FIELD] = "While typing a search or a filter", [GROUP_MENU] = "In a menu",
	[GROUP_DIALOG] = "When asked or told", [GROUP_HELP] = "In this help",
};

const char *const keymap_notes[] = {
	"Where htop and vi disagree about a key, htop's meaning has the plain key:",
	"h is help: scroll to the left with Alt-h or Left.",
	"k belongs to kill: go up with Alt-k or Up.",
	"In visual mode, which htop has not, k goes up, and x or F9 kills.",
	"Ctrl-I is Tab, which changes the view: a jump forward is Alt-o.",
	"y copies from the range; without one, from the tagged rows, else from the row.",
	"N sorts by PID: the previous match is Shift-F3.",
	"u chooses a user, t is the tree, / starts at the first line.",
	"S is left to the setup: A alone goes through the columns of units.",
};

const u32 keymap_notes_n = ARRAY_LEN(keymap_notes);

/* ---- looking up ---- */

static bool chord_is(const struct chord *c, u32 prefix, const struct event *ev)
{
	return c->key && c->prefix == prefix && c->mods == ev->mods && ev->key >= c->key &&
	       ev->key <= chord_last(c);
}

const struct binding *keymap_find(enum mode mode, u32 prefix, const struct event *ev)
{
	for (u32 i = 0; i < keymap_n; i++) {
		if (!(keymap[i].modes & MODE_BIT(mode)))
			continue;
		for (u32 j = 0; j < CHORD_MAX; j++)
			if (chord_is(&keymap[i].chord[j], prefix, ev))
				return &keymap[i];
	}
	return NULL;
}

bool keymap_prefix(enum mode mode, const struct event *ev)
{
	for (u32 i = 0; i < keymap_n; i++) {
		if (!(keymap[i].modes & MODE_BIT(mode)))
			continue;
		for (u32 j = 0; j < CHORD_MAX; j++)
			if (keymap[i].chord[j].prefix && keymap[i].chord[j].prefix == ev->key &&
			    !ev->mods)
				return true;
	}
	return false;
}

/* ---- names ---- */

static void key_write(struct out *out, u32 key)
{
	static const char *const named[] = {
		"Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn", "Insert", "Delete",
		"S-Tab", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12",
	};
	_Static_assert(KEY_F12 - KEY_FIRST + 1 == ARRAY_LEN(named), "a name for every key");
	static const struct {
		u32 key;
		const char *name;
	} control[] = {
		{KEY_TAB, "Tab"}, {KEY_ENTER, "Enter"}, {KEY_ESC, "Esc"}, {' ', "Space"},
		{KEY_BACKSPACE, "Backspace"},
	};

	for (u32 i = 0; i < ARRAY_LEN(control); i++) {
		if (control[i].key == key) {
			out_str(out, control[i].name);
			return;
		}
	}
	if (key >= KEY_FIRST && key - KEY_FIRST < ARRAY_LEN(named)) {
		out_str(out, named[key - KEY_FIRST]);
	} else if (key < ' ') {
		out_str(out, "Ctrl-");
		out_char(out, (char)(key + '@'));
	} else {
		out_char(out, (char)key);
	}
}

void chord_write(struct out *out, const struct chord *c)
{
	if (c->prefix) {
		out_char(out, (char)c->prefix);
		out_char(out, ' ');
	}
	if (c->mods & MOD_SHIFT)
		out_str(out, "S-");
	if (c->mods & MOD_ALT)
		out_str(out, "Alt-");
	if (c->mods & MOD_CTRL)
		out_str(out, "Ctrl-");
	key_write(out, c->key);
	if (c->digits) {
		out_char(out, '-');
		key_write(out, chord_last(c));
	}
}

/* ---- the manual ---- */

/* mdoc takes these for itself (groff_char(7), mdoc(7)). */
static void mdoc_text(struct out *out, struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = (char)text.p[i];

		if (c == '\\')
			out_str(out, "\\e");
		else if (c == '^')
			out_str(out, "\\(ha");
		else if (c == '-')
			out_str(out, "\\-");
		else
			out_char(out, c);
	}
}

static void mdoc_keys(struct out *out, const struct binding *b)
{
	out_str(out, ".It");
	for (u32 i = 0; i < CHORD_MAX && b->chord[i].key; i++) {
		char name[32];
		struct out o = {.buf = name, .cap = sizeof(name)};

		chord_write(&o, &b->chord[i]);
		/* \& keeps a lone mark from being taken for punctuation */
		out_str(out, i ? " , Ic \"\\&" : " Ic \"\\&");
		mdoc_text(out, (struct bytes){(const unsigned char *)name, o.len});
		out_str(out, "\"");
	}
	out_str(out, "\n");
}

bool keymap_said(const struct binding *b)
{
	for (const struct binding *a = keymap; a < b; a++)
		if (a->group == b->group && !strcmp(a->help, b->help) &&
		    !memcmp(a->chord, b->chord, sizeof(a->chord)))
			return true;
	return false;
}

void keys_write_mdoc(struct out *out)
{
	for (u32 g = 0; g < GROUP_N; g++) {
		out_str(out, ".Ss ");
		out_str(out, key_group_title[g]);
		out_str(out, "\n.Bl -tag -width Ds -compact\n");
		for (u32 i = 0; i < keymap_n; i++) {
			if (keymap[i].group != g || keymap_said(&keymap[i]))
				continue;
			mdoc_keys(out, &keymap[i]);
			out_str(out, keymap[i].help);
			out_str(out, "\n");
		}
		out_str(out, ".El\n");
	}
	out_str(out, ".Ss htop and vi\n");
	for (u32 i = 0; i < keymap_notes_n; i++) {
		if (i)
			out_str(out, ".br\n");
		mdoc_text(out, (struct bytes){(const unsigned char *)keymap_notes[i],
					      strlen(keymap_notes[i])});
		out_str(out, "\n");
	}
}
