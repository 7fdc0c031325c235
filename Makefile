# Needs Python 3.11, make and git; `make test` and `make client` also Node 20 with npm, and the end-to-end tests Debian's
# Chromium (installed when it is missing). Every target can be run again: what is installed carries a stamp that is as
# old as pyproject.toml or package-lock.json, and lives inside what it stamps, so that removing that removes both.

HOST   ?= 127.0.0.1
PORT   ?= 8050
PYTHON ?= $(shell command -v python3.11 || command -v python3)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export WSCB_CHROMIUM ?= /usr/bin/chromium

VENV    := .venv
BIN     := $(VENV)/bin
CLIENT  := client_js
MODULES := $(CLIENT)/node_modules
BUNDLE  := wscb/static
SERVICE := examples/service
REACT   := $(SERVICE)/react

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test check python-check client-check generated unit soak faults client-test client bundle-check e2e bench \
	conformance lowest chromium nginx caddy clean

help:
	@echo "make demo [HOST=$(HOST)] [PORT=$(PORT)]   the dashboard of this machine (needs only Python)"
	@echo "make test                  everything below, from the fastest to the slowest; what CI runs"
	@echo "make check                 linters, types, import contracts, generated files, bundle and its budget"
	@echo "make unit [ARGS=...]       pytest, with the coverage gate when no ARGS are given"
	@echo "make client-test           vitest"
	@echo "make e2e [ARGS=...]        a real browser against a real server"
	@echo "make soak [SECONDS=60] [SEED=n]   pages on lines in trouble, for so long; prints figures"
	@echo "make faults [ARGS=...]     the faults of tests/faults in full: each byte, thousands of each (15 minutes)"
	@echo "make client                builds the page's bundle into $(BUNDLE)"
	@echo "make bench                 side by side with Dash and a bare echo"
	@echo "make conformance [ARGS=--quick]   Autobahn's WebSocket cases, into docs/conformance.md (10 minutes)"
	@echo "make lowest                the backends with the lowest versions that pyproject.toml allows"
	@echo "make clean                 forgets all that was installed or built here"

demo: $(VENV)/.installed
	$(BIN)/wscb demo --host $(HOST) --port $(PORT)

test: check client-test unit e2e

check: python-check generated client-check bundle-check

# ---- Python

python-check: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases $(SERVICE)
	$(BIN)/lint-imports --no-logo

ifdef ARGS
unit: $(VENV)/.installed-dev nginx caddy
	$(BIN)/python -m pytest $(ARGS)
else
unit: $(VENV)/.installed-dev nginx caddy
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --durations=5
	$(BIN)/coverage report --fail-under=100
endif

# What goes wrong can be run again with the seed that it prints.
soak: $(VENV)/.installed-dev
	$(BIN)/python -m tests.faults.soak --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

faults: export WSCB_FULL = 1
faults: $(VENV)/.installed-dev nginx caddy
	$(BIN)/python -m pytest $(or $(ARGS),tests/faults tests/deploy) -s --override-ini timeout=1800

e2e: $(VENV)/.installed-dev chromium nginx $(REACT)/built/wall.js
	$(BIN)/python -m pytest $(or $(ARGS),e2e)

# ---- the page's client

client-check: $(MODULES)/.installed
	cd $(CLIENT) && npm run --silent lint -- --colors=off --error-on-warnings && npm run --silent types
	cd $(REACT) && "$(CURDIR)/$(MODULES)/.bin/biome" ci . --colors=off --error-on-warnings

client-test: $(MODULES)/.installed
	cd $(CLIENT) && npm run --silent test

client: $(MODULES)/.installed
	cd $(CLIENT) && npm run --silent build

# What is in wscb/static must be what the sources build, and within the budget in package.json.
bundle-check: $(MODULES)/.installed
	rm -rf .make/static
	cd $(CLIENT) && node build.mjs "$(CURDIR)/.make/static"
	@diff -rq .make/static $(BUNDLE) \
	  || { echo "$(BUNDLE) is not what $(CLIENT) builds: run make client, and commit it with the change."; exit 1; }
	cd $(CLIENT) && npm run --silent size

