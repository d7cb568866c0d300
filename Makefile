# The commands for developers. `make help` lists them.

RELEASE = $(or $(CARGO_TARGET_DIR),target)/release/access-log-generator

# The first target, so that `make` builds what `make install` installs.
.PHONY: build
build: ## Build the release binary
	cargo build --release --locked

# Ctrl-C goes to the generator, which stops in an orderly way.
.PHONY: run
run: ## Build the generator and run the example configuration, with logs in ./logs; Ctrl-C stops it
	cargo run --release --locked -- --log-dir-override logs configs/example.yaml

.PHONY: test
test: ## Run the tests
	cargo test --locked

# The same as CI runs.
.PHONY: check
check: format lint test property doc systems acceptance ## Everything that must hold before a commit is pushed

.PHONY: property
property: ## Test the rate with 10,000 random hours, the files with 10,000 failures, verify with 20 damaged logs
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
systems: ## Type-check the code for musl, macOS and FreeBSD
	tests/systems/run

# Runs the release binary as its users do, and lets other programs judge what it writes. Takes about twenty minutes and needs a
# machine with no other work. TOPICS="rate law" runs only these topics.
.PHONY: acceptance
acceptance: ## Measure whether the release binary keeps its promises
	tests/acceptance/run $(TOPICS)

.PHONY: pictures
pictures: $(RELEASE) ## Draw the pictures of the library of scenarios, and write the page that shows them
	tests/pictures/scenarios $(RELEASE)

.PHONY: static
static: ## Build static binaries for x86_64 and aarch64 into target/static
	packaging/static

.PHONY: deb
deb: ## Build Debian packages for amd64 and arm64 into target/package
	packaging/deb

# Builds only if there is no binary yet, so root needs no Rust toolchain. BINARY is another binary to install. If that one is for
# another machine, HOST_BINARY prints its manual pages and completions.
PREFIX ?= /usr/local
BINARY = $(RELEASE)
HOST_BINARY = $(BINARY)

.PHONY: install
install: $(BINARY) $(HOST_BINARY) ## Install the binary, its service and its configuration; PREFIX is /usr/local, DESTDIR empty
	DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' packaging/install '$(BINARY)' '$(HOST_BINARY)'

.PHONY: uninstall
uninstall: ## Remove what was installed, except a configuration that was changed
	DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' packaging/install --undo

$(RELEASE):
	$(MAKE) build

.PHONY: archives
archives: static ## Pack each static binary with its documents and completions into target/package
	packaging/archives

.PHONY: sbom
sbom: ## Write a CycloneDX list of the parts of the static binaries to target/package
	packaging/sbom

# Needs root and an hour and a half. TOPICS="static image" runs only these topics.
.PHONY: package-test
package-test: ## Build what is shipped, and test that it works where it is meant to
	tests/packaging/run $(TOPICS)

# Has no limits to fail, so it is not part of `make check`. Takes half an hour and needs a machine with no other work.
# ROWS="null tmpfs" measures only these rows, QUICK=1 is shorter; tests/README.md has the rest.
.PHONY: bench
bench: ## Measure how fast the generator is and what it costs, and print a table
	tests/bench/run $(ROWS)

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]*:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
