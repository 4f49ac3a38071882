# `make app` starts the application, `make test` runs every test; both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

# Modules are compiled once, not anew by each of the processes that start.
export PYTHONDONTWRITEBYTECODE =

.PHONY: app index test check lint format bench bench-quality bench-reading bench-speed bench-answers bench-refusal clean

app: index
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

index: $(VENV)/.ready
	@# Exit code 3 means that some files could not be read; they are listed, the rest is indexed.
	$(BIN)/python -m indexer build || [ $$? -eq 3 ]

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: lint
	$(BIN)/python -m pytest -n 2 --hypothesis-profile quick -m "not model and not browser and not slow"

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: bench-quality bench-reading bench-speed

# SETS=notices,own chooses sets; without it, all that are at hand.
bench-quality: $(VENV)/.ready-bench
	$(BIN)/python -m benchmarks.quality --sets "$(SETS)"

bench-reading: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.fields
	$(BIN)/python -m benchmarks.localities
	$(BIN)/python -m benchmarks.links

# SIZES are passages; SIZES="10000 100000 1000000" takes hours. A part for which questions or texts
# beside the project are wanted says so where there are none, and the others go on.
SIZES ?= 10000 100000
PEOPLE ?= 20
QUESTIONS ?= 2000
bench-speed: $(VENV)/.ready-bench
	$(BIN)/python -m benchmarks.runs
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.embedding
	-$(BIN)/python -m benchmarks.latency
	-$(BIN)/python -m benchmarks.first_answer
	$(BIN)/python -m benchmarks.load --people $(PEOPLE) --questions $(QUESTIONS)
	$(BIN)/python -m benchmarks.structures --sizes $(SIZES)
	-$(BIN)/python -m benchmarks.scale --sizes $(SIZES)

# Asks every open question and puts the tables in docs/evaluation.md; remarks there stay.
bench-answers: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks.transcript --into docs/evaluation.md

# Fits the model of refusal anew; not part of `bench`, because it changes the program.
bench-refusal: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks.refusal --into docs/evaluation.md

clean:
	rm -rf $(VENV) tests/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The environment is made again when a pinned version changes.
$(VENV)/.ready: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# axe-core, which the accessibility tests run in the browser, comes by npm.
$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt tests/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@if command -v npm >/dev/null; \
	then npm ci --prefix tests --ignore-scripts --no-audit --no-fund --silent; \
	else echo "There is no npm: tests of accessibility are skipped (Debian: apt-get install npm)."; fi
	@touch $@

# The programs that the benchmarks measure beside this one; their file asks for the rest again, so
# that none of them can change a version.
$(VENV)/.ready-bench: $(VENV)/.ready-dev benchmarks/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@touch $@
