# make demo   the whole loop on a simulated practice
# make test   every test
# make check  lint, types, layers, doctests, dead weight
# make proof  what takes longer: big data, fuzzing, mutation, coverage and detection studies
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check proof lock wheel browser clean

demo: $(READY)
	rm -rf demo
	$(BIN)/auditor demo --dir demo

test: $(READY) browser
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: $(READY)
	$(BIN)/ruff check auditor tests migrations
	$(BIN)/ruff format --check auditor tests migrations
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry auditor
	$(BIN)/bandit -q -r auditor -c pyproject.toml
	$(BIN)/python -m pytest -q -n auto auditor

proof: $(READY)
	AUDITOR_HYPOTHESIS=proof $(BIN)/python -m pytest -q -m proof
	$(BIN)/auditor bench coverage --grid full --out docs/validation.md
	nice $(BIN)/auditor bench detection --practices 200 --runs 40 --seed 60000 --peers --keep docs/detection.jsonl --out docs/detection.md
	nice $(BIN)/python -m tests.proof.mutation --one-in 10 --out docs/mutation.md

wheel: $(READY)
	$(BIN)/python -m build --wheel --no-isolation

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Browser tests drive Debian's chromium; where it is missing and may be installed, it is.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium >/dev/null; } \
	  || echo "chromium is missing and could not be installed: browser tests will be skipped" >&2

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build dist demo
