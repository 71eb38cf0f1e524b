# Two commands are all a newcomer needs: `make run` and `make test`. While working, `make check` is the quick one.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check lint hooks bench screenshots guides clean

run: .venv/ready
	$(BIN)/streamlit run app.py

test: lint
	sh tools/browser.sh
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: lint
	$(BIN)/python -m pytest -n auto -m unit

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# From then on each commit is linted first.
hooks: .venv/ready-dev
	$(BIN)/pre-commit install

bench: .venv/ready-dev
	sh tools/browser.sh
	$(BIN)/python -m bench

screenshots: .venv/ready-dev
	sh tools/browser.sh
	$(BIN)/python -m tests.browser.screenshots

guides: .venv/ready
	$(BIN)/python -m tools.stale_guides

.venv/ready: requirements.txt
	sh tools/venv.sh "$(PYTHON)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
