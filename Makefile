SWIFT ?= swift
SAMPLE ?= Samples/loss-firewall
RUNS ?= 5

.DEFAULT_GOAL := help
TIME ?= 600
TARGET ?=
LINTED = Sources Tests Benchmarks/Benchmarks Benchmarks/Package.swift Fuzzing/Sources/fuzz Fuzzing/Package.swift Package.swift
.PHONY: help run build test check lint imports format golden flags manual pictures fuzz sanitize bench bench-limits bench-peers bench-curve bench-tools clean packages

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Install what is missing, build, and analyse a sample (SAMPLE=folder)
	.build/release/hopscope analyze $(SAMPLE)

build: packages ## Build the release
	$(SWIFT) build -c release

test: packages ## Run the tests
	$(SWIFT) test

check: lint imports test ## Check format and imports, and run the tests

lint:
	$(SWIFT) format lint --strict --recursive $(LINTED)

imports:
	tools/check-imports

format: ## Format all sources
	$(SWIFT) format --in-place --recursive $(LINTED)

golden: packages ## Write the expected outputs of the tests anew; look at the difference before you commit it
	HOPSCOPE_REFRESH_GOLDEN=1 $(SWIFT) test

manual: ## Write the manual page anew from what the program says of itself
	$(SWIFT) build
	tools/make-manual

pictures: build ## Draw the pictures of the documents anew; look at them before you commit them
	tools/make-pictures

flags: ## Ask the installed tshark anew for the expected flags of the tests; look at the difference before you commit it
	tools/flags-expected --refresh Tests/StreamAnalysisTests/Expected

fuzz: packages ## Fuzz with libFuzzer and AddressSanitizer, each target for TIME=600 seconds, or one: TARGET=files
	SWIFT=$(SWIFT) Fuzzing/run -t $(TIME) $(TARGET)

# Without XCTest, which leaks where it finds no tests of its own.
sanitize: packages ## Run the tests with AddressSanitizer, then with ThreadSanitizer
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leak-sanitizer.txt \
	  $(SWIFT) test --disable-xctest --sanitize=address --scratch-path .build/address
# ThreadSanitizer maps a file of its own, for which the tests of small disks and file sizes leave no room.
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/thread-sanitizer.txt \
	  $(SWIFT) test --disable-xctest --sanitize=thread --scratch-path .build/thread --skip LimitTests

bench: packages bench-tools ## Measure every stage, and fail where one takes more than it may
	SWIFT=$(SWIFT) Benchmarks/stages

bench-limits: build bench-tools ## Fail where an analysis takes more times what libpcap's counting loop takes than it may
	Benchmarks/limits

bench-peers: build bench-tools ## Measure an analysis beside libpcap and other tools (RUNS=5)
	Benchmarks/peers -n $(RUNS)

bench-curve: build bench-tools ## Measure how time and memory grow with packets and connections
	Benchmarks/curve

bench-tools: Benchmarks/.build/traffic-generator Benchmarks/.build/count

Benchmarks/.build/traffic-generator: Benchmarks/Traffic/traffic.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -o $@ $<

Benchmarks/.build/count: Benchmarks/Traffic/count.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -o $@ $< -lpcap

clean: ## Remove everything that was built
	$(SWIFT) package clean

packages:
	@tools/install-packages
