# `make report` runs the main job, `make test` checks the code in a few minutes, and `make test-all`
# also runs the slow tests. Each installs its requirements into its own virtual environment here.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
PYTHON312 ?= $(shell for p in python3.12 $(HOME)/.pyenv/versions/3.12*/bin/python; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' \
	2>/dev/null && { echo $$p; break; }; done)
SOURCES := pyproject.toml README.md $(shell find src pricing -type f -not -path '*/__pycache__/*')

.PHONY: report test test-all lint lowest notebooks translations docs validator bench clean

report: .venv/installed
	.venv/bin/kafkatco report

test: lint
	.venv-dev/bin/python -m pytest -n auto --dist worksteal -m "not slow" \
		--durations 10 --durations-min 2

test-all: lint
	.venv-dev/bin/python -m pytest -n auto --dist worksteal

# style, types, and the import contracts in pyproject.toml
lint: .venv-dev/installed
	.venv-dev/bin/ruff check .
	.venv-dev/bin/ruff format --check .
	.venv-dev/bin/lint-imports --no-logo
	.venv-dev/bin/mypy

# the fast tests with the lowest versions that pyproject.toml allows, whose warnings are ignored;
# without the tests that depend on no version: contracts, pages, translations, documents, deployments
lowest: .venv-lowest/installed
	.venv-lowest/bin/python -m pytest tests -n auto --dist worksteal -m "not slow" \
		-o filterwarnings=default --ignore tests/test_contracts.py --ignore tests/output/page \
		--ignore tests/i18n --ignore tests/documents/test_docs.py \
		--ignore tests/deployments

# the FinOps Foundation's validator of FOCUS datasets, which `make test-all` runs if it is installed;
# it needs Python 3.12 or later and NumPy 1, which supports Python up to 3.12
validator: .venv-focus/installed

# the documents, into build/docs; a warning is an error
docs: .venv-dev/installed
	.venv-dev/bin/sphinx-build --quiet --nitpicky --fail-on-warning --keep-going --fresh-env docs build/docs

# run the notebooks and save their outputs, after results have changed
notebooks: .venv-dev/installed
	PYTHONPATH=tests .venv-dev/bin/python tests/support/notebooks.py

# extract the messages, update the catalogues and compile them, after messages have changed
translations: .venv-dev/installed
	PYTHONPATH=tests .venv-dev/bin/python tests/support/translations.py

# measure many totals and whole commands, and write docs/model/speed.md; BENCH='--most 6' for fewer
# totals
bench: .venv-dev/installed
	.venv-dev/bin/python benchmarks/totals.py --write $(BENCH)

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
	.venv-dev/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -e '.[ingest,korean,refresh,parquet,scale,uncertainty]' --group dev
	@touch $@

.venv-lowest/installed: $(SOURCES) tests/lowest.txt
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --no-compile \
		--constraint tests/lowest.txt '.[ingest,korean,refresh,parquet,scale,uncertainty]' pytest pytest-xdist hypothesis babel nbclient nbformat ipykernel playwright
	@touch $@

.venv-focus/installed: tests/finops/requirements.txt
	@test -n "$(PYTHON312)" || { echo 'the FOCUS validator needs Python 3.12: PYTHON312=...' >&2; exit 1; }
	$(PYTHON312) -m venv .venv-focus
	.venv-focus/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement tests/finops/requirements.txt
	@touch $@

clean:
	rm -rf .venv .venv-dev .venv-lowest .venv-focus report dist build
