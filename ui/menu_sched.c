/* ui/menu_sched.c - where, when and how urgently a process may run: the menus
 * about ui->deed.sched. */
#include "ui/menu_impl.h"
#include "ui/deed.h"
#include "ui/sched_names.h"

enum { RT_LEAST = 1, RT_MOST = 99, VALUE_RESET = 1u << 16 };

static struct bytes number_label(u32 value, char room[static LABEL_ROOM])
{
	return (struct bytes){(const unsigned char *)room, put_u64(room, value)};
}

static enum menu_mark now_if(bool is)
{
	return is ? MARK_NOW : MARK_NONE;
}

/* ---- CPUs ---- */

struct bytes cpu_label(u32 cpu, char room[static LABEL_ROOM])
{
	return number_label(cpu, room);
}

enum menu_mark cpu_mark(const struct ui_state *ui, u32 cpu)
{
	return cpuset_has(&ui->deed.sched.cpus, cpu) ? MARK_ON : MARK_OFF;
}

void toggle_cpu(struct ui_state *ui, u32 cpu)
{
	cpuset_flip(&ui->deed.sched.cpus, cpu);
}

void menu_tick_all(struct ui_state *ui, bool tick)
{
	static const struct cpuset none;

	ui->deed.sched.cpus = tick ? ui->deed.sched.online : none;
}

void choose_cpus(struct ui_state *ui, const struct frame *f, u32 cpu)
{
	(void)cpu;
	if (cpuset_next(&ui->deed.sched.cpus, 0) < CPUSET_CPUS) {
		deed_choose(ui, f, 0);
		return;
	}
	ui->mode = MODE_AFFINITY;
	ui_state_say(ui, f->now_ns, "no CPU is ticked: tick one with Space");
}

/* ---- I/O priorities ---- */

struct bytes io_label(u32 value, char room[static LABEL_ROOM])
{
	struct out o = {.buf = room, .cap = LABEL_ROOM};

	io_priority_write(&o, value);
	return (struct bytes){(const unsigned char *)room, o.len};
}

enum menu_mark io_mark(const struct ui_state *ui, u32 value)
{
	return now_if(ui->deed.sched.io_priority == value);
}

void choose_io(struct ui_state *ui, const struct frame *f, u32 value)
{
	ui->deed.sched.io_priority = value;
	deed_choose(ui, f, 0);
}

static void add_io(struct menu *menu)
{
	menu_add(menu, IO_CLASS_NONE);
	for (u32 class = IO_CLASS_RT; class <= IO_CLASS_BE; class++)
		for (u32 level = 0; level < IO_LEVELS; level++)
			menu_add(menu, class << IO_CLASS_SHIFT | level);
	menu_add(menu, IO_CLASS_IDLE << IO_CLASS_SHIFT);
}

/* ---- policies ---- */

struct bytes policy_label(u32 value, char room[static LABEL_ROOM])
{
	const char *name = policy_name(value);

	(void)room;
	if (value == VALUE_RESET)
		return BYTES_LIT("reset on fork");
	return (struct bytes){(const unsigned char *)name, strlen(name)};
}

enum menu_mark policy_mark(const struct ui_state *ui, u32 value)
{
	if (value == VALUE_RESET)
		return ui->deed.sched.reset_on_fork ? MARK_ON : MARK_OFF;
	return now_if(ui->deed.sched.policy == value);
}

void toggle_reset(struct ui_state *ui, u32 value)
{
	ui->deed.sched.reset_on_fork ^= value == VALUE_RESET;
}

void choose_policy(struct ui_state *ui, const struct frame *f, u32 value)
{
	struct deed *d = &ui->deed;

	if (value == VALUE_RESET) {
		toggle_reset(ui, value);
		ui->mode = MODE_POLICY;
		return;
	}
	if (value != POLICY_FIFO && value != POLICY_RR) {
		d->sched.policy = value;
		deed_choose(ui, f, 0);
		return;
	}
	d->arg = (s32)value;
	menu_begin(ui, MODE_RT_PRIORITY);
	for (u32 i = RT_LEAST; i <= RT_MOST; i++)
		menu_add(&ui->menu, i);
	menu_point(&ui->menu, d->sched.priority);
}

struct bytes priority_label(u32 value, char room[static LABEL_ROOM])
{
	return number_label(value, room);
}

enum menu_mark priority_mark(const struct ui_state *ui, u32 value)
{
	return now_if(ui->deed.sched.priority == value);
}

void choose_priority(struct ui_state *ui, const struct frame *f, u32 value)
{
	ui->deed.sched.policy = (u32)ui->deed.arg;
	ui->deed.sched.priority = value;
	deed_choose(ui, f, 0);
}

/* ---- opening ---- */

static void add_policies(struct menu *menu)
{
	static const u8 offered[] = {POLICY_OTHER, POLICY_BATCH, POLICY_IDLE, POLICY_FIFO, POLICY_RR};

	menu_add(menu, VALUE_RESET);
	for (u32 i = 0; i < ARRAY_LEN(offered); i++)
		menu_add(menu, offered[i]);
	menu->cursor = 1;
}

void menu_open_sched(struct ui_state *ui)
{
	const struct act_sched *now = &ui->deed.sched;

	if (ui->deed.kind == DEED_AFFINITY) {
		menu_begin(ui, MODE_AFFINITY);
		for (u32 cpu = cpuset_next(&now->online, 0); cpu < CPUSET_CPUS;
		     cpu = cpuset_next(&now->online, cpu + 1))
			menu_add(&ui->menu, cpu);
	} else if (ui->deed.kind == DEED_IO_PRIORITY) {
		menu_begin(ui, MODE_IO_PRIORITY);
		add_io(&ui->menu);
		menu_point(&ui->menu, now->io_priority);
	} else {
		menu_begin(ui, MODE_POLICY);
		add_policies(&ui->menu);
		menu_point(&ui->menu, now->policy);
	}
}
