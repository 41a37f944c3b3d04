# `make run` and `make test` need nothing but python3 (3.11 or newer) and a package index.
PYTHON ?= python3
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run dev test lint bench messages venv venv-dev clean-venv

help:
	@echo "make run         set up what is missing and serve (HOST=127.0.0.1 PORT=8000; DEMO=0: no demo articles)"
	@echo "make dev         the same, and start again when a file changes"
	@echo "make test        every check and every test"
	@echo "make lint        the checks alone"
	@echo "make messages    bring the Indonesian catalogue up to date and compile it (needs GNU gettext)"
	@echo "make bench       measure pages, exports and reading at full volume (installs what they are compared with)"
	@echo "make format      put the code into its form"
	@echo "make clean-venv  remove .venv; the data stays"

venv:
	@$(PYTHON) scripts/make_venv.py requirements.txt

venv-dev:
	@$(PYTHON) scripts/make_venv.py requirements-dev.txt

run: venv
	@exec $(VENV)/python manage.py start

dev: venv
	@exec $(VENV)/python manage.py start --dev

lint: venv-dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/python -m mypy tracker articles bench
	$(VENV)/python $(VENV)/lint-imports
	find templates -name '*.html' -exec $(VENV)/djade --target-version 5.2 --check {} +
	find templates -name '*.html' -exec $(VENV)/python -m djhtml --check {} +
	HTTPS=1 DEBUG=0 ALLOWED_HOSTS=tracker.example $(VENV)/python manage.py check --deploy --fail-level WARNING

format: venv-dev
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .
	find templates -name '*.html' -exec $(VENV)/djade --target-version 5.2 {} +
	find templates -name '*.html' -exec $(VENV)/python -m djhtml {} +

test: lint
	$(VENV)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: venv
	@$(VENV)/python -m pip install --quiet -r bench/requirements.txt
	@$(VENV)/python -m bench

messages: venv-dev
	$(VENV)/python manage.py makemessages -l id --no-wrap --no-location --no-obsolete -i var -i tests -i .venv
	$(VENV)/python -m babel.messages.frontend compile -D django -d locale

clean-venv:
	rm -rf .venv
