/* ui/settings.c - the table of what a person owns, and its defaults. */
#include "ui/settings.h"

#define AT(member)		.at = offsetof(struct settings, member)
#define BOOL(member, v)		.kind = SETTING_BOOL, AT(member), .init = (v)
#define CHOICE(member, list, v)	.kind = SETTING_CHOICE, AT(member), .words = (list), .init = (v)

const struct setting settings_table[] = {
	{"delay", "time between samples, 10ms to 1h", .htoprc = "delay", .group = SETTINGS_DISPLAY,
	 .kind = SETTING_TIME, AT(delay_ns), .least = 10, .most = 3600000, .init = 1000},
	{"hide_user_threads", "leave out the threads of processes", .htoprc = "hide_userland_threads",
	 .group = SETTINGS_DISPLAY, BOOL(hide_user_threads, true)},
	{"hide_kernel_threads", "leave out the threads of the kernel", .htoprc = "hide_kernel_threads",
	 .group = SETTINGS_DISPLAY, BOOL(hide_kernel_threads, true)},
	{"hide_containers", "leave out what runs in a container", .htoprc = "hide_running_in_container",
	 .group = SETTINGS_DISPLAY, BOOL(hide_containers, false)},
	{"program_path", "commands with the folder of their program", .htoprc = "show_program_path",
	 .group = SETTINGS_DISPLAY, BOOL(program_path, true)},
	{"merged_command", "program, name and command line in one", .htoprc = "show_merged_command",
	 .group = SETTINGS_DISPLAY, BOOL(merged_command, false)},
	{"shadow_other_users", "processes of other users in a dim colour", .htoprc = "shadow_other_users",
	 .group = SETTINGS_DISPLAY, BOOL(shadow_other_users, false)},
	{"highlight_changes", "mark processes that came and went", .htoprc = "highlight_changes",
	 .group = SETTINGS_DISPLAY, BOOL(highlight_changes, false)},
	{"highlight_seconds", "for so long, 1 to 3600", .htoprc = "highlight_changes_delay_secs",
	 .group = SETTINGS_DISPLAY, .kind = SETTING_NUMBER, AT(highlight_seconds), .least = 1, .most = 3600,
	 .init = 5},
	{"follow_sticky", "only F ends following a process", .group = SETTINGS_DISPLAY,
	 BOOL(follow_sticky, false)},

	{"show_meters", "the header", .group = SETTINGS_HEADER, BOOL(show_meters, true)},
	{"layout", "columns of the header, and how wide each is", .htoprc = "header_layout",
	 .group = SETTINGS_HEADER,
	 CHOICE(layout, "one_100 two_50_50 two_33_67 two_67_33 three_33_34_33 three_25_25_50 "
		"three_25_50_25 three_50_25_25 three_40_30_30 three_30_40_30 three_30_30_40 "
		"three_40_20_40 four_25_25_25_25", LAYOUT_TWO_50_50)},
	{"meters", "of each column; auto: what fits this machine", .group = SETTINGS_HEADER,
	 .kind = SETTING_METERS, AT(meters)},
	{"detailed_cpu", "every kind of CPU time with a colour of its own", .htoprc = "detailed_cpu_time",
	 .group = SETTINGS_HEADER, BOOL(detailed_cpu, false)},
	{"cpus_from_one", "the first CPU is 1", .htoprc = "cpu_count_from_one", .group = SETTINGS_HEADER,
	 BOOL(cpus_from_one, false)},
	{"memory", "what counts as used: as free(1) says, or as htop does", .group = SETTINGS_HEADER,
	 CHOICE(memory, "free htop", MEMORY_FREE)},

	{"show_tabs", "the line of tabs", .htoprc = "screen_tabs", .group = SETTINGS_TABS_GROUP,
	 BOOL(show_tabs, true)},
	{"tabs", "each with its columns and its order", .group = SETTINGS_TABS_GROUP, .kind = SETTING_TABS,
	 AT(tab)},
	{"cgroups", "the view of cgroups, likewise", .group = SETTINGS_TABS_GROUP, .kind = SETTING_TAB, AT(cgroups)},

	{"theme", "colours", .group = SETTINGS_COLORS, CHOICE(theme, THEME_WORDS, THEME_DEFAULT)},
	{"colors", "of single elements, over the theme's", .group = SETTINGS_COLORS,
	 .kind = SETTING_COLORS, AT(color)},
	{"color_depth", "how many colours the terminal has", .group = SETTINGS_COLORS,
	 CHOICE(color_depth, "auto none 8 16 256 true", 0)},

	{"show_function_bar", "the line of keys at the bottom", .htoprc = "hide_function_bar",
	 .htoprc_inverted = true, .group = SETTINGS_PROGRAM, BOOL(show_function_bar, true)},
	{"mouse", "clicks and the wheel", .htoprc = "enable_mouse", .group = SETTINGS_PROGRAM,
	 BOOL(mouse, true)},
	{"save_on_exit", "save what was changed when quitting", .group = SETTINGS_PROGRAM,
	 BOOL(save_on_exit, false)},
};

const u32 settings_count = ARRAY_LEN(settings_table);

_Static_assert(offsetof(struct settings, save_on_exit) <= UINT16_MAX, "setting.at");

const char *const meter_mode_name[METER_MODES] = {
	[METER_AUTO] = "auto", [METER_BAR] = "bar", [METER_TEXT] = "text", [METER_GRAPH] = "graph",
	[METER_LED] = "led",
};

const u8 header_layout_share[LAYOUT_N][HEADER_COLUMNS] = {
	[LAYOUT_ONE_100] = {100}, [LAYOUT_TWO_50_50] = {50, 50}, [LAYOUT_TWO_33_67] = {33, 67},
	[LAYOUT_TWO_67_33] = {67, 33}, [LAYOUT_THREE_33_34_33] = {33, 34, 33},
	[LAYOUT_THREE_25_25_50] = {25, 25, 50}, [LAYOUT_THREE_25_50_25] = {25, 50, 25},
	[LAYOUT_THREE_50_25_25] = {50, 25, 25}, [LAYOUT_THREE_40_30_30] = {40, 30, 30},
	[LAYOUT_THREE_30_40_30] = {30, 40, 30}, [LAYOUT_THREE_30_30_40] = {30, 30, 40},
	[LAYOUT_THREE_40_20_40] = {40, 20, 40}, [LAYOUT_FOUR_25_25_25_25] = {25, 25, 25, 25},
};

/* htop's second screen, with the columns there are. */
static const struct column_list columns_io = {
	.n = 7,
	.id = {COL_PID, COL_USER, COL_IO_PRIORITY, COL_IO_RATE, COL_READ_RATE, COL_WRITE_RATE, COL_CMDLINE},
};

const struct setting *setting_find(const char *name, size_t len)
{
	for (u32 i = 0; i < settings_count; i++)
		if (!strncmp(settings_table[i].name, name, len) && !settings_table[i].name[len])
			return &settings_table[i];
	return NULL;
}

struct bytes setting_word(const struct setting *row, u32 i)
{
	const char *at = row->words;

	while (i-- && *at) {
		at += strcspn(at, " ");
		at += *at == ' ';
	}
	return (struct bytes){(const unsigned char *)at, strcspn(at, " ")};
}

s32 setting_choice(const struct setting *row, const char *word, size_t len)
{
	struct bytes w;

	for (s32 i = 0; (w = setting_word(row, (u32)i)).n; i++)
		if (w.n == len && !memcmp(w.p, word, len))
			return i;
	return -1;
}

bool settings_show(const struct settings *s, enum column_id id)
{
	for (u32 i = 0; i < s->ntab; i++)
		if (memchr(s->tab[i].columns.id, id, s->tab[i].columns.n))
			return true;
	return false;
}

static void init_tab(struct tab_setting *t, const char *name, const struct column_list *columns_of,
		     enum column_id sort)
{
	memcpy(t->name, name, strlen(name));
	t->columns = *columns_of;
	t->sort = (struct sort_choice){sort, columns[sort].big_first};
	t->tree_sort = (struct sort_choice){COL_PID, columns[COL_PID].big_first};
}

void settings_init(struct settings *s)
{
	memset(s, 0, sizeof(*s));
	for (u32 i = 0; i < settings_count; i++) {
		const struct setting *row = &settings_table[i];
		void *at = (char *)s + row->at;

		switch ((enum setting_kind)row->kind) {
		case SETTING_BOOL:
			*(bool *)at = row->init;
			break;
		case SETTING_TIME:
			*(u64 *)at = (u64)row->init * NSEC_PER_MSEC;
			break;
		case SETTING_NUMBER:
			*(u32 *)at = row->init;
			break;
		case SETTING_CHOICE:
			*(u8 *)at = (u8)row->init;
			break;
		case SETTING_METERS:
		case SETTING_TABS:
		case SETTING_TAB:
		case SETTING_COLORS:
			break;
		}
	}
	s->ntab = 2;
	init_tab(&s->tab[0], "Main", &columns_default, COL_CPU);
	init_tab(&s->tab[1], "I/O", &columns_io, COL_IO_RATE);
	init_tab(&s->cgroups, "", &columns_groups, COL_CPU);
	s->cgroups.tree_sort.column = COL_PATH;
	s->cgroups.tree = true;
}
