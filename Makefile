# Each target sets up what it needs; stamps in .setup/ make the second time free. The work is in tools/.
.PHONY: setup run test check bench fuzz wire docs lock clean

setup: .setup/python
run: setup
	@.venv/bin/poolhouse dev
test: setup .setup/system .setup/awscli .setup/node
	@tools/test.sh
check: setup
	@tools/check.sh
bench: setup .setup/system
	@.venv/bin/python -m tests.bench
fuzz: setup
	@.venv/bin/python -m tests.fuzz $(ARGS)
wire: setup
	@.venv/bin/python tools/generate_wire.py
docs: setup
	@.venv/bin/python tools/generate_docs.py
lock: setup
	@tools/lock.sh
clean:
	rm -rf .setup .venv .venv-awscli tests/clients/node/node_modules

.setup/python: requirements-dev.lock pyproject.toml tools/setup_python.sh
	@tools/setup_python.sh .venv requirements-dev.lock --editable && mkdir -p .setup && touch $@
.setup/awscli: tests/clients/awscli/requirements.lock tools/setup_python.sh
	@tools/setup_python.sh .venv-awscli $< && mkdir -p .setup && touch $@
.setup/system: tools/setup_system.sh
	@tools/setup_system.sh && mkdir -p .setup && touch $@
.setup/node: tests/clients/node/package-lock.json tools/setup_node.sh .setup/system
	@tools/setup_node.sh && mkdir -p .setup && touch $@
