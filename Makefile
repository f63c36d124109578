# `make run` shows a posterior, `make test` runs all tests; both install what is missing first.

SWIFT ?= swift
CONFIGURATION ?= release
BOREL = .build/$(CONFIGURATION)/borel
SOURCES = Sources Tests stdlib Package.swift \
  $(foreach example,Embedding Service,$(addprefix examples/$(example)/,Sources Tests Package.swift))

.PHONY: build run test test-service library documentation bench bench-peers format lint setup reference reference-pages experiments-ppg clean

build: setup
	$(SWIFT) build -c $(CONFIGURATION) --product borel

run: build
	$(BOREL) run examples/nile.ppl -d examples/data/nile.json

# Optimised, because the statistical tests draw many samples. Tests are built with the flags of the
# products, so that nothing is built twice.
test: setup
	$(SWIFT) build -c release --product borel
	$(SWIFT) build -c release --product BorelC
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build

# The HTTP service of examples/Service: its tests, and its page in a browser. Builds a package of its
# own, which takes as long as the first `make test`.
test-service: setup
	$(SWIFT) build --package-path examples/Service -c release --build-tests
	$(SWIFT) test --package-path examples/Service -c release --skip-build
	examples/Service/browser-test

# The reference and the tutorial of the Swift library, in .build/documentation.
documentation: setup
	$(SWIFT) build -c release --product BorelC
	scripts/documentation

# The shared library for C, Python and others: .build/release/libborel.so and Sources/CBorel/include/borel.h.
library: setup
	$(SWIFT) build -c release --product BorelC
	ln -sf libBorelC.so .build/release/libborel.so

bench: build
	Benchmarks/run --borel $(BOREL)
	Benchmarks/chains --borel $(BOREL)

# Next to other systems, which are installed into environments of their own: some minutes.
bench-peers: build
	Benchmarks/peers --borel $(BOREL)

format:
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

setup:
	@scripts/setup

# Rewrites docs/reference.
reference-pages: build
	scripts/reference $(BOREL)

# Compares the programs of reference/ with answers computed elsewhere, where these are at hand.
reference: build
	scripts/compare-reference --borel $(BOREL)

# Rewrites the tables and the plot of docs/experiments/ppg.md: about half an hour.
experiments-ppg: build
	scripts/experiments-ppg --borel $(BOREL) --write

clean:
	rm -rf .build
