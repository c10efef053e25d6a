# All commands of the compendium. Each is a thin call of `python -m compendium`, which works without make as well.
# Needs Python 3.11 or newer and GNU Make (3.81 is enough). What stands after ## is shown by `make help`.

# Empty here, so that only the command line sets them and nothing in the user's environment does.
DATA =
OUT =
AS_OF =
SOURCE =
N =
SEED =
BY =
SHEET =
export DATA OUT AS_OF SOURCE N SEED BY SHEET

PYTHON = python3
# Another interpreter can have an environment of its own beside: make PYTHON=python3.13 ENV=.venv-3.13
# ENV names a folder in this one, not deeper and not elsewhere: the path of the package in it is counted from here.
ENV = .venv
# The lock is whole: without dependencies to resolve, no release of tomorrow can come between.
INSTALL = --no-deps --require-hashes -r requirements.lock
VENV = $(ENV)/bin/python
# The set-up remembers the folder that it was made in, whatever name leads there, and what it was made from, whatever the
# clock says; and an interpreter that is gone is missed.
STATE := $(shell { pwd -P; cat requirements.lock pyproject.toml; } | cksum | cut -d ' ' -f 1)
READY := $(ENV)/ready-$(STATE)$(shell test -x $(VENV) || echo -gone)
# What was there before comes back where a set-up fails, such as without a network.
BACK = rm -rf $(ENV); if [ -d $(ENV).before ]; then mv $(ENV).before $(ENV); fi

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Settings of the user that would lead past the private environment; those of index and proxy stay in force.
export PIP_USER = 0
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT PIP_REQUIREMENT
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONOPTIMIZE PYTHONDEVMODE
# The package is read from the environment alone, not from a file of the same name in this folder.
RUN = $(VENV) -P -m compendium

# nbval executes a copy, so that no figure of the project is written.
COMPARE = @rm -rf build/nbval && mkdir -p build/nbval/notebooks && \
	cp -R data build/nbval && cp notebooks/*.ipynb build/nbval/notebooks && \
	$(VENV) -m pytest -p tests.comparing --nbval build/nbval/notebooks \
		--nbval-current-env --numprocesses 2 --dist loadfile --quiet

.DEFAULT_GOAL = all
.PHONY: all test test-all test-latest check format new site verify bench lab review review-in verify-source set-up hooks lock clean help

all: $(READY) ## set up, check the data, execute all notebooks, build the site (the default; DATA=dir OUT=dir AS_OF=date for other data)
	@$(RUN) run $${DATA:+--data "$$DATA"} $${OUT:+--out "$$OUT"} $${AS_OF:+--as-of "$$AS_OF"}

check: $(READY) ## check the data and say what is wrong, where, and what to do (DATA=dir for other data)
	@$(RUN) check $${DATA:+--data "$$DATA"}

format: $(READY) ## bring the tables to the form in which they are kept, and say what was changed (DATA=dir for other data)
	@$(RUN) format $${DATA:+--data "$$DATA"}

new: $(READY) ## write an empty data package to begin another mandate with (OUT=dir)
	@$(RUN) new "$${OUT:?name a new folder: make new OUT=folder}"

test: $(READY) ## whether a change is sound: data, code, one run, one site in a browser, and every cell against what is committed
	@$(VENV) -m pytest --numprocesses 2 --dist loadgroup -m "not long"
	$(COMPARE)

test-all: $(READY) ## that, and what takes long: hostile surroundings, all widths and schemes, kills, a full disk, scale
	@$(VENV) -m pytest --numprocesses 2 --dist loadgroup --cov
	$(COMPARE)

site: $(READY) ## build the site anew from the notebooks of the last run, in build/site (DATA=dir OUT=dir for other data)
	@$(RUN) site $${DATA:+--data "$$DATA"} $${OUT:+--out "$$OUT"}

test-latest: ## set up .venv-latest with the newest versions that pyproject.toml allows, and run all tests there
	@rm -rf .venv-latest
	@$(MAKE) --no-print-directory ENV=.venv-latest INSTALL='-e .' test-all

verify: $(READY) ## make all outputs again in build/verify and say which differ from those named in OUTPUTS.sha256
	@$(RUN) verify

bench: $(READY) ## time a run against other ways to execute the notebooks, and the other commands (half an hour)
	@$(VENV) benchmarks/bench.py

lab: $(READY) ## open the notebooks in JupyterLab
	@$(VENV) -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

review: $(READY) ## draw rows for people to review: a sheet and a page in build/review (N=60 SEED=number BY=table)
	@$(RUN) review $${DATA:+--data "$$DATA"} $${N:+--rows "$$N"} $${SEED:+--seed "$$SEED"} $${BY:+--by "$$BY"}

review-in: $(READY) ## take a filled sheet back (SHEET=file)
	@$(RUN) review-in "$${SHEET:?name the filled sheet: make review-in SHEET=file}" $${DATA:+--data "$$DATA"}

verify-source: $(READY) ## compare your copy of the assessment with the coded passages (SOURCE=file)
	@$(RUN) verify-source "$${SOURCE:?name your copy of the assessment: make verify-source SOURCE=file}"

set-up: $(READY) ## set up and do nothing else
	@echo "The environment in $(ENV) is ready."

hooks: ## let git ask before each commit whether data, code, notebooks and outputs are in form
	git config core.hooksPath .githooks

# Extras stay in the lock: without them pip asks for the newest release of a package that another one names with an extra.
lock: ## renew requirements.lock from pyproject.toml (needs uv, which nothing else does)
	uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11 \
		--custom-compile-command 'make lock' pyproject.toml -o requirements.lock

clean: ## remove the environment and everything else that git does not keep
	rm -rf .venv .venv-* build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find notebooks tests -name __pycache__ -prune -exec rm -rf {} +

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

# The stamp comes last, so an interrupted set-up starts afresh.
$(READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "The compendium needs Python 3.11 or newer, but \"$(PYTHON)\" is missing or older." >&2; \
		echo "Install one from https://www.python.org/downloads/ or name one: make PYTHON=python3.12" >&2; exit 1; }
	@[ -d $(ENV).before ] || [ ! -d $(ENV) ] || mv $(ENV) $(ENV).before
	@rm -rf $(ENV)
	@echo "Setting up $(ENV) (once; this takes a minute or two and needs the network) ..." >&2
	@$(PYTHON) -m venv $(ENV) || { $(BACK); \
		echo "Python could not make an environment. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@{ $(VENV) -m pip install --quiet $(INSTALL) && \
		$(VENV) -m pip install --quiet --no-deps --no-build-isolation -e .; } || { $(BACK); \
		echo "The set-up did not come to its end; what was there before is as it was." >&2; exit 1; }
# Where the package stands, told from where it is read: Python 3.11 cannot start in every locale (whatever PYTHONUTF8
# says) if that line has letters beyond ASCII, as the names of the folders above may have.
	@for line in $(ENV)/lib/python*/site-packages/_compendium.pth; do echo ../../../../notebooks > "$$line"; done
	@rm -rf $(ENV).before && touch $(ENV)/ready-$(STATE)
