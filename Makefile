# The commands of the project; `make help` lists them.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 3
DATA ?= ../shared/data
# What makes the environment; the checks of the pages run in it, whatever is named here.
unexport PYTHON
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

NODE := $(shell command -v npm 2>/dev/null)
CHROMIUM ?= $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome))
WEB_SOURCES := $(shell find frontend docs -name node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: run
run: $(VENV)/.runtime $(if $(NODE),app/web/index.html) ## Prepare everything that is missing and serve on PORT (8000)
	@$(if $(NODE),:,test -f app/web/index.html || echo "web app: not built, as there is no Node; the API runs. For the web app install Node 20 or later and run: make web")
	@exec $(BIN)/python run.py --host $(HOST) --port $(PORT)

.PHONY: web
web: ## Build the web app
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error && npm run --loglevel=error build

app/web/index.html: $(WEB_SOURCES)
	@echo "web app: building (a minute, when its source has changed)"
	@$(MAKE) --no-print-directory web >/dev/null || echo "web app: failed; the API runs without what is new in it. To see why: make web"

WEB := $(and $(NODE),$(CHROMIUM))

.PHONY: test
test: checks test-python $(if $(WEB),test-journeys,no-web) ## Lint, types, import rules, and every test, on PostgreSQL too where SQL differs, and the web app's

# One thread for each of the tests' processes, which are as many as the cores can take; and compiled
# modules are kept, which each of the servers they start would have to compile anew.
ALONE := env -u PYTHONDONTWRITEBYTECODE OMP_NUM_THREADS=1

.PHONY: test-python
test-python: $(VENV)/.development ## Every test of the server alone
	$(ALONE) $(BIN)/pytest -n $(JOBS) --dist loadgroup --cov=app --cov-report=
	$(BIN)/coverage report --fail-under=90
	$(BIN)/coverage report --fail-under=100 --include='app/security.py,app/services/accounts.py,app/services/registration.py,app/routes/auth.py,app/routes/users.py'

# Each has a core to itself.
.PHONY: checks
checks: $(VENV)/.development
	@$(MAKE) --no-print-directory -j2 lint $(if $(WEB),test-pages)

.PHONY: test-web
test-web: test-pages test-journeys ## Lint, types, tests, client and build of the web app, and its journeys in Chromium

.PHONY: test-pages
test-pages: $(VENV)/.development frontend/node_modules/.package-lock.json
	cd frontend && npm run --silent lint && npm test --silent && npm run --silent client:check && npm run --silent build

.PHONY: test-journeys
test-journeys: $(VENV)/.development e2e/node_modules/.package-lock.json
	cd e2e && npm run --silent types && CHROMIUM=$(CHROMIUM) npm test --silent

# REQUIRE_WEB=1 makes it a failure, as on a machine that has to test everything.
.PHONY: no-web
no-web:
	@echo "WEB APP NOT TESTED: this needs Node 20 or later and Chromium (Debian: apt install nodejs npm chromium)"
	@test -z "$(REQUIRE_WEB)"

%/node_modules/.package-lock.json: %/package-lock.json
	@cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The change since BASE, which is what is not committed unless another revision is named.
BASE ?= HEAD
QUICK_SECONDS ?= 60

.PHONY: quick
quick: $(VENV)/.development ## Lint, types and the tests nearest to a change since BASE, in 90 seconds
	@$(MAKE) --no-print-directory -j2 lint touched

# What is touched and not reached in time is left to `make test`; a failure ends it at once.
.PHONY: touched
touched: $(VENV)/.development
	@tests=$$($(BIN)/python -m tests.touched $(BASE)) || exit 1; \
	if [ -z "$$tests" ]; then echo "tests: the change touches none"; exit 0; fi; \
	$(ALONE) timeout --foreground -s INT $(QUICK_SECONDS) $(BIN)/pytest -x -q -k "not postgresql" $$tests; status=$$?; \
	case $$status in \
		5) echo "tests: the change touches none" ;; \
		124) echo "tests: $(QUICK_SECONDS) seconds are over; run make test for the rest" ;; \
		*) exit $$status ;; \
	esac

.PHONY: fresh
fresh: ## Do what a newcomer does, in a clone and a home with nothing in them: make run, make test
	@.ci/fresh

.PHONY: lint
lint: $(VENV)/.development ## Lint, types and import rules alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

.PHONY: crash
crash: $(VENV)/.development ## Kill the server at 50 seeded moments and look for what was lost
	$(BIN)/pytest tests/crash -s -p no:cacheprovider --crash-moments=50 --timeout=1800

.PHONY: audit
audit: $(VENV)/.development ## Look up known vulnerabilities of what is locked; says where that cannot be done
	@$(BIN)/python .ci/audit

.PHONY: fuzz-api
fuzz-api: $(VENV)/.development ## Send generated requests with every check on, as user, analyst and admin: 20,000 cases
	$(ALONE) $(BIN)/pytest tests/routes/test_openapi.py -k generated -n $(JOBS) -p no:cacheprovider --generated-requests=70 --timeout=3600

.PHONY: fuzz-files
fuzz-files: $(VENV)/.development ## Read 20,000 damaged files: Parquet and its footers, workbooks, text
	$(ALONE) $(BIN)/pytest tests/segmentation/test_damaged_files.py -p no:cacheprovider --damaged-files=20000 --timeout=3600

MUTANTS ?=

# Its copy of the program and what it found are in mutants/.
.PHONY: mutation
mutation: $(VENV)/.development ## Change accounts, tokens, quotas and the store in small ways; name what no test notices
	$(ALONE) $(BIN)/mutmut run --max-children $(JOBS) $(MUTANTS)
	@$(BIN)/mutmut results

