# Thin: what these do stands in deploy/. `make test ARGS="-k clock"` passes ARGS on to pytest.
.PHONY: setup run test check bench chaos clean
BIN := .venv/bin
ifdef PYTHONDONTWRITEBYTECODE
# Whoever wants no bytecode beside the sources gets it here: hundreds of processes would each spend seconds on compiling.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.tools/bytecode
endif

setup:
	@sh deploy/setup.sh

run: setup
	@$(BIN)/yousu run

test: setup
	@$(BIN)/python -m deploy.servers install --browser || test "$$CI" != true
	@$(BIN)/python -m deploy.servers run --available -- $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m deploy.servers install
	@$(BIN)/python -m tests.benchmarks $(ARGS)

chaos: setup
	@$(BIN)/python -m deploy.servers install
	@$(BIN)/python -m tests.chaos $(ARGS)

clean:
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	@find . -name __pycache__ -not -path './.venv/*' -not -path './.tools/*' -prune -exec rm -rf {} +
