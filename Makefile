SWIFT ?= swift
SAMPLE ?= Samples/loss-firewall

.DEFAULT_GOAL := help
.PHONY: help run build test check lint imports format golden flags manual clean packages

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Install what is missing, build, and analyse a sample (SAMPLE=folder)
	.build/release/hopscope analyze $(SAMPLE)

build: packages ## Build the release
	$(SWIFT) build -c release

test: packages ## Run the tests
	$(SWIFT) test

check: lint imports test ## Check format and imports, and run the tests

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

imports:
	tools/check-imports

format: ## Format all sources
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

golden: packages ## Write the expected outputs of the tests anew; look at the difference before you commit it
	HOPSCOPE_REFRESH_GOLDEN=1 $(SWIFT) test

manual: ## Write the manual page anew from what the program says of itself
	$(SWIFT) build
	tools/make-manual

flags: ## Ask the installed tshark anew for the expected flags of the tests; look at the difference before you commit it
	tools/flags-expected --refresh Tests/StreamAnalysisTests/Expected

clean: ## Remove everything that was built
	$(SWIFT) package clean

packages:
	@tools/install-packages
