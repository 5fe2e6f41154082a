# The press in two commands: `make` writes the book into build/, `make test` checks the press.
# Both install what they need into .venv first. To start over, delete .venv.

BOOK   ?= manuscript
PYTHON ?= python3

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: all pdf epub test lint conformance bench gallery docs reference dist clean lock help
.NOTPARALLEL:

all: pdf epub

pdf: .venv/.installed ## Write build/*.pdf (BOOK=folder for another book than manuscript/)
	.venv/bin/pmpress pdf $(BOOK) --output build

epub: .venv/.installed ## Write build/*.epub
	.venv/bin/pmpress epub $(BOOK) --output build

test: .venv/.installed-dev .venv/.installed-browser ## Run the tests
	.venv/bin/pytest -n auto --dist loadfile --no-loadscope-reorder

lint: .venv/.installed-dev ## Check style and types
	.venv/bin/ruff check .
	.venv/bin/mypy

conformance: .venv/.installed-dev ## Compare readers of Markdown (SPEC=file of CommonMark's examples, BOOKS="folder folder")
	.venv/bin/python tests/conformance.py --spec "$(SPEC)" --books $(BOOKS)

bench: .venv/.installed-dev ## Measure the press beside its peers (BOOK=folder, BENCH="more options")
	.venv/bin/python -m tests.bench --book "$(BOOK)" $(BENCH)

gallery: .venv/.installed-dev ## Draw pictures of finished pages into build/gallery (GALLERY="more options")
	.venv/bin/python -m tests.gallery $(GALLERY)

docs: .venv/.installed ## Write the documentation as a book: build/pmpress-handbook.pdf and .epub
	.venv/bin/pmpress build docs --output build

reference: .venv/.installed-dev ## Write docs/reference.md and docs/book.schema.json anew, from the code
	.venv/bin/python -m tests.reference

dist: .venv/.installed-dev ## Make the packages in dist/, and check them
	rm -rf dist
	.venv/bin/python -m build --no-isolation
	.venv/bin/twine check --strict dist/*

clean: ## Delete what was built, and the tools' caches
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +

lock: ## Pin the dependencies anew after a change in pyproject.toml (needs uv)
	uv pip compile $(LOCK) --group build --extra preview --output-file requirements.txt
	uv pip compile $(LOCK) --group dev --extra check --extra preview --constraint requirements.txt --output-file requirements-dev.txt

LOCK = pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

# What the press runs with. The first line installs Pango where it may, or says how.
.venv/.installed: requirements.txt pyproject.toml
	$(PYTHON) src/pmpress/doctor.py --install
	test -x .venv/bin/pip || $(PYTHON) -m venv .venv || \
	    { echo "Python lacks its module venv: on Debian and Ubuntu, apt-get install python3-venv"; exit 3; }
	.venv/bin/pip install --quiet --require-hashes --requirement requirements.txt
	.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# What the tests and the linters need besides.
.venv/.installed-dev: .venv/.installed requirements-dev.txt
	.venv/bin/pip install --quiet --require-hashes --requirement requirements-dev.txt
	touch $@

# What finished e-books are opened in. Without it some tests are skipped: the first line says what it wants then.
.venv/.installed-browser: .venv/.installed-dev tests/ace.py tests/ace/package-lock.json
	.venv/bin/python tests/ace.py --install && touch $@ || true
