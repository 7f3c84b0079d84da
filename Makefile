# Everything that a person does with SpeakTracker. `make` alone says what there is.

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
BASE_PYTHON ?= $(shell command -v python3.11 || command -v python3)
PACKAGES := $(wildcard web workers shared speech embedded cli graph_engine speaktracker_client celeryconfig.py)
AS_TESTED := --constraint requirements/development.txt
COMPILE := $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# A platform is many processes: if each compiled all that it imports, starting would take most of a minute.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: security help place install install-development run stop demo demo-voice demo-tutor demo-partner demo-practice demo-graph test check check-client format contracts lock drills bench screens vendor clean

help:  ## Say what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

place:
	@if test -f $(VENV)/.place && test "$$(cat $(VENV)/.place)" != "$(CURDIR)"; then \
		echo "This folder was moved or renamed: what is installed in it is installed anew."; rm -rf $(VENV); fi

install: place $(VENV)/.local  ## Install what running on this laptop needs, into .venv, by the locks' hashes.

install-development: place $(VENV)/.development  ## Install what tests and checks need too.

run: install  ## Start the whole platform here; Ctrl-C stops it. PORT (8000) is its port; ARGUMENTS=--verbose shows all logs.
	@exec $(PYTHON) -m cli up $(ARGUMENTS)

demo: install  ## Walk through the product against the platform that `make run` started.
	@exec $(PYTHON) -m cli demo

demo-voice: install  ## Have the platform that `make run` started speak, and hear back what it says.
	@exec $(PYTHON) -m cli demo-voice

demo-tutor: install  ## Match a tutor and a student, and send feedback, against that platform.
	@exec $(PYTHON) -m cli demo-tutor

demo-partner: install  ## Hold a conversation with that platform's AI partner, streamed and spoken.
	@exec $(PYTHON) -m cli demo-partner

demo-practice: install  ## Take a lesson: sentences said and scored, a tutor's feedback, statistics made again.
	@exec $(PYTHON) -m cli demo-practice

demo-graph: install  ## Draw maps of conversations on that platform; update one, search it, remove it.
	@exec $(PYTHON) -m cli demo-graph

test: install-development  ## Run every test, in several processes, and name the slowest; ARGUMENTS goes to pytest.
	$(PYTHON) -m pytest -n auto --durations=30 --durations-min=5 $(ARGUMENTS)

check: install-development  ## Check style, types, the direction of imports, and that generated pages are current.
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy $(PACKAGES)
	@for version in 3.10 3.14; do $(PYTHON) -m mypy --python-version $$version --cache-dir .mypy_cache/client-$$version speaktracker_client || exit 1; done
	@if grep -q '^\[tool\.importlinter' pyproject.toml || test -f .importlinter; then $(VENV)/bin/lint-imports; fi
	$(PYTHON) -m cli settings --check
	$(PYTHON) -m cli contracts
	$(PYTHON) -m cli contracts --released
	$(PYTHON) -m cli metrics --check
	$(PYTHON) -m cli monitoring
	$(PYTHON) -m cli units
	$(PYTHON) -m cli template
	$(PYTHON) -m cli privileges --check

check-client:  ## Check the web client, and both documents by their formats' own tools; needs Node, which nothing else here does.
	@if command -v npm >/dev/null; then npm ci --ignore-scripts --silent && npm run --silent check && npm run --silent contracts; \
	else echo "check-client: skipped, there is no Node here (npm)"; fi

format: install-development  ## Bring the code into its form.
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

contracts: install  ## Write docs/contracts, docs/settings.md and docs/roles.json from the code.
	$(PYTHON) -m cli settings --write
	$(PYTHON) -m cli metrics --write
	$(PYTHON) -m cli monitoring --write
	$(PYTHON) -m cli units --write
	$(PYTHON) -m cli template --write
	$(PYTHON) -m cli privileges --write
	$(PYTHON) -m cli contracts --write
	$(PYTHON) -m web.documents
	$(PYTHON) -m web.roles

lock: install-development  ## Write the locks anew from pyproject.toml; what production has is what the tests had.
	$(COMPILE) --extra speech --extra graph --extra tracing --extra local --extra development pyproject.toml -o requirements/development.txt
	$(COMPILE) $(AS_TESTED) --extra speech --extra graph --extra local pyproject.toml -o requirements/local.txt
	$(COMPILE) $(AS_TESTED) pyproject.toml -o requirements/production.txt
	$(COMPILE) $(AS_TESTED) --extra speech pyproject.toml -o requirements/speech.txt
	$(COMPILE) $(AS_TESTED) --extra graph pyproject.toml -o requirements/graph.txt
	$(COMPILE) $(AS_TESTED) --extra tracing pyproject.toml -o requirements/tracing.txt

security: install  ## Attack the platform that `make run` started, and say what was refused.
	@exec $(PYTHON) -m cli security

drills: install-development  ## Kill what can die, and prove that nothing acknowledged is lost.
	$(PYTHON) -m cli drill

bench: install-development  ## Measure; BENCH is accept (default), queue, realtime, feedback, voice, partner, page, speech, growth, scaling or cuts. Prints a table.
	$(PYTHON) -m bench.$(or $(BENCH),accept)

stop: install  ## Stop the platform that runs from here, also where the terminal that started it is gone.
	@$(PYTHON) -m cli stop

screens: install-development  ## Take the pictures of every page that docs/screens shows, from a platform of its own.
	$(PYTHON) -m tests.browser.screens

vendor: install-development  ## Fetch other people's code in the web client from npm, in the versions that cli/vendoring.py names.
	$(PYTHON) -m cli.vendoring

clean:  ## Remove what a run and the tools left: stored data of .run too, never sources.
	@if test -x $(PYTHON) && test -d .run; then $(PYTHON) -m cli stop --check --directory .run; fi
	rm -rf .run .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* dist
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(PYTHON):
	@test -n "$(BASE_PYTHON)" || { \
		echo "There is no Python here. SpeakTracker needs Python 3.11: install it, or name it:"; \
		echo "  make BASE_PYTHON=/path/to/python3.11"; exit 1; }
	@"$(BASE_PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "SpeakTracker needs Python 3.11; name one: make BASE_PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making $(VENV) with $(BASE_PYTHON)"
	@"$(BASE_PYTHON)" -m venv $(VENV)
	@echo "$(CURDIR)" > $(VENV)/.place

$(VENV)/.local: requirements/local.txt | $(PYTHON)
	@$(PYTHON) -m cli.installing requirements/local.txt
	@$(PYTHON) -m graph_engine.encoders.building
	@touch $@

$(VENV)/.development: requirements/development.txt | $(PYTHON)
	@$(PYTHON) -m cli.installing requirements/development.txt
	@$(PYTHON) -m graph_engine.encoders.building
	@touch $@ $(VENV)/.local  # the development lock holds the other
