# make run, make test: install what is missing, build, and run the main job or every test. make help lists the rest.

# The build says to the kernels what the processor can: see Lanes.fused.
FUSED := $(if $(shell grep -m1 -o " fma " /proc/cpuinfo),-Xswiftc -DFUSED)
FLAGS := -c release -Xcc -march=native $(FUSED) --explicit-target-dependency-import-check error
# A debug build rounds as the release does, but knows no wide registers: it aligns no arrays to them.
DEBUG := $(FUSED) --explicit-target-dependency-import-check error
export ROOM
KARST := .build/release/karst
VALLEY := Scenarios/wujiang-valley/scenario.yaml
# What OpenBLAS must be told on processors it misjudges; asked late, when the library is installed.
CORE = $(shell scripts/blas-core)
WITH_CORE = $(if $(CORE),OPENBLAS_CORETYPE=$(CORE))

.PHONY: run test build docs lint format examples bench bench-powerflow bench-dispatch bench-messaging karst-bench chaos planted-faults sweep-networks help highs set-up

run: build ## Simulate the valley year and write runs/wujiang-valley-N/
	$(WITH_CORE) $(KARST) run $(VALLEY)

build: set-up ## Build the command karst
	swift build $(FLAGS) --product karst

# With ROOM the tests of one room alone, in a debug build: it takes seconds to build, and arithmetic more to run.
test: set-up highs ## Build and run every test; ROOM=Settlement those of one room, quickly built
ifdef ROOM
	swift build $(DEBUG) --product karstPackageTests
	$(WITH_CORE) scripts/run-tests $(DEBUG) --skip-build --disable-xctest
else
	@scripts/test-cases
	swift build $(FLAGS) --build-tests
	$(WITH_CORE) scripts/run-tests $(FLAGS) --skip-build --disable-xctest
endif

examples: set-up ## Build and run the packages of Examples, which use Karst as a library
	$(WITH_CORE) scripts/examples $(FLAGS)

docs: set-up ## Write the reference of the library products, .build/docs (DocC)
	scripts/docs $(FUSED)

lint: ## Check the format of every Swift file
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources

format: ## Format every Swift file
	swift format --in-place --recursive --parallel Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources

bench: karst-bench ## Measure the valley year by room and the kernels, beside peers where they can be installed
	$(WITH_CORE) .build/release/karst-bench $(JOBS)

bench-powerflow: JOBS ?= powerflow
bench-powerflow: karst-bench ## Measure every power flow beside its peers; JOBS="NAME …" chooses
	$(WITH_CORE) .build/release/karst-bench $(JOBS)

bench-dispatch: JOBS ?= dispatch
bench-dispatch: karst-bench highs ## Measure every dispatch beside its peers; KARST_PGLIB names the folder of pglib-opf
	$(WITH_CORE) .build/release/karst-bench $(JOBS)

bench-messaging: JOBS ?= messaging
bench-messaging: karst-bench ## Measure messages between agents beside mango, mesa and mosaik
	$(WITH_CORE) .build/release/karst-bench $(JOBS)

# The benchmarks are a package of their own in the same build folder; SwiftPM would take one's build plan for the
# other's, so it is forgotten at each change.
karst-bench: build
	rm -f .build/release.yaml
	swift build $(FLAGS) --package-path Benchmarks --scratch-path .build --product karst-bench
	rm -f .build/release.yaml

chaos: set-up highs ## Random events from SEEDS=2000 seeds, FIRST=1 on, and the laws in every step
	swift build $(FLAGS) --build-tests
	KARST_CHAOS_SEEDS=$(or $(SEEDS),2000) KARST_CHAOS_FIRST=$(or $(FIRST),1) $(WITH_CORE) swift test $(FLAGS) \
	  --skip-build --disable-xctest --filter ChaosLaws

planted-faults: set-up ## Plant known faults one by one and see that tests catch them; ROOMS="Clearing …" chooses
	$(WITH_CORE) scripts/planted-faults $(ROOMS)

sweep-networks: build ## Solve other people's networks beside pandapower and MATPOWER; SWEEP="matpower --most 300" chooses
	$(WITH_CORE) scripts/sweep-networks $(SWEEP)

highs: ## Fetch the mixed-integer solver HiGHS: unit commitment, infeasible hours explained
	@scripts/highs

set-up: ## Install the Debian packages that are missing
	@scripts/set-up

help: ## Show this
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
	  printf '  make %-16s %s\n' "$$name" "$$text"; done
