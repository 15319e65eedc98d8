# make         builds the tools into .build/release
# make help    lists the targets

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
PYTHON ?= python3
# What demo, soak and latency show; without it, moving crops of two portraits that Debian packages carry.
export VIDEO ?=
# Where detector-backgrounds puts pictures.
BACKGROUNDS := .build-backgrounds

# The commit that --version prints; Package.swift reads it. None outside a git checkout.
ifeq ($(origin FM_COMMIT),undefined)
FM_COMMIT := $(shell test -e .git && git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null)
endif
export FM_COMMIT

# A folder for each.
TOOLS := $(notdir $(wildcard Sources/fm-*))
# A folder of tools that are built already may be given instead.
BINARY_FOLDER := .build/release
BINARIES := $(TOOLS:%=$(BINARY_FOLDER)/%)
# The toolchain's own linker: no other is needed, and it says nothing about Foundation's use of mktemp.
LINKER := -Xswiftc -use-ld=lld
TEST_FOLDER := .build-test
PEERS := .build-peers
SOURCES := Package.swift Sources Tests

# To compile and link Swift programs on a bare Debian: a linker with the C library's headers, and what swift-package
# itself is linked with.
SWIFT_PACKAGES := binutils ca-certificates g++ git libc6-dev libcurl4-openssl-dev libncurses6 libsqlite3-0
BUILD_PACKAGES := $(SWIFT_PACKAGES) pkg-config libavcodec-dev libavdevice-dev libavfilter-dev libavformat-dev libavutil-dev \
  libswresample-dev libswscale-dev libdnnl-dev libhdf5-dev libpango1.0-dev libxml2-dev libzip-dev \
  libzstd-dev
RUN_PACKAGES := fonts-dejavu-core opencv-data
DEMO_PACKAGES := ffmpeg
TEST_PACKAGES := ffmpeg jq mandoc parallel python3 python3-jsonschema
# A face for the tests, in the public domain. The package is unpacked, not installed: what its program needs is large.
INSTALLED_PORTRAIT := /usr/share/doc/facedetect/examples/grace_hopper_512x512.jpg
PORTRAIT := $(TEST_FOLDER)/facedetect$(INSTALLED_PORTRAIT)
# What packs the tools.
PACKING_PACKAGES := binutils dpkg-dev gcc
PEER_PACKAGES := chromium python3 python3-venv
# What reads exported files: see Tests/Peers/Export. In an environment of their own, for one brings another OpenCV along.
EXPORT_PEERS := pandas duckdb webvtt-py pysubs2 pympi-ling tgt praat-textgrids textgrid motmetrics trackeval pycocotools \
  datumaro jsonschema opentimelineio otio-cmx3600-adapter otio-fcpx-xml-adapter playwright

