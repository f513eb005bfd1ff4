# Two commands do everything on a fresh machine: `make demo` runs the main job, `make test` passes the tests.
.PHONY: setup demo test check bench bench-sync bench-moving bench-flow bench-pages bench-kinds bench-understanding soak lock messages reference clean

PY := .venv/bin/python

setup:            ## system packages and the virtual environment that the others use
	@GUIDANG_WITH_POSTGRESQL=$(WITH_POSTGRESQL) bash scripts/setup.sh

demo: setup       ## the main job on fifteen demo scans, into demo/out
	@$(PY) demo/run.py

test: WITH_POSTGRESQL = 1
test: setup check ## all tests
	@$(PY) -m pytest -n 2 --dist worksteal

check: setup      ## style, types, imports, spelling
	@.venv/bin/ruff format --check -q .
	@.venv/bin/ruff check -q .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache >/tmp/guidang-lint-imports.$$$$ 2>&1 || { cat /tmp/guidang-lint-imports.$$$$; exit 1; }; rm -f /tmp/guidang-lint-imports.$$$$
	@.venv/bin/codespell

bench: setup      ## CPU a page, memory and accuracy against OCRmyPDF: make bench CORPUS=../shared/scans
	@$(PY) benchmarks/bench.py --corpus "$(CORPUS)"

bench-sync: setup ## requests, CPU, memory and seconds of following a paperless that holds 100,000 documents
	@$(PY) benchmarks/sync.py

bench-moving: setup ## CPU, memory and requests of comparing and moving 100,000 records
	@$(PY) benchmarks/moving.py

bench-flow: setup ## share of the recogniser's own speed, memory, seconds until filed: make bench-flow CORPUS=../shared/scans
	@$(PY) benchmarks/flow.py --corpus "$(CORPUS)"

bench-pages: setup ## many drawn pages of each level of damage: errors and printed numbers, with their upper bounds
	@$(PY) benchmarks/more_pages.py

bench-understanding: setup ## CPU a page of kind, numbers, facts and customer, without reading: make bench-understanding CORPUS=../shared/scans
	@$(PY) benchmarks/understanding.py --corpus "$(CORPUS)"

soak: setup       ## memory over a scan of 300 pages beside short ones (takes minutes)
	@$(PY) benchmarks/soak.py

bench-kinds: setup ## how well kinds are told, beside a plain classifier: make bench-kinds CORPUS=../shared/scans/texts.jsonl.gz
	@$(PY) benchmarks/classify.py --corpus "$(CORPUS)"

lock:             ## constraints.txt anew from setup.cfg (needs uv)
	uv pip compile setup.cfg --extra dev --extra postgresql --generate-hashes --python-version 3.11 --universal --no-header --no-emit-index-url --upgrade -o constraints.txt

reference:        ## the pages of docs/reference that the code already knows
	@$(PY) scripts/make_reference.py

messages:         ## collect the sentences for translation; says which have none yet
	@$(PY) scripts/collect_messages.py

clean:            ## what the demo and the tools left
	rm -rf demo/out .mypy_cache .ruff_cache .pytest_cache .hypothesis