# Files made from other files: each generator tells with --check whether its output is up to date.
generated: $(VENV)/.installed-dev $(MODULES)/.installed
	$(BIN)/python -m wscb.components.generate --check
	PYTHON="$(CURDIR)/$(BIN)/python" node $(CLIENT)/gen-types.mjs --check

# ---- side by side with peers, in an environment of its own

bench: .venv-bench/.installed
	.venv-bench/bin/python bench/run.py $(ARGS)

# ---- Autobahn's cases on both ways to serve, in an environment of its own: what runs them is young

conformance: .venv-conformance/.installed
	.venv-conformance/bin/python -m tests.conformance.run $(ARGS)

# ---- the backends with the lowest versions of what they stand on, in an environment of its own

# The middleware of an old Starlette leaves a stream open, which Python warns of.
lowest: .venv-lowest/.installed
	.venv-lowest/bin/python -m pytest $(or $(ARGS),tests/server/backends tests/backends --ignore tests/backends/test_servers.py) \
	  -W ignore::pytest.PytestUnraisableExceptionWarning

# ---- installing

$(VENV)/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

# esbuild and Biome come as registry packages with their binaries inside, so no install script has to run.
$(MODULES)/.installed: $(CLIENT)/package.json $(CLIENT)/package-lock.json
	cd $(CLIENT) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# The page in React of the example: types from its Python app, then the bundle.
$(REACT)/built/wall.js: $(REACT)/node_modules/.installed $(wildcard $(REACT)/src/* $(REACT)/*.json $(SERVICE)/*.py \
		$(SERVICE)/assets/*) $(BUNDLE)/connect.d.ts | $(VENV)/.installed-dev
	cd $(REACT) && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build
	touch $@

$(REACT)/node_modules/.installed: $(REACT)/package.json $(REACT)/package-lock.json
	cd $(REACT) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

.venv-bench/.installed: pyproject.toml bench/requirements.txt
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --editable . --requirement bench/requirements.txt
	touch $@

.venv-conformance/.installed: pyproject.toml tests/conformance/requirements.txt
	test -x .venv-conformance/bin/python || $(PYTHON) -m venv .venv-conformance
	.venv-conformance/bin/python -m pip install --quiet --editable . --requirement tests/conformance/requirements.txt
	touch $@

.venv-lowest/.installed: pyproject.toml tests/backends/lowest.txt
	test -x .venv-lowest/bin/python || $(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --editable . --requirement tests/backends/lowest.txt
	touch $@

chromium:
	@test -x $(WSCB_CHROMIUM) || { \
	  as_root=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$as_root apt-get update -qq && \
	  $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; }

# Only the tests of docs/deploy.md need it, and say so where it cannot be installed.
nginx:
	@PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null || { \
	  as_root=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$as_root apt-get update -qq && \
	  $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light; \
	} || echo "nginx cannot be installed here: its tests are skipped"

# The program of Debian's package alone, unpacked here: installed, it would begin to serve.
caddy:
	@PATH="$$PATH:$(CURDIR)/.make/caddy/usr/bin"; command -v caddy >/dev/null || { \
	  as_root=$$(test "$$(id -u)" = 0 || echo sudo); mkdir -p .make && cd .make && \
	  { apt-get download -qq caddy 2>/dev/null || { $$as_root apt-get update -qq && apt-get download -qq caddy; }; } && \
	  dpkg -x caddy_*.deb caddy && rm caddy_*.deb; \
	} || echo "caddy cannot be had here: its tests are skipped"

clean:
	rm -rf .make $(VENV) .venv-bench .venv-conformance .venv-lowest $(MODULES) $(REACT)/node_modules $(REACT)/built dist build test-results .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
