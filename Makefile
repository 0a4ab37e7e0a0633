# Builds the library, one binary for each cmd/*.c, and the tests; `make help` lists the targets.

VARIANT ?= release
BUILD ?= build/$(VARIANT)
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
PKG_CONFIG ?= pkg-config
PROTOC_C ?= protoc-c
WERROR ?=

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

# libFuzzer is clang's.
ifeq ($(VARIANT),fuzz)
ifeq ($(origin CC),default)
CC := clang
endif
endif
CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null))
SYSTEM := $(shell uname -s)

VERSION := $(shell sed -n 's/^.define SL_VERSION "\(.*\)"/\1/p' include/spanline/cli.h)

COMMANDS := $(patsubst cmd/%.c,%,$(wildcard cmd/*.c))
LIB_SOURCES := $(wildcard lib/*/*.c)
PROTOS := $(wildcard lib/*/*.proto)
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
FUZZ_TARGETS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
BENCHES := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))
MAN_PAGES := $(wildcard man/*.[1-8])
C_FILES := $(wildcard cmd/*.c lib/*/*.[ch] include/*/*.h tests/*/*.[ch])

GENERATED := $(patsubst %.proto,$(BUILD)/gen/%.pb-c,$(notdir $(PROTOS)))
PAGE_PARTS := $(patsubst lib/render/%,$(BUILD)/gen/%.inc,$(wildcard lib/render/*.css lib/render/*.js))
GENERATED_HEADERS := $(GENERATED:=.h) $(PAGE_PARTS)
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o) $(GENERATED:=.o)
BINARIES := $(COMMANDS:%=$(BUILD)/bin/%)
LIBRARY := $(BUILD)/libspanline.a

# The project's flags have variables of their own, so that CFLAGS and LDFLAGS stay the user's.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wpointer-arith -Wundef -Wvla -Wformat=2 \
	-Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion
PACKAGES := libprotobuf-c jansson zlib libzstd libpcre2-8
PACKAGE_FLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null \
	|| echo -lprotobuf-c -ljansson -lz -lzstd -lpcre2-8)

# Only what sends is linked with libcurl.
CURL_LIBS := $(shell $(PKG_CONFIG) --libs libcurl 2>/dev/null || echo -lcurl)
CURL_FLAGS := $(shell $(PKG_CONFIG) --cflags libcurl 2>/dev/null)

CFLAGS_release := -O2 -g
CFLAGS_sanitized := -O1 -g
CFLAGS_coverage := -O0 -g
CFLAGS_fuzz := -O1 -g
CFLAGS ?= $(CFLAGS_$(VARIANT))

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
VARIANT_FLAGS_sanitized := $(SANITIZE)
VARIANT_FLAGS_coverage := --coverage
VARIANT_FLAGS_fuzz := $(SANITIZE) -fsanitize=fuzzer-no-link
VARIANT_FLAGS := $(VARIANT_FLAGS_$(VARIANT))

# FORTIFY_SOURCE needs an optimising compiler and hides errors from the sanitizers.
OPTIMISED := $(filter-out -O0,$(filter -O%,$(CFLAGS)))
FORTIFY := $(if $(filter release,$(VARIANT)),$(if $(OPTIMISED),-U_FORTIFY_SOURCE \
	-D_FORTIFY_SOURCE=$(if $(CLANG),2,3)))
HARDEN ?= -fstack-protector-strong -fstack-clash-protection $(FORTIFY) -fPIE
HARDEN_LINK ?= $(if $(HARDEN),$(if $(filter Linux,$(SYSTEM)),-pie -Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now))
comma := ,

LANGUAGE := -std=c11 -D_POSIX_C_SOURCE=200809L -pthread
PROJECT_FLAGS = $(LANGUAGE) -Iinclude -I$(BUILD)/gen $(PACKAGE_FLAGS) $(CURL_FLAGS) $(HARDEN) $(VARIANT_FLAGS)
COMPILE = $(CC) $(PROJECT_FLAGS) $(WARNINGS) $(WERROR) $(CPPFLAGS) $(CFLAGS) -MMD -MP
COMPILE_GENERATED = $(CC) $(PROJECT_FLAGS) -w $(CPPFLAGS) $(CFLAGS) -MMD -MP
LINK = $(CC) -pthread $(HARDEN) $(HARDEN_LINK) $(VARIANT_FLAGS) $(CFLAGS) $(LDFLAGS)
# What most symbols are looked up in comes first: a program starts with fewer steps.
LIBS = -lc $(PACKAGE_LIBS) -lm $(LDLIBS)

silent := $(findstring s,$(firstword -$(MAKEFLAGS)))
quiet = $(if $(filter 1,$(V)),,@$(if $(silent),,printf '  %-8s %s\n' $(1) '$@';))

# A target that builds another variant does so beside this one.
beside = $(if $(filter build/$(VARIANT),$(BUILD)),build/$(1),$(BUILD)-$(1))
variant = $(MAKE) VARIANT=$(1) BUILD=$(call beside,$(1))

.PHONY: all demo check check-faults check-sanitized coverage fuzz bench lint format install \
	uninstall dist clean help tests fuzz-targets FORCE

all: $(BINARIES) ## build the commands into build/release/bin

demo: ## install what is missing, build, decode a real capture
	scripts/demo

tests: $(BINARIES) $(UNIT_TESTS) $(FUZZ_TARGETS) ## build the commands and all tests

check: tests ## run every test
	BUILD='$(BUILD)' scripts/run-tests

check-faults: $(BINARIES) ## otlp-send through all faults, FAULT_SEEDS=20 FAULT_SEED=1
	BUILD='$(BUILD)' FAULT_ALONE=1 FAULT_SEEDS='$(or $(FAULT_SEEDS),20)' \
		KILLS='$(or $(KILLS),200)' TEST_SECONDS=7200 \
		scripts/run-tests property/send property/faults property/kills

check-sanitized: ## the same under the address and undefined-behaviour sanitizers
	+$(call variant,sanitized) check

coverage: ## lines and branches that the tests reach, for each file
	+$(call variant,coverage) tests
	BUILD='$(call beside,coverage)' scripts/coverage

fuzz-targets: $(FUZZ_TARGETS)

fuzz: ## fuzz each door, SECONDS_EACH=60
	+$(call variant,fuzz) fuzz-targets
	BUILD='$(call beside,fuzz)' scripts/fuzz

bench: $(BINARIES) $(BENCHES) ## time the commands beside other programs, on a made corpus
	BUILD='$(BUILD)' scripts/bench

lint: $(BINARIES) $(GENERATED_HEADERS) ## static checks, layers, man pages against --help
	BUILD='$(BUILD)' CPPFLAGS='$(LANGUAGE) -Iinclude -I$(BUILD)/gen $(PACKAGE_FLAGS)' scripts/lint

format: ## lay out all C files
	clang-format -i $(C_FILES)

install: all ## into $(DESTDIR)$(PREFIX), man pages included
	install -d '$(DESTDIR)$(BINDIR)'
	install -m 755 $(BINARIES) '$(DESTDIR)$(BINDIR)'
	for page in $(MAN_PAGES); do \
		section='$(DESTDIR)$(MANDIR)/man'$${page##*.}; \
		install -d "$$section" && install -m 644 "$$page" "$$section" || exit 1; \
	done

uninstall: ## remove what install put there
	rm -f $(COMMANDS:%='$(DESTDIR)$(BINDIR)/%')
	for page in $(MAN_PAGES); do \
		rm -f '$(DESTDIR)$(MANDIR)/man'$${page##*.}/$${page##*/}; \
	done

dist: ## build/spanline-VERSION.tar.gz of the last commit
	mkdir -p build
	git archive --prefix=spanline-$(VERSION)/ -o build/spanline-$(VERSION).tar.gz HEAD

clean: ## remove everything that was built
	rm -rf build $(filter-out build/%,$(BUILD))

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' Makefile
	@echo 'variables: PREFIX DESTDIR BINDIR MANDIR CC CFLAGS LDFLAGS WERROR HARDEN BUILD VARIANT V=1'

# What all objects were compiled with: other flags compile them anew.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(COMPILE) / $(LINK) $(LIBS)' | cmp -s - $@ \
		|| printf '%s\n' '$(COMPILE) / $(LINK) $(LIBS)' > $@

# What is in the library: a file that went away leaves it.
$(BUILD)/objects: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(LIB_OBJECTS)' | cmp -s - $@ || printf '%s\n' '$(LIB_OBJECTS)' > $@

vpath %.proto $(sort $(dir $(PROTOS)))
$(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%.pb-c.h: %.proto
	@mkdir -p $(@D)
	$(call quiet,PROTOC)$(PROTOC_C) --proto_path=$(<D) --c_out=$(@D) $<

# A line of the file is a string of an array: one string could not be so long.
$(BUILD)/gen/%.inc: lib/render/%
	@mkdir -p $(@D)
	$(call quiet,GEN)sed -e 's/[\\"?]/\\&/g' -e 's/^/"/' -e 's/$$/\\n",/' $< > $@

$(BUILD)/gen/%.pb-c.o: $(BUILD)/gen/%.pb-c.c $(BUILD)/flags
	$(call quiet,CC)$(COMPILE_GENERATED) -c -o $@ $<

$(BUILD)/%.o: %.c $(BUILD)/flags | $(GENERATED_HEADERS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) -c -o $@ $<

$(LIBRARY): $(LIB_OBJECTS) $(BUILD)/objects
	$(call quiet,AR)rm -f $@ && $(AR) rcs $@ $(LIB_OBJECTS)

$(BUILD)/bin/%: $(BUILD)/cmd/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(LIBRARY)
	$(call quiet,LINK)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(LINK) -o $@ $^ $(LIBS)

# Outside the fuzz variant a driver replays seeds.
ifeq ($(VARIANT),fuzz)
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIBRARY)
	$(call quiet,LINK)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)
else
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(LIBRARY)
	$(call quiet,LINK)$(LINK) -o $@ $^ $(LIBS)
endif

SENDING := $(BUILD)/bin/otlp-send $(filter $(BUILD)/tests/%_net $(BUILD)/tests/%_deliver,$(UNIT_TESTS) $(FUZZ_TARGETS))
$(SENDING): LIBS += $(CURL_LIBS)

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
