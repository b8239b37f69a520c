# Everything here is cargo and the neurodyn binary; see `make help`.

CARGO ?= cargo
NEURODYN = $(CARGO) run --release --bin neurodyn --

.DEFAULT_GOAL := help
FIGURES = figures/*.svg
# modules that a macro names, so cargo fmt does not see them
LISTED = $(wildcard crates/model/src/activation/*.rs src/experiments/*/*.rs src/experiments/*/*/*.rs)
PAPER = examples/paper/build
PAPER_FIGURES = activity_width distance_pairs curvature_growth singular_fisher

.PHONY: help install figures paper latex book reference man check accept verify schemas report test test-fresh test-browser test-cluster test-example test-fonts test-interop test-python wheel trust trust-short \
	deny fmt lint bench bench-accept bench-time bench-build bench-peers ci ci-full clean

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

install: ## Build the program and put it where cargo keeps programs (~/.cargo/bin)
	$(CARGO) install --path . --locked --force

figures: ## Compute what changed of all experiments, check its numbers, draw its figures
	$(NEURODYN) run --changed

paper: latex figures ## Set the sample paper from figures, numbers and citations, and verify the figures in it; needs pdflatex, lualatex and bibtex
	$(NEURODYN) draw --quiet --format pdf --out $(PAPER) $(PAPER_FIGURES)
	for figure in $(PAPER_FIGURES); do $(NEURODYN) cite --provenance $$figure > $(PAPER)/$$figure.caption.tex || exit; done
	$(NEURODYN) cite --bibtex activity_width > $(PAPER)/software.bib
	examples/paper/build.sh
	$(NEURODYN) verify $(PAPER)/*.pdf

latex:
	@examples/paper/build.sh check

check: ## Recompute everything and compare with golden data and committed figures
	$(NEURODYN) check

accept: ## Make the results of the last run golden
	$(NEURODYN) accept

verify: ## Compute every committed figure again from itself alone; FIGURES=figures/activity_*.svg for some
	$(NEURODYN) verify $(FIGURES)

schemas: ## Write the schemas of experiment files, for editors
	$(NEURODYN) schema --out experiments/schema

reference: ## Write the generated pages of the book, docs/reference
	$(NEURODYN) reference --out docs/reference

book: reference ## Build the book, book/index.html; needs mdbook (cargo install mdbook)
	@command -v mdbook >/dev/null || { echo "mdbook is missing; it comes with: cargo install mdbook" >&2; exit 2; }
	mdbook build docs

man: ## Write the manual pages to target/man/man1
	$(NEURODYN) man --out target/man/man1

report: ## Write report/index.html, one page about all experiments, from the results of the last run
	$(NEURODYN) report

test: ## Run all tests
	$(CARGO) test --release

test-fresh: ## Run all tests, with property tests on cases that no run had before; says the seed that gives the same ones again
	seed=$$(od -An -N6 -tu8 /dev/urandom | tr -d ' ') && echo "PROPTEST_RNG_SEED=$$seed" && PROPTEST_RNG_SEED=$$seed $(CARGO) test --release

test-browser: ## Read reports in headless chromium: search, colours, read-outs, keyboard, contrast
	$(CARGO) build --release
	tests/browser/run

test-cluster: ## Run a sweep on Slurm (one node dies) and HyperQueue on this machine; as root
	$(CARGO) build --release
	tests/cluster/run

test-fonts: figures ## Compare figures drawn with the fonts of this machine and with none; as root
	tests/fonts/run

test-example: ## Add the experiment of ARCHITECTURE.md to a copy of the tree: build, run, shards, a refusal, faults that do not compile
	tests/example/run

test-interop: ## Read tables, drawings, numbers and citations with other programs (pyarrow, DuckDB, Batik, LaTeX, ...); skips what is not there
	$(CARGO) build --release
	tests/interop/run

wheel: ## Build the Python module, with the program inside, to target/python/wheels; needs CPython 3.9 or later
	tests/python/run wheel

test-python: ## Test the wheel in clean environments: module, documentation, types, notebooks, same bytes as cargo's program; needs CPython and PyPI
	tests/python/run

trust: ## Measure what docs/explanation/checking.md says under "Trust": bits, calibration, streams, faults, hostile input, memory; hours, goes on where it was interrupted; as root
	$(CARGO) build --release
	tests/trust.py

trust-short: ## The same in short, without the fuzzer (whose corpus `make test` replays)
	$(CARGO) build --release
	tests/trust.py short

deny: ## Licences, sources, duplicates and known vulnerabilities of all crates; needs cargo-deny
	$(CARGO) deny check bans licenses sources
	@if $(CARGO) deny fetch db >/dev/null 2>&1; then $(CARGO) deny --offline check advisories; \
	else echo "deny: the database of advisories cannot be fetched; known vulnerabilities were NOT looked for"; fi

fmt: ## Format all Rust code, experiments too
	$(CARGO) fmt
	@rustfmt --edition 2024 $(LISTED)

lint: ## Format, clippy and documentation, warnings denied
	@$(CARGO) fmt --check && rustfmt --check --edition 2024 $(LISTED) || { echo "make fmt mends this" >&2; exit 1; }
	$(CARGO) clippy --release --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --release --no-deps --quiet

bench: ## Count instructions and compare with the stored counts; needs valgrind
	$(CARGO) bench --bench instructions

bench-accept: ## Store the counts of instructions
	$(CARGO) bench --bench instructions -- accept

bench-time: ## Time the elementary functions, the quadrature, the samplers, learning
	$(CARGO) bench $(foreach name,elementary quadrature sampler stages singular cost formulas headline start,--bench $(name))

bench-build: ## Time builds and tests here and at another commit, side by side; COMMIT=e495760 for the one the goals were set by; an hour
	python3 benches/build.py $(COMMIT)

bench-peers: ## Time the same work here and in numpy, scipy, JAX and neural-tangents, side by side
	python3 benches/peers/run.py

ci: ## What every change must pass; installs what it needs
	.ci/run

ci-full: ## What takes longer or needs more: LANES="crates papers speed trust python hosts" for some; as root
	.ci/full $(LANES)

clean: ## Remove everything built or computed
	$(CARGO) clean
	rm -rf results data quick book $(PAPER) tests/golden/*.new
