# pitstop: GNU make 4, clang, lld, llvm-strip, musl and the kernel's UAPI headers.
# "make help" lists the targets and knobs; the first two a newcomer needs are
# "make run" and "make test".

HOST_ARCH := $(shell uname -m)
ARCH    ?= $(HOST_ARCH)
CLANG   ?= clang
ifeq ($(origin CC),default)
CC      := $(CLANG)
endif
STRIP   ?= llvm-strip
OBJCOPY ?= llvm-objcopy
PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g
SAN     ?= 0

VERSION := $(or $(shell cat VERSION 2>/dev/null),$(shell git describe --tags --always --dirty 2>/dev/null),unknown)
BUILD   := build/$(ARCH)$(if $(filter 1,$(SAN)),-san)

# ---- what is built from what ------------------------------------------------
SRC   := main.c $(wildcard loader/*.c proc/*.c ui/*.c bench/*.c)
BPF   := $(wildcard probes/*.bpf.c)
TEST  := $(wildcard tests/unit/*.c)
OBJ   := $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/probes/embed.o
BOBJ  := $(BPF:%.c=$(BUILD)/%.o)
LIBOBJ := $(filter-out $(BUILD)/main.o,$(OBJ))
TOBJ  := $(TEST:%.c=$(BUILD)/%.o)
HELPERS := $(patsubst tests/tools/%.c,$(BUILD)/tests/%,$(wildcard tests/tools/*.c)) \
	$(if $(filter 1,$(SAN)),,$(BUILD)/tests/pitstop-alloc)
# BPF objects that tests load or relocate, and tools that ask libbpf the same.
TEST_BPF := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bpf/*.bpf.c tests/core/*.bpf.c))
# The types of kernels that the cases in tests/core are relocated to.
TEST_BTF := $(patsubst %.target.c,$(BUILD)/%.btf,$(wildcard tests/core/*.target.c))
ORACLES := $(patsubst tests/oracle/%.c,$(BUILD)/tests/oracle/%,$(wildcard tests/oracle/*.c))
# Fuzzers whose corpus is kept, without libFuzzer.
REPLAYS := $(patsubst tests/fuzz/corpus/%.tar.xz,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/corpus/*.tar.xz))
FOR_TESTS := $(HELPERS) $(TEST_BPF) $(TEST_BTF) $(ORACLES) $(REPLAYS)

# ---- toolchain --------------------------------------------------------------
# musl and the UAPI headers live in other places on every distribution.  With
# headers named one by one (-nostdinc) no glibc header can slip in.  Folders that
# do not name a machine hold what is for this one.
MUSL_HOME := $(wildcard /usr/lib/$(ARCH)-linux-musl /usr/$(ARCH)-linux-musl/lib64 /usr/$(ARCH)-linux-musl/lib)
NATIVE := $(filter $(HOST_ARCH),$(ARCH))
# For another machine they are fetched into the cache, once.
ifeq ($(MUSL_SYSROOT)$(MUSL_HOME)$(NATIVE)$(filter clean help dist,$(MAKECMDGOALS)),)
MUSL_SYSROOT := $(shell sh .ci/sysroot $(ARCH))
endif
FROM := $(addsuffix /usr,$(MUSL_SYSROOT))
MUSL_LIB := $(dir $(firstword $(wildcard $(addsuffix /rcrt1.o, \
	$(FROM:%=%/lib/$(ARCH)-linux-musl) $(FROM:%=%/lib) $(MUSL_SYSROOT:%=%/lib) $(MUSL_HOME) \
	$(if $(NATIVE),/usr/lib/musl/lib $(if $(wildcard /lib/ld-musl-$(ARCH).so.1),/usr/lib))))))
MUSL_INC := $(firstword $(foreach d,$(FROM:%=%/include/$(ARCH)-linux-musl) $(FROM:%=%/include) \
	/usr/include/$(ARCH)-linux-musl /usr/$(ARCH)-linux-musl/include \
	$(if $(NATIVE),/usr/lib/musl/include /usr/include),$(if $(wildcard $(d)/bits/alltypes.h),$(d))))
UAPI := $(firstword $(foreach d,$(FROM:%=%/include) $(if $(NATIVE),/usr/include,/usr/$(ARCH)-linux-gnu/include), \
	$(if $(wildcard $(d)/linux/bpf.h),$(d))))
UAPI_ASM := $(firstword $(wildcard $(UAPI)/$(ARCH)-linux-gnu/asm $(UAPI)/asm))
RESOURCE := $(shell $(CLANG) -print-resource-dir 2>/dev/null)
# Only long double on aarch64 needs it; found where a compiler keeps it.
BUILTINS := $(firstword $(wildcard $(RESOURCE)/lib/linux/libclang_rt.builtins-$(ARCH).a \
	$(RESOURCE)/lib/$(ARCH)-*/libclang_rt.builtins.a $(FROM:%=%/lib/gcc/$(ARCH)-*/*/libgcc.a) \
	/usr/lib/gcc-cross/$(ARCH)-linux-gnu/*/libgcc.a /usr/lib/gcc/$(ARCH)-*/*/libgcc.a))

WARN := -Wall -Wextra -Wshadow -Wundef -Wvla -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wwrite-strings -Wcast-align -Wcast-qual -Wformat=2 \
	-Wpointer-arith -Wswitch-enum -Wframe-larger-than=16384 $(if $(filter 1,$(WERROR)),-Werror)
COMMON := -std=gnu11 -I. -I$(BUILD) -D_GNU_SOURCE -fno-common \
	-ffile-prefix-map=$(CURDIR)=. $(WARN) $(CFLAGS)

ifeq ($(SAN),1)
# The sanitizers' runtime needs the host's own libc: this build is for tests.
ALL_CFLAGS := $(COMMON) -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LINK = $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(1)
else
# Pointers in tables are relocated in the short form, which loader/start.c applies.
# Functions of the same code become one (3 KB): two may have one address.
ALL_CFLAGS := $(COMMON) --target=$(ARCH)-linux-musl $(if $(filter aarch64,$(ARCH)),-mno-outline-atomics) \
	-nostdinc -isystem $(MUSL_INC) -isystem $(RESOURCE)/include -idirafter $(BUILD)/uapi \
	-fPIE -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fdirect-access-external-data \
	-fno-vectorize -fno-slp-vectorize -fno-unroll-loops
LINK = $(CC) --target=$(ARCH)-linux-musl -fuse-ld=lld -nostdlib -static-pie -Wl,--gc-sections -Wl,--icf=all -Wl,--build-id=none \
	-Wl,-z,relro,-z,now,-z,rel,--pack-dyn-relocs=relr,-e,start_entry,-O2 $(LDFLAGS) -o $@ $(MUSL_LIB)rcrt1.o $(MUSL_LIB)crti.o $(1) $(MUSL_LIB)libc.a $(BUILTINS) $(MUSL_LIB)crtn.o
endif
# What a loader does not read: .BTF.ext is right without its relocations, and
# only these name the labels.  A third of an object.
SPARE := --strip-unneeded -R .rel.BTF -R .rel.BTF.ext -R .llvm_addrsig
BPF_CFLAGS := -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -std=gnu11 -I. -ffile-prefix-map=$(CURDIR)=.
# Of what is embedded: .BTF would hold every line of the source, did the compiler
# find it, and .BTF.ext a record for each column and inlined call.  Another third.
EMBED_CFLAGS := -gno-column-info -gno-inline-line-tables -fdebug-compilation-dir=/probes

comma := ,
Q = $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-6s %s\n' '$(1)' '$(2)')

# ---- build ------------------------------------------------------------------
all: pitstop

# What ./pitstop leads to runs here and is the product: no sanitized or foreign one.
pitstop: $(BUILD)/pitstop
	$(Q)$(if $(filter build/$(HOST_ARCH),$(BUILD)),ln -sfn $< $@,true)

$(BUILD)/pitstop: $(BUILD)/pitstop.debug
	$(call say,PACK,$@)
	$(Q)$(if $(filter 1,$(SAN)),cp $< $@,$(PACK) $< $@.new && chmod 755 $@.new && mv $@.new $@)

$(BUILD)/pitstop.debug: $(OBJ) loader/pack/packed.ld
	$(call say,LINK,$@)
	$(Q)$(call LINK,$(if $(filter 1,$(SAN)),,-Wl$(comma)-T$(comma)loader/pack/packed.ld) $(OBJ))

# What packs it runs here: for another machine it is built with this one's own libc.
PACK := $(BUILD)/loader/pack/pack
PACK_SRC := $(wildcard loader/pack/*.c) loader/unpack.c
ifneq ($(SAN),1)
$(BUILD)/pitstop: $(PACK)
endif
$(PACK): $(if $(NATIVE),$(PACK_SRC:%.c=$(BUILD)/%.o) $(BUILD)/loader/start.o,$(PACK_SRC) $(wildcard loader/pack/*.h loader/*.h))
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(if $(NATIVE),$(call LINK,$(filter %.o,$^)),$(CC) $(COMMON) -fuse-ld=lld -o $@ $(filter %.c,$^))

$(BUILD)/tests/unit/run: $(TOBJ) $(LIBOBJ) $(BUILD)/loader/pack/squeeze.o
	$(call say,LINK,$@)
	$(Q)$(call LINK,$^)

# The product once more, with every allocation counted; only a static link sees
# those inside libc.
$(BUILD)/tests/pitstop-alloc: $(OBJ) $(BUILD)/tests/wrap/alloc.o
	$(call say,LINK,$@)
	$(Q)$(call LINK,-Wl$(comma)--wrap=malloc$(comma)--wrap=calloc$(comma)--wrap=realloc $^)

$(BUILD)/tests/%: $(BUILD)/tests/tools/%.o $(LIBOBJ)
	$(call say,LINK,$@)
	$(Q)$(call LINK,$(filter %.o,$^))

# No input of a fuzzer may ask bpf(2) of the kernel below.
fuzz_link = $(if $(filter load,$(1)),-Wl$(comma)--wrap=syscall$(comma)--wrap=kbtf_open)

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/tests/unit/fake_model.o $(LIBOBJ)
	$(call say,LINK,$@)
	$(Q)$(call LINK,$(call fuzz_link,$*) $(filter %.o,$^))

# libbpf is the host's: so are the compiler's target and the libc.
$(BUILD)/tests/oracle/%: tests/oracle/%.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(COMMON) -MMD -MP -o $@ $< -lbpf -lelf -lz

$(BUILD)/%.bpf.o: %.bpf.c $(BUILD)/flags
	$(call say,BPF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) $(if $(filter $(BUILD)/probes/%,$@),$(EMBED_CFLAGS)) -MMD -MP -c -o $@ $<
	$(Q)$(STRIP) -g $(if $(filter $(BUILD)/probes/%,$@),$(SPARE)) $@	# DWARF goes; .BTF and .BTF.ext stay

$(BUILD)/%.btf: %.target.c $(BUILD)/flags
	$(call say,BTF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $(@:.btf=.target.o) $<
	$(Q)$(OBJCOPY) --dump-section .BTF=$@ $(@:.btf=.target.o)

$(BUILD)/probes/embed.o: probes/embed.S $(BOBJ)
	$(call say,AS,$@)
	$(Q)$(CC) $(if $(filter 1,$(SAN)),,--target=$(ARCH)-linux-musl) -Wa,-I$(BUILD)/probes -c -o $@ $<

$(BUILD)/%.o: %.c $(BUILD)/flags $(BUILD)/uapi
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The names of system calls and of errors, by number, as this architecture's
# headers have them: X(number, name) each.
$(BUILD)/proc/%_names.inc: $(BUILD)/uapi $(BUILD)/flags
	$(call say,NAMES,$@)
	$(Q)mkdir -p $(@D)
	$(Q)echo '#include <asm/$(if $(filter call,$*),unistd,errno).h>' | \
		$(CLANG) --target=$(ARCH)-linux-musl -nostdinc -I$(BUILD)/uapi -E -dM -x c - | \
		awk -v prefix=$(if $(filter call,$*),__NR_,E) '$$1 == "#define" {of[$$2] = $$3} END { \
			for (n in of) if (index(n, prefix) == 1) { \
				v = of[n]; if (v in of) {if (prefix == "E") continue; v = of[v]}; \
				if (v ~ /^[0-9]+$$/) print "X(" v ", " (prefix == "E" ? n : substr(n, 6)) ")"}}' | \
		sort -t'(' -k2n > $@

$(BUILD)/proc/calls.o: | $(BUILD)/proc/call_names.inc $(BUILD)/proc/errno_names.inc

$(BUILD)/uapi:
	@test '$(SAN)' = 1 || test -n '$(MUSL_LIB)' -a -n '$(MUSL_INC)' -a -n '$(UAPI_ASM)' || { echo 'pitstop:' \
		'no musl or no UAPI headers for $(ARCH) here: see .ci/deps, or set MUSL_SYSROOT' >&2; exit 1; }
	$(Q)mkdir -p $@
	$(Q)ln -sfn $(UAPI)/linux $@/linux
	$(Q)ln -sfn $(UAPI)/asm-generic $@/asm-generic
	$(Q)ln -sfn $(UAPI_ASM) $@/asm

# For size, but for what goes over every task and every cell of each frame, and for what unpacks before
# anything else runs (2 ms less at the start).  No function of the others is copied into another because
# it is small, and no loop of theirs is given more registers: 900 bytes less.  (The outliner of clang 14
# miscompiles.)
HOT := ui/cells ui/screen
ifneq ($(SAN),1)
$(HOT:%=$(BUILD)/%.o): private ALL_CFLAGS += -Os
$(filter-out $(HOT:%=$(BUILD)/%.o) $(BUILD)/loader/unpack.o,$(SRC:%.c=$(BUILD)/%.o)): private ALL_CFLAGS += \
	-Oz -mllvm -inline-threshold=0 -mllvm -disable-lsr
endif

# The version changes with every commit: only the file that tells it is built anew.
$(BUILD)/ui/version.o: private ALL_CFLAGS += -DVERSION='"$(VERSION)"'
$(BUILD)/ui/version.o: $(BUILD)/version

$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' > $@

# Rewritten only when the compiler or its flags change: rebuilds exactly then.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(CC) $(ALL_CFLAGS) $(BPF_CFLAGS) $(EMBED_CFLAGS) $(SPARE) $(LDFLAGS) $(MUSL_LIB))' | cmp -s - $@ || \
		echo '$(subst ','\'',$(CC) $(ALL_CFLAGS) $(BPF_CFLAGS) $(EMBED_CFLAGS) $(SPARE) $(LDFLAGS) $(MUSL_LIB))' > $@

# ---- for people -------------------------------------------------------------
help:
	@echo 'make            build ./pitstop for this machine (ARCH=aarch64, ARCH=x86_64: for another)'
	@echo 'make run        install what the build misses, build, start it'
	@echo 'make test       install what the tests miss, build, run every test that needs no virtual machine'
	@echo 'make test-vm    many kernels in virtual machines, x86_64 and aarch64 (VM=PATTERN: only some)'
	@echo 'make lint       who includes whom, no allocation in the draw path, shell, manual'
	@echo 'make bench      figures beside htop, btop, atop, top, ps and the floor, at 100 to 100,000 tasks: bench/results'
	@echo 'make fuzz       run every fuzzer for FUZZ_SECONDS (20), or for FUZZ_RUNS inputs; FUZZERS="elf btf": those'
	@echo 'make fuzz-keep  take what it found worth keeping into tests/fuzz/corpus'
	@echo 'make install    to DESTDIR, PREFIX ($(PREFIX)): binary, manual, completions'
	@echo 'make dist       a tarball of the sources;  make clean'
	@echo 'knobs: V=1  SAN=1 (address and undefined behaviour)  WERROR=1  CC  CLANG  PREFIX  DESTDIR  MUSL_SYSROOT'

# The second make reads the paths again: what was missing may be there now.
run:
	$(Q)sh .ci/deps build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)./pitstop $(ARGS)

test:
	$(Q)sh .ci/deps test
	$(Q)$(MAKE) --no-print-directory test-built

test-built: pitstop $(BUILD)/tests/unit/run $(FOR_TESTS)
	$(Q)sh tests/run.sh $(BUILD)

# Both architectures, whatever this machine is; VM=PATTERN: only such guests.
VM_ARCHS := x86_64 aarch64
VM_TOOLS := pitstop $(addprefix tests/,unit/run workload emergency drop probes attach kcore) \
	$(patsubst %.c,%.o,$(wildcard tests/bpf/load_*.bpf.c))

test-vm:
	$(Q)sh .ci/deps vm
	$(Q)for arch in $(VM_ARCHS); do \
		$(MAKE) --no-print-directory ARCH=$$arch $(VM_TOOLS:%=build/$$arch/%) || exit 1; done
	$(Q)python3 tests/vm/run '$(VM)'

lint:
	$(Q)sh .ci/deps lint
	$(Q)$(MAKE) --no-print-directory lint-built

lint-built: pitstop $(BUILD)/tests/unit/run $(HELPERS)
	$(Q)sh tests/lint.sh $(BUILD)

# A tool that is missing is named in the report.
bench:
	$(Q)sh .ci/deps test
	$(Q)sh .ci/deps bench || true
	$(Q)$(MAKE) --no-print-directory all $(HELPERS) $(TEST_BPF) $(ORACLES)
	$(Q)python3 bench/bench.py $(BUILD)

# Those of the loader are built from it, the others from all there is: lld drops
# what they do not reach.
# What is new to one goes to build/; "make fuzz-keep" takes the smallest inputs
# that reach as much into the tree, where "make test" runs them again.
FUZZ_SECONDS ?= 20
FUZZ_RUNS ?= -1
FUZZERS ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ := $(FUZZERS:%=$(BUILD)-fuzz/fuzz_%)
FUZZ_LOADER := elf btf ext object load unpack
FUZZ_FLAGS := -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ_SRC := $(wildcard loader/*.c proc/*.c ui/*.c)

$(FUZZ_LOADER:%=$(BUILD)-fuzz/fuzz_%): $(BUILD)-fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/mutate.h $(wildcard loader/*.[ch])
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(COMMON) $(FUZZ_FLAGS) $(call fuzz_link,$*) -o $@ $< $(wildcard loader/*.c)

$(BUILD)-fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_SRC) $(BUILD)/probes/embed.o $(BUILD)/proc/calls.o
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(COMMON) $(FUZZ_FLAGS) -DVERSION='"fuzz"' \
		-o $@ $< $(wildcard tests/unit/fake_model.c) $(FUZZ_SRC) $(BUILD)/probes/embed.o

$(BUILD)-fuzz/seed/%.o: tests/fuzz/seed/%.c tests/fuzz/seed/kernel.h
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<
	$(Q)$(STRIP) -g $@

FUZZ_SEEDS := $(patsubst %.c,$(BUILD)-fuzz/seed/%.o,$(filter-out kernel.c,$(notdir $(wildcard tests/fuzz/seed/*.c))))

$(BUILD)-fuzz/seeds: tests/fuzz/seed.py $(BUILD)-fuzz/seed/kernel.o $(FUZZ_SEEDS) $(BOBJ)
	$(Q)rm -rf $@
	$(Q)python3 $^ $@

fuzz: $(FUZZ) $(BUILD)-fuzz/seeds
	$(Q)sh tests/fuzz/run.sh fuzz $(BUILD)-fuzz '$(FUZZ_RUNS)' '$(FUZZ_SECONDS)' $(FUZZERS)

fuzz-keep: $(FUZZ) $(BUILD)-fuzz/seeds
	$(Q)sh tests/fuzz/run.sh keep $(BUILD)-fuzz $(FUZZERS)

install: pitstop $(BUILD)/tests/docgen
	install -D -m 755 $(BUILD)/pitstop '$(DESTDIR)$(PREFIX)/bin/pitstop'
	install -D -m 644 pitstop.1 '$(DESTDIR)$(PREFIX)/share/man/man1/pitstop.1'
	mkdir -p '$(DESTDIR)$(PREFIX)/share/bash-completion/completions' \
		'$(DESTDIR)$(PREFIX)/share/zsh/site-functions' '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d'
	$(BUILD)/tests/docgen bash > '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/pitstop'
	$(BUILD)/tests/docgen zsh > '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pitstop'
	$(BUILD)/tests/docgen fish > '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pitstop.fish'

# The same tree gives the same bytes.
dist:
	$(Q)mkdir -p build
	git archive --format=tar --prefix=pitstop-$(VERSION)/ HEAD | gzip -n9 > build/pitstop-$(VERSION).tar.gz

clean:
	rm -rf build pitstop

FORCE:
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all run test test-built test-vm lint lint-built bench fuzz fuzz-keep install dist clean help FORCE

-include $(OBJ:.o=.d) $(PACK_SRC:%.c=$(BUILD)/%.d) $(TOBJ:.o=.d) $(BOBJ:.o=.d) $(TEST_BPF:.o=.d) $(ORACLES:%=%.d) $(wildcard $(BUILD)/tests/fuzz/*.d) $(patsubst %,$(BUILD)/tests/tools/%.d,$(notdir $(HELPERS)))
