# Each target sets up what it needs; stamps in .setup/ make the second time free. The work is in tools/.
.PHONY: help setup system awscli node go run test check bench compare timing conformance fuzz races walks kills long lowest wire docs lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
setup: .setup/python ## .venv with the locked packages and the poolhouse command
system: .setup/system ## PostgreSQL, Chromium and Node.js for the tests, by apt-get, where they are missing
awscli: .setup/awscli ## the locked AWS CLI of the tests, in .venv-awscli
node: .setup/node ## the locked node packages of the tests, and what `make system` installs
go: .setup/go ## the test client of the AWS SDK for Go; where Go is missing, a locked one in .venv-go
run: setup ## the server, in dev
	@.venv/bin/poolhouse dev
test: setup system awscli node go ## every test, with real clients and a real Chromium; installs what it needs
	@tools/test.sh
check: setup ## format, lint, types, layers, generated files
	@tools/check.sh
bench: setup .setup/system ## the benchmarks
	@.venv/bin/python -m tests.bench
	@.venv/bin/python -m tests.bench.neighbours
compare: setup .setup/system ## what operations cost here against a commit before: make compare ARGS=<commit>
	@.venv/bin/python -m tests.bench.compare $(ARGS)
timing: setup .setup/system ## what is promised of time, measured: enumeration, passwords, patterns; ARGS=... chooses
	@.venv/bin/python -m tests.timing $(ARGS)
conformance: setup ## 20,000 faulty requests from the service model, each answered by exactly its error; ARGS=... chooses
	@.venv/bin/python -m tests.conformance.generated $(ARGS)
fuzz: setup ## long runs of odd requests; ARGS=... chooses
	@.venv/bin/python -m tests.fuzz $(ARGS)
races: setup .setup/system ## every change of a user against everything that is issued, 50 rounds each
	@.venv/bin/python -m tests.faults.races $(ARGS)
walks: setup ## 3,000 walks at random through the states of users and sign-ins, and what they reached
	@.venv/bin/python -m pytest -q -s --long tests/security/test_state_machine.py $(ARGS)
kills: setup .setup/system ## 200 servers of each engine killed while people sign up: acknowledged, lost, time to restart
	@.venv/bin/python -m pytest -q -s --long tests/faults/test_kill.py $(ARGS)
long: setup .setup/system ## the fault tests of which `make test` runs a share, at full length
	@.venv/bin/python -m pytest -q -s --long tests/faults $(ARGS)
lowest: .setup/system .setup/node ## unit and conformance tests with the lowest versions of everything that pyproject.toml allows
	@tools/lowest.sh $(ARGS)
wire: setup ## generate src/poolhouse/wire from the service model
	@.venv/bin/python tools/generate_wire.py
docs: setup ## generate the tables of the documents
	@.venv/bin/python tools/generate_docs.py
lock: setup ## write the lock files anew
	@tools/lock.sh
clean: ## remove everything that was set up here
	rm -rf .setup .venv .venv-awscli .venv-go .venv-lowest tests/clients/*/node_modules

.setup/python: requirements-dev.lock pyproject.toml tools/setup_python.sh tools/build_multi_buffer.sh $(wildcard native/*)
	@tools/setup_python.sh .venv requirements-dev.lock --editable && mkdir -p .setup && touch $@
.setup/awscli: tests/clients/awscli/requirements.lock tools/setup_python.sh
	@tools/setup_python.sh .venv-awscli $< && mkdir -p .setup && touch $@
.setup/system: tools/setup_system.sh
	@tools/setup_system.sh && mkdir -p .setup && touch $@
.setup/node: $(wildcard tests/clients/*/package-lock.json) tools/setup_node.sh .setup/system
	@tools/setup_node.sh && mkdir -p .setup && touch $@
.setup/go: $(wildcard tests/clients/aws-sdk-go/*) tools/setup_go.sh
	@tools/setup_go.sh && touch $@