.PHONY: backup
backup: $(VENV)/.runtime ## Save everything into one file while the server runs; TO= names it
	@$(BIN)/python backup.py create $(TO)

.PHONY: check-backup
check-backup: $(VENV)/.runtime ## Say whether the backup FROM= is whole and can be restored
	@$(BIN)/python backup.py check $(FROM)

.PHONY: restore
restore: $(VENV)/.runtime ## Put the backup FROM= into an empty place
	@$(BIN)/python backup.py restore $(FROM)

MINUTES ?= 10
# Empty, the processes grow old instead: make soak MINUTES=60 KILLS= shows whether memory stays flat.
KILLS ?= 1

.PHONY: soak
soak: $(VENV)/.development ## Three roles at work and random kills, MINUTES (10) on each database: losses, p99, memory
	$(ALONE) $(BIN)/pytest tests/crash/soak.py -s -p no:cacheprovider --soak-minutes=$(MINUTES) $(if $(KILLS),,--soak-without-kills)

.PHONY: soak-writes
soak-writes: $(VENV)/.development ## Measure every writing door with three clients for each thread
	$(ALONE) $(BIN)/pytest tests/server/soak_writes.py -s -p no:cacheprovider

.PHONY: test-scale
test-scale: $(VENV)/.cluster ## Two servers behind a proxy, and a cluster of two workers, one killed in its work
	$(ALONE) $(BIN)/pytest tests/scale/two_servers.py tests/scale/cluster.py -p no:cacheprovider

.PHONY: tables
tables: $(VENV)/.development ## Compare every real table, whole, with scipy and scikit-learn
	$(ALONE) $(BIN)/pytest tests/routes/test_clustering.py -k TestRealTables --whole-tables --timeout=1800

.PHONY: one-answer
one-answer: $(VENV)/.development ## Compare the answers of all doors on 200 generated tables
	$(ALONE) $(BIN)/pytest tests/test_one_answer.py -n $(JOBS) -p no:cacheprovider --generated-tables=200

.PHONY: same-answer
same-answer: $(VENV)/.development ## Compare the answers to 50 generated tables, and to every real one, written otherwise
	$(ALONE) $(BIN)/pytest tests/test_same_answer.py -n $(JOBS) -p no:cacheprovider --generated-tables=200 --timeout=1800

.PHONY: every-figure
every-figure: $(VENV)/.development ## Measure every number that is told of 100 generated tables again
	$(ALONE) $(BIN)/pytest tests/test_every_figure.py tests/test_every_workbook.py -n $(JOBS) -p no:cacheprovider --generated-tables=200 --timeout=1800

.PHONY: bench
bench: $(VENV)/.development ## Measure every line beside its peers and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

.PHONY: bench-quick
bench-quick: $(VENV)/.development ## The same at small sizes, about a minute; writes nothing
	$(BIN)/python -m benchmarks --quick

.PHONY: flame
flame: $(VENV)/.development ## Draw in flame.svg what the server with process PID does for half a minute
	@test -n "$(PID)" || { echo "flame: name the server's process: make flame PID=1234"; exit 2; }
	$(BIN)/py-spy record --pid $(PID) --subprocesses --duration 30 --output flame.svg

.PHONY: examples
examples: $(VENV)/.development ## Write the analyses of the tables in DATA into docs/analysis.md
	$(BIN)/python -m benchmarks.analysis_examples $(DATA)

.PHONY: structure
structure: $(VENV)/.development ## Measure false alarms and power of the test of structure; writes docs/structure.md
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.structure --seeds 100 --door-seeds 60 --jobs $(JOBS)

COMPILE := $(BIN)/uv pip compile --universal --generate-hashes --no-header -q --python-version 3.11

# A package that some ask for with an extra and others without has a line of either kind: a pip before
# 23.3 does not take the one for the other, and looks for a newer release, of which it has no hash.
.PHONY: defaults
defaults: $(VENV)/.development ## Compare recipes on tables with known groups; writes docs/defaults.md (LONG=1: five draws)
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.defaults --jobs $(JOBS) $(if $(LONG),--draws 5)

.PHONY: lock
lock: $(VENV)/.development ## Compile the requirements to locked files
	@for name in requirements requirements-tracing requirements-dev requirements-cluster; do \
		$(COMPILE) --strip-extras $$name.in -o $$name.txt && cp $$name.txt $$name.extras \
		&& $(COMPILE) --no-strip-extras $$name.in -o $$name.extras \
		&& awk '/^[^ #]/ { extra = /^[A-Za-z0-9._-]+\[/ } extra' $$name.extras >> $$name.txt \
		&& rm $$name.extras || exit 1; \
	done

NAME_ANOTHER := Install Python 3.11, 3.12 or 3.13, or name it: make PYTHON=python3.12 ...

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "environment: failed: no $(PYTHON). $(NAME_ANOTHER)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "environment: failed: $$($(PYTHON) --version 2>&1) is not supported. $(NAME_ANOTHER)"; exit 1; }
	@echo "environment: making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "environment: failed. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "dependencies: installing (a minute or two, once)"
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt || { echo "dependencies: failed. Is the package index reachable? Try again; what was installed stays."; exit 1; }
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@echo "dependencies: installing the tools for development"
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt || { echo "dependencies: failed. Is the package index reachable? Try again; what was installed stays."; exit 1; }
	@git config --get core.hooksPath >/dev/null 2>&1 || git config core.hooksPath .githooks 2>/dev/null || true
	@touch $@

$(VENV)/.cluster: requirements-cluster.txt $(VENV)/.development
	@echo "dependencies: installing Dask"
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements-cluster.txt || { echo "dependencies: failed. Is the package index reachable? Try again; what was installed stays."; exit 1; }
	@touch $@