# Pictures to time the detector on: those of the reference data beside the checkout, or the demo's.
BENCH_VIDEOS := $(or $(wildcard ../shared/media/video/*.mp4),demo/portraits.mp4)

STRIP ?= strip
BASH_PLACE := share/bash-completion/completions
ZSH_PLACE := share/zsh/site-functions
FISH_PLACE := share/fish/vendor_completions.d
MODELS := $(sort $(wildcard Sources/fm-classify/Models/*.keras))
DETECTORS := $(sort $(wildcard Sources/fm-detect/Detectors/*.keras))
RECIPES := $(sort $(wildcard Sources/fm-train/Recipes/*.json))
# The stream's schema, recipes for jq and for batches, and Python programs, each in the same place below share/fm.
SHARED := $(sort $(wildcard Sources/Share/*.json Sources/Share/jq/*.jq Sources/Share/python/*.py Sources/Share/batch/*))
PAGES := $(sort $(wildcard man/*.[1-9]))
# The man page's folder is its section's: man/fm-stream.5 goes to share/man/man5.
page-place = share/man/man$(patsubst .%,%,$(suffix $(1)))/$(notdir $(1))
# A page's commands and places of files are those of the installation.
own-prefix = sed -E 's,^(\.It Pa |[^.].*)?/usr/local/share/fm,\1$(PREFIX)/share/fm,' $(1)
# put OPTIONS,FILE,PLACE: installs a file and says where.
put = install -D $(1) $(2) "$(DESTDIR)$(PREFIX)/$(3)"; echo "$(DESTDIR)$(PREFIX)/$(3)";

# Installs those of the packages that are missing, as root or through sudo; asks nothing.
define install-missing
missing=; \
for package in $(1); do \
  state=$$(dpkg-query --show --showformat='$${db:Status-Status}' $$package 2>/dev/null) || state=absent; \
  test "$$state" = installed || missing="$$missing $$package"; \
done; \
if test -n "$$missing"; then \
  echo "make: installing$$missing"; \
  if test "$$(id -u)" = 0; then as_root=env; \
  elif command -v sudo >/dev/null; then as_root="sudo env"; \
  else echo "make: these packages are missing, and neither root nor sudo is at hand:$$missing" >&2; exit 1; fi; \
  $$as_root DEBIAN_FRONTEND=noninteractive apt-get update -qq; \
  $$as_root DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
    -o Dpkg::Use-Pty=0 $$missing </dev/null >/dev/null; \
fi
endef

.PHONY: build help deps deps-demo deps-test deps-peers swift-present check docs demo test test-stream test-build test-swift test-libraries test-training test-waiting test-tools test-python test-documentation test-share test-examples test-peers test-cross \
  check-debian12 check-debian13 check-deb deb dist dated release soak latency bench bench-torch growth detector-backgrounds fuzz manual completions format lint install uninstall clean

build: ## build the tools (.build/release/fm-*), with the Swift runtime linked into them
	$(SWIFT) build -c release --static-swift-stdlib --disable-local-rpath $(LINKER)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo 'Variables: PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) VIDEO=FILE (demo, soak, latency) PYTHON=$(PYTHON) SWIFT=$(SWIFT)'

deps: swift-present ## install the Debian packages that building and running need
	@$(call install-missing,$(BUILD_PACKAGES) $(RUN_PACKAGES))

deps-demo: deps
	@$(call install-missing,$(DEMO_PACKAGES))

deps-test: deps ## install what the tests need besides
	@$(call install-missing,$(TEST_PACKAGES))
	@test -r $(INSTALLED_PORTRAIT) || test -r $(PORTRAIT) || { \
	  mkdir -p $(TEST_FOLDER)/facedetect && cd $(TEST_FOLDER)/facedetect && \
	  apt-get -o APT::Sandbox::User=root download -qq facedetect && dpkg-deb --extract facedetect_*.deb . ; } || \
	  echo 'make: no portrait from the package facedetect; tests that want a face are skipped'

# The reference implementations, which tests and benchmarks compare with; some hundred megabytes.
deps-peers: deps-test
	@$(call install-missing,$(PEER_PACKAGES))
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet 'opencv-python-headless<5' keras tensorflow-cpu onnxruntime
	@test -x $(PEERS)/export/bin/python || $(PYTHON) -m venv $(PEERS)/export
	$(PEERS)/export/bin/python -m pip install --quiet $(EXPORT_PEERS)

swift-present:
	@command -v $(SWIFT) >/dev/null || { \
	  echo 'make: there is no `swift` in PATH. Debian packages no current Swift: install 6.1 or later from' >&2; \
	  echo '      https://www.swift.org/install/linux and add its usr/bin to PATH.' >&2; \
	  exit 1; }

demo: deps-demo ## annotate a video: of portraits that Debian packages, or VIDEO=FILE
	@$(MAKE) --no-print-directory build
	@Tests/Demo/run "$$VIDEO"

# All but the tests that run whole tools and those against the reference implementations.
check: ## lint and the fast tests: under two minutes once the tests are built
	@$(MAKE) --no-print-directory lint
	FM_PORTRAIT=$(CURDIR)/$(PORTRAIT) $(SWIFT_TEST) --skip 'ToolTests|Peer' 2>&1 | $(TEST_OUTPUT)
	@$(MAKE) --no-print-directory test-stream test-documentation test-share

test: deps-test ## run all tests
	@$(MAKE) --no-print-directory test-stream test-build
	@$(MAKE) --no-print-directory --keep-going --jobs=5 $(SWIFT_TESTS) test-python

# Of the built tools; what they print comes last.
test-python:
	@log=$$(mktemp); status=0; \
	$(MAKE) --no-print-directory --keep-going test-documentation test-share test-examples >$$log 2>&1 || status=$$?; \
	cat $$log; rm $$log; exit $$status

# Of the tools that the Swift tests have built.
test-documentation:
	FM_BIN=$(TEST_FOLDER)/release $(PYTHON) -m unittest discover -b -s Tests/Documentation

test-share:
	FM_BIN=$(TEST_FOLDER)/release FM_PORTRAIT=$(CURDIR)/$(PORTRAIT) $(PYTHON) -m unittest discover -b -s Tests/Share

test-examples:
	FM_BIN=$(TEST_FOLDER)/release FM_PORTRAIT=$(CURDIR)/$(PORTRAIT) $(PYTHON) -m unittest discover -b -s Tests/Examples

test-stream:
	$(PYTHON) -m unittest discover -b -s Tests/StreamReader

# For Swift tests and the tools that all tests run.
TEST_BUILD := -c release -Xswiftc -enable-testing $(LINKER) --scratch-path $(TEST_FOLDER)
SWIFT_TEST := $(SWIFT) test $(TEST_BUILD) --disable-xctest

# Passing tests are not worth a line each: what fails, what is skipped and the summary are.
TEST_OUTPUT := LC_ALL=C grep --text --line-buffered --invert-match --perl-regexp \
  '^(\x1b\[[0-9;]*m)?(◇(\x1b\[[0-9;]*m)? |✔(\x1b\[[0-9;]*m)? (\x1b\[[0-9;]*m)?(Test (?!run )|Suite ).*passed after |↳ T[a-z]+ (Library|Platform)|\[[0-9]+/[0-9]+\] |.* started\.$$)'

test-build:
	$(SWIFT) build $(TEST_BUILD) --build-tests 2>&1 | $(TEST_OUTPUT)

test-swift: test-build
	@$(MAKE) --no-print-directory --keep-going --jobs=4 $(SWIFT_TESTS)

# Side by side: tests of tools run one after the other and mostly wait, for a clock, a signal or another process.
SWIFT_TESTS := test-libraries test-training test-waiting test-tools
WAITING := ToolTests\.ToolTests/(FaultTable|Live|Manners|SignalTable|Interruption|Sync)
# Others of the tools', so that no process is much longer than the rest.
WITH_LIBRARIES := JoinedSound
WITH_TRAINING := ToolTests\.ToolTests/Classify
RUN_TESTS = FM_PORTRAIT=$(CURDIR)/$(PORTRAIT) $(TEST_FOLDER)/release/fmPackageTests.xctest --testing-library swift-testing

test-libraries:
	@$(RUN_TESTS) --skip 'ToolTests\.(TrainingToolTests/|ToolTests/(?!$(WITH_LIBRARIES)))' 2>&1 | $(TEST_OUTPUT)

test-training:
	@$(RUN_TESTS) --filter 'ToolTests\.TrainingToolTests/|$(WITH_TRAINING)' 2>&1 | $(TEST_OUTPUT)

test-waiting:
	@$(RUN_TESTS) --filter '$(WAITING)' 2>&1 | $(TEST_OUTPUT)

test-tools:
	@$(RUN_TESTS) --filter 'ToolTests\.ToolTests/' --skip '$(WAITING)|$(WITH_TRAINING)|ToolTests/$(WITH_LIBRARIES)' 2>&1 | $(TEST_OUTPUT)

test-peers: deps-peers ## the tests against OpenCV, Keras, ONNX Runtime and readers of exports, in .build-peers
	FM_PYTHON=$(CURDIR)/$(PEERS)/bin/python FM_EXPORT_PYTHON=$(CURDIR)/$(PEERS)/export/bin/python \
	  $(SWIFT_TEST) --filter Peer 2>&1 | $(TEST_OUTPUT)

# The toolchain's own clang compiles for ARM; an emulator runs it.
CROSS_PACKAGES := gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
CROSS := .build-cross
KERNELS := CProcessor CCascade CLayers
KERNEL_SOURCES := Tests/Portability/Kernels/*.c $(foreach target,$(KERNELS),Sources/$(target)/*.c)
KERNEL_FLAGS := -O2 -fuse-ld=lld $(KERNELS:%=-I Sources/%/include) $(KERNELS:%=-I Sources/%)
test-cross: deps ## the kernels of detector and network for ARM (NEON), in an emulator, against the plain ones and this machine's
	@$(call install-missing,$(CROSS_PACKAGES))
	@mkdir -p $(CROSS)
	clang --target=aarch64-linux-gnu -static $(KERNEL_FLAGS) $(KERNEL_SOURCES) -o $(CROSS)/levels -lm
	clang $(KERNEL_FLAGS) $(KERNEL_SOURCES) -o $(CROSS)/levels-here -lm
	qemu-aarch64-static $(CROSS)/levels | tee $(CROSS)/results
	$(CROSS)/levels-here | tee -a $(CROSS)/results
	@test "$$(sed -n 's/.* digest of all results: //p' $(CROSS)/results | sort -u | wc -l)" = 1 || \
	  { echo 'make: the digests differ' >&2; exit 1; }

check-debian12: swift-present ## build and test without a warning in a root of Debian 12, made by debootstrap; as root
	@$(call install-missing,debootstrap)
	Tests/Portability/debian bookworm make deps build test

check-deb: swift-present demo/portraits.mp4 ## build packages in Debian 12 and 13, install each where no Swift is, use it, remove it; as root
	@$(call install-missing,debootstrap)
	Tests/Portability/package bookworm
	Tests/Portability/package trixie

check-debian13: swift-present ## the same for Debian 13
	@$(call install-missing,debootstrap)
	Tests/Portability/debian trixie make deps build test

# What reads foreign bytes, under libFuzzer and the sanitizers of the toolchain; findings stay in .build-fuzz/TARGET. An
# input of up to 100 KB that takes more than a second of the processor's time is a finding.
FUZZ_TARGETS := cascade stream stored model onnx manifest boxes json
SECONDS := 60
TARGET := $(FUZZ_TARGETS)
fuzz: deps ## feed damaged files to the readers: SECONDS=60 for each TARGET, of eight by default
	$(SWIFT) build --package-path Tests/Fuzz --scratch-path .build-fuzz/build -c release $(LINKER)
	for target in $(TARGET); do \
	  export FM_FUZZ=$$target; folder=.build-fuzz/$$target; mkdir -p $$folder/corpus $$folder/seeds; \
	  FM_FUZZ_SEEDS=$$folder/seeds .build-fuzz/build/release/fuzz; \
	  .build-fuzz/build/release/fuzz -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=2048 -max_len=102400 \
	    -dict=$$folder/seeds.dict -artifact_prefix=$$folder/ -print_final_stats=1 $$folder/corpus $$folder/seeds \
	    2>$$folder/log || { tail -40 $$folder/log >&2; exit 1; }; \
	  echo "$$target: $$(grep -a -E 'number_of_executed_units|new_units_added|peak_rss' $$folder/log | tr -s ' \n' ' ')" \
	    "$$(grep -a -o -E 'cov: [0-9]+ ft: [0-9]+' $$folder/log | tail -1)"; \
	done

demo/portraits.mp4: | deps-demo
	@mkdir -p demo
	Tests/Demo/portraits $@

# To be made, unless another video is given.
SHOWN := $(if $(VIDEO),,demo/portraits.mp4)

# At real-time speed, so it takes its time; on a machine that does little else.
MINUTES := 60
soak: deps-demo $(SHOWN) ## the whole pipe for MINUTES=60: memory, lost frames, sound in step
	@$(MAKE) --no-print-directory build
	$(PYTHON) Tests/Benchmarks/Soak/soak.py .build/release "$${VIDEO:-demo/portraits.mp4}" $$(( $(MINUTES) * 60 ))

latency: deps-demo $(SHOWN) ## milliseconds from a frame's source to a viewer, and to the readers of side channels
	@$(MAKE) --no-print-directory build
	$(PYTHON) Tests/Benchmarks/Soak/latency.py .build/release "$${VIDEO:-demo/portraits.mp4}"
	$(PYTHON) Tests/Benchmarks/Soak/side_channels.py .build/release "$${VIDEO:-demo/portraits.mp4}"

# Text on the terminal; every figure, and what the machine did meanwhile, in bench.json; a drawing of the ratios in bench.svg.
BENCH := .build-bench
bench: deps-peers deps-demo demo/portraits.mp4 ## speed against OpenCV, FFmpeg, ONNX Runtime and Keras, quiet and beside a load
	@$(MAKE) --no-print-directory build
	@mkdir -p $(BENCH) && rm -f $(BENCH)/bench.json
	export FM_BENCH=$(BENCH)/bench.json; \
	$(PYTHON) Tests/Benchmarks/Pipe/benchmark.py .build/release demo/portraits.mp4; \
	$(PEERS)/bin/python Tests/Benchmarks/Cascade/benchmark.py .build/release/cascade-benchmark $(BENCH_VIDEOS); \
	$(PEERS)/bin/python Tests/Benchmarks/Network/benchmark.py .build/release; \
	$(PEERS)/bin/python Tests/Benchmarks/Training/benchmark.py .build/release/training-benchmark --networks classic \
	  --precisions f32,bf16; \
	$(PYTHON) Tests/Benchmarks/report.py $$FM_BENCH $(BENCH)/bench.svg
	@echo '$(BENCH)/bench.json and $(BENCH)/bench.svg'

# 0.8 GB of packages, by name, from the machine's own sources; nothing is installed.
detector-backgrounds: ## pictures without faces from Debian packages, in BACKGROUNDS=FOLDER/pictures, for fm-train detector
	@$(PYTHON) Sources/fm-train/Recipes/detector_backgrounds.py "$(BACKGROUNDS)"

growth: build ## how long the worst inputs of 1 to 16 MB take to read
	.build/release/growth-benchmark

bench-torch: deps-peers ## training of the compact network against PyTorch, which it installs (gigabytes)
	@$(MAKE) --no-print-directory build
	$(PEERS)/bin/python -m pip install --quiet torch
	$(PEERS)/bin/python Tests/Benchmarks/Training/benchmark.py .build/release/training-benchmark --networks compact \
	  --batches 128 --precisions bf16

# By the toolchain's own docc, so that who uses the package needs no plugin. The result is a website for any server.
DOCS := .build-docs
DOCC = $(shell command -v docc || echo "$$(dirname "$$(readlink -f "$$(command -v $(SWIFT))")")/docc")
docs: swift-present ## build the documentation of the library FrameStream (.build-docs/FrameStream)
	@$(SWIFT) build --quiet --target FrameStream --scratch-path $(DOCS)/build -Xswiftc -emit-symbol-graph \
	  -Xswiftc -emit-symbol-graph-dir -Xswiftc $(CURDIR)/$(DOCS)/symbols \
	  -Xswiftc -symbol-graph-minimum-access-level -Xswiftc public
	@mkdir -p $(DOCS)/graph && cp $(DOCS)/symbols/FrameStream*.json $(DOCS)/graph
	$(DOCC) convert Sources/FrameStream/FrameStream.docc --additional-symbol-graph-dir $(DOCS)/graph \
	  --fallback-display-name FrameStream --fallback-bundle-identifier fm.FrameStream --warnings-as-errors \
	  --output-path $(DOCS)/FrameStream

manual: build ## regenerate the lists of options in the man pages
	$(PYTHON) Tests/Documentation/option_lists.py .build/release

completions: build ## regenerate the shells' completion files
	for tool in $(TOOLS); do \
	  .build/release/$$tool --generate-completion-script bash >completions/$$tool.bash; \
	  .build/release/$$tool --generate-completion-script zsh >completions/_$$tool; \
	  .build/release/$$tool --generate-completion-script fish >completions/$$tool.fish; \
	done

install: $(BINARIES) ## install tools, models, recipes, man pages and completions under PREFIX (and DESTDIR)
	@$(foreach tool,$(TOOLS),\
	  $(call put,--mode=755 --strip --strip-program=$(STRIP),$(BINARY_FOLDER)/$(tool),bin/$(tool)))
	@$(foreach model,$(MODELS),$(call put,--mode=644,$(model),share/fm/$(notdir $(model))))
	@$(foreach model,$(DETECTORS),$(call put,--mode=644,$(model),share/fm/detectors/$(notdir $(model))))
	@$(foreach recipe,$(RECIPES),$(call put,--mode=644,$(recipe),share/fm/recipes/$(notdir $(recipe))))
	@$(foreach file,$(SHARED),\
	  $(call put,--mode=$(if $(filter %.py %.sh,$(file)),755,644),$(file),share/fm/$(file:Sources/Share/%=%)))
	@$(foreach page,$(PAGES),\
	  $(call own-prefix,$(page)) | $(call put,--mode=644,/dev/stdin,$(call page-place,$(page))))
	@$(foreach tool,$(TOOLS),\
	  $(call put,--mode=644,completions/$(tool).bash,$(BASH_PLACE)/$(tool)) \
	  $(call put,--mode=644,completions/_$(tool),$(ZSH_PLACE)/_$(tool)) \
	  $(call put,--mode=644,completions/$(tool).fish,$(FISH_PLACE)/$(tool).fish))

uninstall: ## remove what install put there
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(TOOLS:%=bin/%) $(MODELS:Sources/fm-classify/Models/%=share/fm/%) \
	  $(DETECTORS:Sources/fm-detect/Detectors/%=share/fm/detectors/%) \
	  $(RECIPES:Sources/fm-train/Recipes/%=share/fm/recipes/%) $(SHARED:Sources/Share/%=share/fm/%) \
	  $(foreach page,$(PAGES),$(call page-place,$(page))) $(TOOLS:%=$(BASH_PLACE)/%) \
	  $(TOOLS:%=$(ZSH_PLACE)/_%) $(TOOLS:%=$(FISH_PLACE)/%.fish))
	rm -f $(DESTDIR)$(PREFIX)/share/fm/python/__pycache__/fm_stream.*.pyc
	rmdir $(addprefix $(DESTDIR)$(PREFIX)/share/fm,/detectors /recipes /jq /batch /python/__pycache__ /python /) 2>/dev/null || true

# What is published goes here. Tools in another folder are packed as they are.
PACKAGES := .build-packages
BUILT := $(if $(filter .build/release,$(BINARY_FOLDER)),build)

deb: $(BUILT) ## pack the tools as a Debian package (.build-packages) for the release that this system is
	@$(call install-missing,$(PACKING_PACKAGES))
	@Sources/Packaging/deb $(PACKAGES)

dist: $(BUILT) ## the same as a tarball, for other systems with the same libraries
	@$(call install-missing,$(PACKING_PACKAGES))
	@Sources/Packaging/dist $(PACKAGES)

dated: ## date the version, in CHANGELOG.md and the man pages (DATE=2026-12-31, or today)
	@Sources/Packaging/release date $(DATE)

RELEASE_CHECKS := lint test
release: ## lint, test and pack what is committed (.build-packages), with checksums and the section of CHANGELOG.md
	@Sources/Packaging/release ready
	rm -rf $(PACKAGES)
	@$(MAKE) --no-print-directory $(RELEASE_CHECKS)
	@$(MAKE) --no-print-directory deb dist
	@Sources/Packaging/release notes $(PACKAGES)

# So that `sudo make install` after `make` compiles nothing as root.
$(BINARIES) &:
	@$(MAKE) --no-print-directory build

format: ## format the sources
	$(SWIFT) format format --in-place --parallel --recursive $(SOURCES)
	@$(MAKE) --no-print-directory lint

lint: ## check the sources' format
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

clean: ## remove what was built
	$(SWIFT) package clean || true
	rm -rf .build .build-fuzz $(BENCH) $(PACKAGES) .debian $(DOCS) $(CROSS) $(TEST_FOLDER) $(PEERS) demo
