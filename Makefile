# All commands of the compendium. Each is a thin call of `python start.py`, which works without make as well.
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
SINCE =
export DATA OUT AS_OF SOURCE N SEED BY SHEET SINCE

PYTHON = python3
# Another interpreter can have an environment of its own beside: make PYTHON=python3.13 ENV=.venv-3.13
ENV = .venv
LATEST =
# Sets up where that is needed, whatever is asked.
RUN = command -v $(PYTHON) > /dev/null || { echo "The compendium needs Python 3.11 or newer, but there is no \"$(PYTHON)\"." \
	"Install it from https://www.python.org/downloads/ or name one: make PYTHON=python3.12" >&2; exit 1; }; \
	$(PYTHON) start.py --env $(ENV) $(LATEST)
START = @$(RUN)

# nbval executes a copy, so that no figure of the project is written.
COMPARE = @rm -rf build/nbval && mkdir -p build/nbval/notebooks && \
	cp -R data build/nbval && cp notebooks/*.ipynb build/nbval/notebooks && \
	$(RUN) -m pytest -p tests.comparing --nbval build/nbval/notebooks \
		--nbval-current-env --numprocesses 2 --dist loadfile --quiet

.DEFAULT_GOAL = all
.PHONY: all test test-all test-latest check format new site verify bench lab example review review-in diff verify-source set-up hooks lock clean help

all: ## set up, check the data, execute all notebooks, build the site (the default; DATA=dir OUT=dir AS_OF=date for other data)
	$(START) run $${DATA:+--data "$$DATA"} $${OUT:+--out "$$OUT"} $${AS_OF:+--as-of "$$AS_OF"}

check: ## check the data and say what is wrong, where, and what to do (DATA=dir for other data)
	$(START) check $${DATA:+--data "$$DATA"}

format: ## bring the tables to the form in which they are kept, and say what was changed (DATA=dir for other data)
	$(START) format $${DATA:+--data "$$DATA"}

new: ## write an empty data package to begin another mandate with (OUT=dir)
	$(START) new "$${OUT:?name a new folder: make new OUT=folder}"

test: ## whether a change is sound: data, code, one run, one site in a browser, and every cell against what is committed
	$(START) -m pytest --numprocesses 2 --dist loadgroup -m "not long"
	$(COMPARE)

test-all: ## that, and what takes long: hostile surroundings, all widths and schemes, kills, a full disk, scale
	$(START) -m pytest --numprocesses 2 --dist loadgroup --cov
	$(COMPARE)

site: ## build the site anew from the notebooks of the last run, in build/site (DATA=dir OUT=dir for other data)
	$(START) site $${DATA:+--data "$$DATA"} $${OUT:+--out "$$OUT"}

test-latest: ## set up .venv-latest with the newest versions that pyproject.toml allows, and run all tests there
	@rm -rf .venv-latest
	@$(MAKE) --no-print-directory ENV=.venv-latest LATEST=--latest test-all

verify: ## make all outputs again in build/verify and say which differ from those named in OUTPUTS.sha256
	$(START) verify

bench: ## time a run against other ways to execute the notebooks, the other commands, and a fresh clone (some minutes)
	$(START) benchmarks/bench.py

lab: ## open the notebooks in JupyterLab
	$(START) -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

example: ## run all notebooks on the second mandate, in build/examples/trafficking
	$(START) run --data examples/trafficking --out build/examples/trafficking

review: ## draw rows for people to review: a sheet and a page in build/review (N=60 SEED=number BY=table)
	$(START) review $${DATA:+--data "$$DATA"} $${N:+--rows "$$N"} $${SEED:+--seed "$$SEED"} $${BY:+--by "$$BY"}

review-in: ## take a filled sheet back (SHEET=file)
	$(START) review-in "$${SHEET:?name the filled sheet: make review-in SHEET=file}" $${DATA:+--data "$$DATA"}

diff: ## say what changed in the data, the findings and the figures, row by row and as a page (SINCE=commit or tag)
	$(START) diff $${SINCE:+--since "$$SINCE"}

verify-source: ## compare your copy of the assessment with the coded passages (SOURCE=file)
	$(START) verify-source "$${SOURCE:?name your copy of the assessment: make verify-source SOURCE=file}"

set-up: ## set up and do nothing else
	$(START) set-up

hooks: ## let git ask before each commit whether data, code, notebooks and outputs are in form
	git config core.hooksPath .githooks

# Extras stay in the lock: without them pip asks for the newest release of a package that another one names with an extra.
lock: ## renew requirements.lock from pyproject.toml
	$(START) -m uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11 \
		--custom-compile-command 'make lock' pyproject.toml -o requirements.lock

clean: ## remove the environment and everything else that git does not keep
	rm -rf .venv .venv-* build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find notebooks tests -name __pycache__ -prune -exec rm -rf {} +

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile
