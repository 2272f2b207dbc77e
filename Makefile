# Everything that a person or a robot does here. Python 3.11 or newer must be there: make PYTHON=python3.12 names another.
PYTHON ?= python3
PORT ?= 8000
FUZZ_SECONDS ?= 600
FUZZ_SEED ?= 1
KILLS ?= 500
RUN := .venv/bin/python
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help venv site lint check test fuzz bench torture weights lighthouse audit serve lock

help: ## this list (1 s)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

venv: $(INSTALLED) ## a virtual environment in .venv with all that build.py and the tests need (2 min)

# The stamp is written last, so that a broken installation is made again. Wheels only: no package's code runs to build it.
$(INSTALLED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "make: Python 3.11 or newer is needed; name one with make venv PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --require-hashes --only-binary :all: --requirement requirements.txt
	@touch $@

site: venv ## reports in datasets/ -> packages in datasets/ and the website in site/ (5 s)
	$(RUN) build.py

lint: venv ## lint, types, the workflows' audit (20 s)
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy
	.venv/bin/zizmor --offline --quiet --pedantic .github/workflows

check: lint ## the same and the fast tests, on all cores: before each commit (1 min)
	$(RUN) -m pytest -q -n auto -m "not slow"

test: lint ## the same and all tests, with what they need installed where it may be (15 min)
	tests/install
	$(RUN) -m pytest -q

fuzz: venv ## reports damaged at random for FUZZ_SECONDS (600) from FUZZ_SEED (1); what ends badly is kept in build/fuzz/ (10 min)
	$(RUN) -m bench.fuzz --seconds $(FUZZ_SECONDS) --seed $(FUZZ_SEED)

bench: venv ## seconds and memory a report, beside naive pdfplumber (17 min)
	$(RUN) -m bench.bench

torture: venv ## KILLS (500) builds killed: the next run of each must come to the tree of an undisturbed one (90 min)
	$(RUN) -m tests.torture $(KILLS)

weights: venv ## bytes a page kind, compressed, and of CSS and JavaScript in all (20 s)
	$(RUN) -m bench.weights

lighthouse: venv ## Lighthouse's scores on a desk and on a phone, the median of five; needs npm and Chromium (10 min)
	$(RUN) -m bench.lighthouse

audit: venv ## known vulnerabilities of what requirements.txt locks; advisory where the network is missing (10 s)
	$(RUN) -m bench.audit

serve: venv ## site/ at http://localhost:8000/, or at another PORT (until you end it)
	@test -d site || { echo "make: there is no site/ yet; run make site first" >&2; exit 1; }
	$(RUN) -m http.server --bind localhost --directory site $(PORT)

# From the public index alone: what this machine's pip is told of other places must not get into the lock.
# -P keeps pip-tools from taking our build.py for its library of that name. The lock stays as it is where it may;
# make lock UPGRADE=--upgrade takes the newest of everything.
lock: venv ## requirements.txt anew from pyproject.toml, with hashes (20 s)
	env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
	$(RUN) -P -m piptools compile --quiet $(UPGRADE) --extra dev --extra scan --generate-hashes --allow-unsafe --strip-extras \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --annotation-style line \
	  --output-file requirements.txt pyproject.toml
