# What a developer does with this project. `make help` lists it.

RELEASE = $(or $(CARGO_TARGET_DIR),target)/release/access-log-generator

# It comes first: what `make` has built, `make install` installs.
.PHONY: build
build: ## Build the release binary
	cargo build --release --locked

# Ctrl-C belongs to the generator, which stops in its own good order.
.PHONY: run
run: ## Build it, and run the example configuration with its logs in ./logs; Ctrl-C stops it
	cargo run --release --locked -- --log-dir-override logs configs/example.yaml

.PHONY: test
test: ## Run the tests
	cargo test --locked

# What CI runs: what passes here passes there.
.PHONY: check
check: format lint test property doc systems acceptance ## Everything that must hold before a commit is pushed

.PHONY: property
property: ## Hold the rate against 10,000 random hours, the files against 10,000 disasters, verify against 2,500 logs
	PROPTEST_CASES=10000 cargo test --locked --test stream rate::
	PROPTEST_CASES=10000 cargo test --locked --lib files::log_file::property::
	PROPTEST_CASES=2560 cargo test --locked --lib verify::judge::property:: -- --include-ignored

.PHONY: format
format: ## Check the formatting
	cargo fmt --check

.PHONY: lint
lint: ## Run clippy; a warning is an error
	cargo clippy --locked --all-targets -- -D warnings

.PHONY: doc
doc: ## Build the documentation; a warning is an error
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

.PHONY: systems
systems: ## Type-check it for musl, macOS and FreeBSD
	tests/systems/run

# Runs the release binary as its users do and lets others judge what it writes. Takes some minutes
# and wants the machine for itself. TOPICS="rate law" runs these alone.
.PHONY: acceptance
acceptance: ## Measure the release binary against what it promises
	tests/acceptance/run $(TOPICS)

.PHONY: static
static: ## Build static binaries for x86_64 and aarch64 into target/static
	packaging/static

.PHONY: deb
deb: ## Build Debian packages for amd64 and arm64 into target/package
	packaging/deb

# Installs what is built, and builds only where nothing is: so root needs no Rust toolchain. BINARY is another binary
# to install; where that one is for another machine, HOST_BINARY prints its manual page and completions.
PREFIX ?= /usr/local
BINARY = $(RELEASE)
HOST_BINARY = $(BINARY)

.PHONY: install
install: $(BINARY) $(HOST_BINARY) ## Install it, its service and its configuration; PREFIX is /usr/local, DESTDIR empty
	DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' packaging/install '$(BINARY)' '$(HOST_BINARY)'

.PHONY: uninstall
uninstall: ## Remove what was installed, but not a configuration that was changed
	DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' packaging/install --undo

$(RELEASE):
	$(MAKE) build

.PHONY: archives
archives: static ## Pack each of them with its documents and completions into target/package
	packaging/archives

.PHONY: sbom
sbom: ## List what they are made of, as CycloneDX, in target/package
	packaging/sbom

# Wants root and some minutes more than the rest. TOPICS="static image" shows these alone.
.PHONY: package-test
package-test: ## Build what is shipped, and prove that it works where it is to work
	tests/packaging/run $(TOPICS)

# Judges nothing, so it is no part of check. Takes half an hour and wants the machine for itself.
# ROWS="null tmpfs" measures these alone, QUICK=1 is shorter; tests/README.md has the rest.
.PHONY: bench
bench: ## Measure how fast it is and what it costs, and print a table
	tests/bench/run $(ROWS)

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]*:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
