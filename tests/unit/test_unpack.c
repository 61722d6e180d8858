/* loader/unpack.c gives back what loader/pack/squeeze.c was given, and nothing of
 * what it was not. */
#include "tests/unit/test.h"

#include "loader/pack/squeeze.h"

enum { LONG = (1 << 15) + 4017 };

static struct pack_model model;
static unsigned char in[LONG], packed[2 * LONG], out[LONG + 1];

static size_t there_and_back(size_t n)
{
	size_t m = squeeze(packed, sizeof(packed), (struct bytes){in, n});

	memset(out, 0xa5, sizeof(out));
	CHECK(m <= sizeof(packed));
	CHECK(unpack(out, n, (struct bytes){packed, m}, &model));
	CHECK(!memcmp(in, out, n));
	CHECK_EQ(out[n], 0xa5);
	return m;
}

static u32 dice(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

static void short_ones(void)
{
	memcpy(in, "abracadabra", 12);
	for (size_t n = 0; n <= 12; n++)
		there_and_back(n);
}

static void zeros(void)
{
	memset(in, 0, sizeof(in));
	CHECK(there_and_back(sizeof(in)) < 1000);
}

/* Every byte as often as another: nothing to gain, and what the model learns of
 * chance costs an eighth at most. */
static void noise(void)
{
	u32 seed = 1;

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (unsigned char)dice(&seed);
	CHECK(there_and_back(sizeof(in)) < sizeof(in) * 9 / 8);
}

/* Each twice as often as the next: cells as sure as they get, and wrong now and then. */
static void lopsided(void)
{
	u32 seed = 1;

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (unsigned char)(__builtin_ctz(dice(&seed) << 8 | 1u << 22 | dice(&seed)) * 7 + (i % 50 ? 0 : i));
	there_and_back(sizeof(in));
}

/* Near and far copies with changed bytes between. */
static void copies(void)
{
	u32 seed = 7;

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = i < 999 ? (unsigned char)dice(&seed) : in[i - 1 - dice(&seed) % 2 * (i / 2)];
	CHECK(there_and_back(sizeof(in)) < sizeof(in));
}

static void cut_short(void)
{
	size_t m;

	memcpy(in, "one two three one two three four", 32);
	m = there_and_back(32);
	for (size_t n = 0; n < m; n++)
		CHECK(!unpack(out, 32, (struct bytes){packed, n}, &model));
	CHECK(!unpack(out, 4096, (struct bytes){packed, m}, &model));
	CHECK(!unpack(out, 0, (struct bytes){packed, 0}, &model));
}

/* No bit more or less makes it write elsewhere. */
static void bent(void)
{
	static unsigned char as_was[sizeof(packed)];
	size_t m, accepted = 0;

	for (u32 i = 0; i < 2000; i++)
		in[i] = (unsigned char)(i % 100 * (i % 7));
	m = there_and_back(2000);
	memcpy(as_was, packed, m);
	for (size_t bit = 0; bit < m * 8; bit++) {
		packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
		accepted += unpack(out, 2000, (struct bytes){packed, m}, &model);
		CHECK_EQ(out[2000], 0xa5);
		memcpy(packed, as_was, m);
	}
	CHECK(accepted < m * 8);
}

TESTS(unpack, {"short_ones", short_ones}, {"zeros", zeros}, {"noise", noise}, {"lopsided", lopsided},
      {"copies", copies}, {"cut_short", cut_short}, {"bent", bent})
