# Two commands: `make report` runs the main job, `make test` checks everything.
# Each installs what it needs into an environment of its own beside this file.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
SOURCES := pyproject.toml README.md $(shell find src pricing -type f -not -path '*/__pycache__/*')

.PHONY: report test lint lowest notebooks clean

report: .venv/installed
	.venv/bin/kafkatco report

test: .venv-dev/installed lint
	.venv-dev/bin/python -m pytest -n auto

lint: .venv-dev/installed
	.venv-dev/bin/ruff check .
	.venv-dev/bin/ruff format --check .
	.venv-dev/bin/mypy

# the fast tests on the lowest versions that pyproject.toml allows, whose own warnings are theirs
lowest: .venv-lowest/installed
	.venv-lowest/bin/python -m pytest tests -n auto -m "not slow" -o filterwarnings=default

# after a change of results: run the notebooks again and keep their outputs
notebooks: .venv-dev/installed
	.venv-dev/bin/jupyter execute --inplace notebooks/*.ipynb

.venv/installed: $(SOURCES)
	@test -n "$(PYTHON)" || { echo 'kafkatco needs Python 3.11 or later' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
	.venv/bin/python -m pip install --quiet --disable-pip-version-check '.[plot]'
	@touch $@

.venv-dev/installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo 'kafkatco needs Python 3.11 or later' >&2; exit 1; }
	$(PYTHON) -m venv .venv-dev
	.venv-dev/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	.venv-dev/bin/python -m pip install --quiet --disable-pip-version-check -e '.[korean,refresh,parquet]' --group dev
	@touch $@

.venv-lowest/installed: $(SOURCES) tests/lowest.txt
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint tests/lowest.txt '.[korean,refresh,parquet]' pytest pytest-xdist hypothesis nbclient nbformat ipykernel playwright
	@touch $@

clean:
	rm -rf .venv .venv-dev .venv-lowest report dist build
