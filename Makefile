# Everything a newcomer needs: `make demo` and `make test`. Both need Linux, Python 3.11+ and a package index, nothing else.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

.PHONY: demo serve test check format test-slow test-vllm lock generate clean

demo: $(VENV)/.gateway ## set up, run one real exchange, show it
	@$(BIN)/cloister demo

serve: $(VENV)/.gateway ## keep the gateway running with the embedded defaults
	@$(BIN)/cloister serve --embedded

test: $(VENV)/.test ## the suite, without what test-slow and test-vllm run
	$(PYTEST) -m "not vllm and not slow"

check: $(VENV)/.test ## what CI runs before the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test-slow: $(VENV)/.test ## what takes minutes: kill rounds, a thousand requests traced, a log tampered with 11,000 times, each gateway alone, 20,000 texts a property, 100,000 against Presidio, a million requests against policies
	$(PYTEST) -m slow -s
	E2E_ALONE=1 $(PYTEST) -m "not vllm and not slow" tests/e2e
	$(BIN)/python tests/vllm/install.py .venv-vllm
	E2E_ALONE=1 $(PYTEST) -m vllm tests/vllm
	HYPOTHESIS_PROFILE=long $(PYTEST) --timeout=3600 -m "not slow" tests/properties

test-vllm: $(VENV)/.test ## against the real vLLM server, in an environment of its own
	$(BIN)/python tests/vllm/install.py .venv-vllm
	$(PYTEST) -m vllm -s

lock: $(VENV)/.test ## resolve again: names, versions and hashes, no addresses
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml -o requirements/gateway.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --group test --group lock -c requirements/gateway.txt -o requirements/test.txt

generate: $(VENV)/.gateway ## write what is generated from code
	$(BIN)/python docs/generate.py

clean: ## forget the environments; .cloister, which holds keys and the log, stays
	rm -rf $(VENV) .venv-vllm

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cloister needs Python 3.11 or newer: make PYTHON=python3.11")'
	@echo "==> making a private environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.gateway: requirements/gateway.txt | $(BIN)/python
	@echo "==> installing the gateway's locked dependencies (about a minute, once)"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps --progress-bar on -r $<
	@sh requirements/link.sh $(VENV)
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.gateway
	@echo "==> installing the locked test dependencies"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps --progress-bar on -r $<
	@touch $@
