# Everything that a developer runs; `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif
BROWSERS := chromium chromium-browser google-chrome-stable google-chrome
PLUGINS := $(wildcard plugins/*/pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: memory torture-postgres torture-milvus torture-ray engines-and-stores bench-stores leaks help install browser demo demo-judgements docs test torture fuzz fuzz-api soak umap lint types bench bench-store clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

install: $(VENV)/installed browser  ## create .venv with simsearch, its plugins and the development tools

browser:  ## the browser for the tests of the web page: installed as root on Debian, asked for elsewhere
	@for name in $(BROWSERS); do if command -v $$name >/dev/null; then exit 0; fi; done; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; \
	else echo "The tests of the web page need a browser: install Chromium (apt-get install chromium)."; fi

$(VENV)/installed: pyproject.toml constraints.txt $(PLUGINS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--editable '.[dev]' $(foreach plugin,$(PLUGINS),--editable $(dir $(plugin)))
	touch $@

demo: install  ## the whole loop on text that ships with Python
	rm -rf .demo
	$(BIN)/python examples/standard_library.py .demo

demo-judgements: install  ## the worked example of docs/judgements.md, from the first question to a promoted model
	rm -rf .demo-judgements
	$(BIN)/python examples/judgements.py .demo-judgements

docs: install  ## the documentation site, in build/site; a broken link fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	@echo "open build/site/index.html"

# Each worker has one core; more threads would wait for each other, and double the time.
test: export OMP_NUM_THREADS := 1
test: export SIMSEARCH_THREADS := 1
test: install  ## lint, types, import rules and all tests but the slow ones
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist worksteal -m 'not slow'

fuzz: install  ## ten thousand odd questions and filters
	$(BIN)/python -m pytest tests/unit/querying/test_any_question.py -m slow

fuzz-api: install  ## five thousand requests that the API's document describes
	$(BIN)/python -m pytest plugins/simsearch-serve/tests/test_openapi.py -m slow

umap: install  ## the layout of the map by UMAP, which is compiled for a minute
	$(BIN)/python -m pytest plugins/simsearch-serve/tests/test_point_map.py -m slow

soak: install  ## ten minutes of clients, index runs, killed workers, full disks and deleted indexes
	$(BIN)/python -m pytest -s plugins/simsearch-serve/tests/test_soak.py -m slow -k ten_minutes

torture: install  ## a hundred runs over real documentation, each killed at a random moment (half an hour)
	$(BIN)/python -m pytest -s -m slow tests/end_to_end/test_killed.py

memory: install  ## ten thousand questions of an agent, and what the server's memory does meanwhile
	$(BIN)/python -m pytest -s plugins/simsearch-mcp/tests/test_memory.py -m slow

torture-postgres: install  ## runs killed at random moments: client and server in turn, one of two at once
	POSTGRES_KILLS=100 $(BIN)/python -m pytest -s plugins/simsearch-postgres/tests/test_postgres_killed.py

torture-milvus: install  ## fifty runs killed at random moments
	MILVUS_KILLS=50 $(BIN)/python -m pytest -s -m slow plugins/simsearch-milvus/tests/test_milvus_killed.py

torture-ray: install  ## a Ray cluster: 20 runs in which three workers are killed, and 10 killed commands
	RAY_WORKER_KILLS=60 RAY_DRIVER_KILLS=10 $(BIN)/python -m pytest -s plugins/simsearch-ray -k cost_nothing

engines-and-stores: install  ## each engine with each store, end to end
	$(BIN)/python -m pytest -s -m slow plugins/simsearch-ray/tests/test_ray_stores.py

bench-stores: install  ## stores next to one another at 10 thousand and 100 thousand chunks
	$(BIN)/python benchmarks/stores.py local postgres milvus --chunks 10000 100000

leaks: install  ## planted duplicates: what a random split claims and a grouped one does not
	$(BIN)/python -m pytest tests/end_to_end/test_tuning.py -m slow

bench: install  ## embedding and cold queries against sentence-transformers (needs the data sets in ../shared/data)
	@test -d ../shared/data || { echo "make bench needs the data sets in ../shared/data, outside of the repository." >&2; exit 1; }
	$(BIN)/python benchmarks/embedding.py speed ../shared/data/medquad_qa/corpus.jsonl
	$(BIN)/python benchmarks/embedding.py memory
	$(BIN)/python benchmarks/cold.py ../shared/data/tldr_pairs/train.pairs.jsonl .bench

bench-store: install  ## the store at 10 thousand, 100 thousand and a million chunks
	$(BIN)/python benchmarks/store.py 10000 100000 1000000

lint: install  ## ruff and the import rules between rooms
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: install  ## mypy --strict
	$(BIN)/mypy

clean:  ## remove everything that was built
	rm -rf $(VENV) build .demo .demo-judgements .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis
