/* tests/fuzz/seed/tiny.c - as little as makes an object: what grows from it stays
 * small enough to be kept. */
struct task {
	int a;
	int b;
} __attribute__((preserve_access_index));

__attribute__((section("raw_tp/x"))) int f(struct task *t)
{
	return t->b;
}
