# One command each. Everything is installed into .venv from hash-pinned files.
PY ?= python3
V := .venv/bin
DATA ?= $(CURDIR)/data
PORT ?= 8000
export KENTONGAN_DATA ?= $(DATA)
export PORT

.PHONY: run test check fmt bench shots messages lock clean

.venv/run.stamp: requirements.txt pyproject.toml
	@test -x $(V)/python || $(PY) -m venv .venv || { echo "Python's venv module is missing: apt install python3-venv"; exit 1; }
	@$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(V)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	@$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/run.stamp
	@$(V)/kentongan migrate
	@$(V)/kentongan demo --if-empty
	@$(V)/kentongan serve

test: .venv/dev.stamp
	@$(V)/python tests/run.py $(ARGS)

check: .venv/dev.stamp
	@$(V)/ruff format --check .
	@$(V)/ruff check .
	@$(V)/mypy
	@$(V)/lint-imports --no-cache
	@$(V)/python manage.py makemigrations --check --dry-run
	@$(V)/python scripts/messages.py --check

fmt: .venv/dev.stamp
	@$(V)/ruff check --fix --quiet . || true
	@$(V)/ruff format .

messages: .venv/dev.stamp
	@$(V)/python scripts/messages.py

bench: .venv/dev.stamp
	@$(V)/python -m bench $(ARGS)

shots: .venv/dev.stamp
	@$(V)/python scripts/shots.py $(ARGS)

lock:
	@uv export --quiet --no-emit-project --group build --no-dev --format requirements.txt -o requirements.txt
	@uv export --quiet --no-emit-project --all-groups --format requirements.txt -o requirements-dev.txt
	@rm -f uv.lock

clean:
	@rm -rf .venv shots bench/out
