/* ui/fmt.c - numbers as htop prints them, by hand: its users know these
 * fields by sight. */
#include "ui/fmt.h"

#include "ui/out.h"

static const char units[] = "KMGTPEZ";

/* Writes n characters to the right end of a field, or '#' all over. */
static void right(char *out, size_t width, const char *text, size_t n)
{
	if (n > width) {
		memset(out, '#', width);
		return;
	}
	memset(out, ' ', width - n);
	memcpy(out + width - n, text, n);
}

static void two_digits(struct out *o, u64 v)
{
	out_char(o, (char)('0' + v / 10 % 10));
	out_char(o, (char)('0' + v % 10));
}

void fmt_bytes(char out[static FMT_BYTES_WIDTH], u64 bytes)
{
	char text[24];
	struct out o = {text, sizeof(text), 0, false};
	u64 kib = bytes / 1024, hundredths;
	unsigned unit = 1;

	if (kib < 100000) {
		out_u64(&o, kib);
		right(out, FMT_BYTES_WIDTH, text, o.len);
		return;
	}
	/* Hundredths of a MiB, cut and not rounded: 99999 is followed by 97.6M. */
	hundredths = mul_div(kib, 100, 1024);
	for (; hundredths >= 1000000; unit++)
		hundredths /= 1024;
	if (hundredths < 1000)
		out_fixed(&o, hundredths, 2);
	else if (hundredths < 10000)
		out_fixed(&o, hundredths / 10, 1);
	else
		out_u64(&o, hundredths / 100);
	out_char(&o, units[unit]);
	right(out, FMT_BYTES_WIDTH, text, o.len);
}

void fmt_percent(char out[static FMT_PERCENT_WIDTH], u64 ppm)
{
	char text[24];
	struct out o = {text, sizeof(text), 0, false};
	u64 tenths = ppm / 1000 + (ppm % 1000 >= 500);

	if (tenths < 10000)
		out_fixed(&o, tenths, 1);
	else
		out_u64(&o, ppm / 10000 + (ppm % 10000 >= 5000));
	right(out, FMT_PERCENT_WIDTH, text, o.len);
}

void fmt_time(char out[static FMT_TIME_WIDTH], u64 ns)
{
	char text[32];
	struct out o = {text, sizeof(text), 0, false};
	u64 hundredths = ns / (NSEC_PER_SEC / 100), seconds = hundredths / 100;
	u64 minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

	if (!hours) {
		out_u64(&o, minutes);
		out_char(&o, ':');
		two_digits(&o, seconds % 60);
		out_char(&o, '.');
		two_digits(&o, hundredths % 100);
	} else if (!days) {
		out_u64(&o, hours);
		out_char(&o, 'h');
		two_digits(&o, minutes % 60);
		out_char(&o, ':');
		two_digits(&o, seconds % 60);
	} else if (days < 365) {
		out_u64(&o, days);
		out_char(&o, 'd');
		two_digits(&o, hours % 24);
		out_char(&o, 'h');
		if (days < 10) {
			two_digits(&o, minutes % 60);
			out_char(&o, 'm');
		}
	} else {
		out_u64(&o, days / 365);
		out_char(&o, 'y');
		out_char(&o, (char)('0' + days % 365 / 100));
		two_digits(&o, days % 365);
		out_char(&o, 'd');
	}
	right(out, FMT_TIME_WIDTH, text, o.len);
}

void fmt_rate(char out[static FMT_RATE_WIDTH], u64 bytes_per_s)
{
	static const char *const names[] = {" B/s", " K/s", " M/s", " G/s", " T/s", " P/s", " E/s"};
	char text[32];
	struct out o = {text, sizeof(text), 0, false};
	unsigned unit = 0;
	u64 size = 1, hundredths;

	while (bytes_per_s / size >= 1024) {
		size *= 1024;
		unit++;
	}
	hundredths = mul_div(bytes_per_s, 100, size);
	out_fixed(&o, hundredths, 2);
	out_str(&o, names[unit]);
	right(out, FMT_RATE_WIDTH, text, o.len);
}

void fmt_u64(char *out, unsigned width, u64 v)
{
	char text[20];

	right(out, width, text, put_u64(text, v));
}

void fmt_s64(char *out, unsigned width, s64 v)
{
	char text[24];
	struct out o = {text, sizeof(text), 0, false};

	out_s64(&o, v);
	right(out, width, text, o.len);
}

size_t fmt_size(char out[static 8], u64 bytes)
{
	struct out o = {out, 8, 0, false};
	unsigned unit = 0;
	u64 size = 1024, hundredths;

	while (bytes / size >= 1024) {
		size *= 1024;
		unit++;
	}
	/* Three digits that count, rounded; K has no decimals. */
	hundredths = (mul_div(bytes, 1000, size) + 5) / 10;
	if (unit && hundredths < 1000)
		out_fixed(&o, hundredths, 2);
	else if (unit && hundredths < 9995)
		out_fixed(&o, (hundredths + 5) / 10, 1);
	else
		out_u64(&o, (hundredths + 50) / 100);
	out_char(&o, units[unit]);
	return o.len;
}

size_t fmt_uptime(char out[static 32], u64 ns)
{
	struct out o = {out, 32, 0, false};
	u64 seconds = ns / NSEC_PER_SEC, days = seconds / 86400;

	if (days) {
		out_u64(&o, days);
		out_str(&o, days == 1 ? " day, " : " days, ");
	}
	two_digits(&o, seconds / 3600 % 24);
	out_char(&o, ':');
	two_digits(&o, seconds / 60 % 60);
	out_char(&o, ':');
	two_digits(&o, seconds % 60);
	return o.len;
}
