# Everything installs itself: the tools go to .tools, the development environment to .venv.
.DEFAULT_GOAL := help
.ONESHELL:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# Every target but help writes here. `test` asks the kernel, which also refuses root on a read-only file system.
ifneq ($(filter-out help,$(MAKECMDGOALS)),)
ifneq ($(shell test -w . && echo yes),yes)
$(error $(CURDIR) is read-only: copy it to a folder that you can write to)
endif
endif

# Recipes read what a developer sets from the environment, so neither make nor bash interprets its quotes, spaces or $.
$(foreach name,COGNITO COLD EVENT INVOCATIONS ONLY ORIGINS PACKAGE PAGE_PORT PORT REQUEST RUNS SECONDS_EACH STAGE STARTS TESTS VIEWS WARM,\
  $(if $(filter command environment,$(firstword $(origin $(name)))),$(eval override export $(name) := $$(value $(name)))))
export STAGE ?= default
export EVENT ?= events/get_device.json
export COGNITO ?= local
ARCHIVE := dist/cognito-device-api.tar.gz
# The stages that can be deployed, as samconfig.toml names them, and STAGE if it is one of them
STAGES := $(shell sed -n 's/^\[\([A-Za-z0-9_-]*\)\.global\.parameters\.parameter_overrides\].*/\1/p' samconfig.toml)
KNOWN_STAGE := $(if $(filter 1,$(words $(STAGE))),$(filter $(STAGES),$(STAGE)))
# The layer's build cannot see the template's parameter Architecture, so layer and stack take it from samconfig.toml.
ARCHITECTURE := $(shell sed -n '/^\[$(KNOWN_STAGE)\.global\.parameters\.parameter_overrides\]/,/^\[/s/^Architecture *= *"\([a-z0-9_]*\)".*/\1/p' samconfig.toml)

export UV := $(CURDIR)/.tools/bin/uv
export SAM := $(CURDIR)/.tools/sam/bin/sam
export LAMBDA_PYTHON := $(CURDIR)/.tools/sam/bin/python
# The certificates that the machine trusts, as pip does: some networks have their own.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1
# MiniStack and the SAM CLI read files in the encoding of the locale, which need not be UTF-8.
export PYTHONUTF8 := 1
export SAM_CLI_TELEMETRY := 0
export ARCHITECTURE
PYTHON := $(CURDIR)/.venv/bin/python
LOCAL_PYTHON := $(CURDIR)/.tools/local/bin/python
NODE := $(CURDIR)/.tools/node/bin/node
NPM := $(CURDIR)/.tools/node/bin/npm
NODE_MODULES := tests/spa/node_modules
# What the tests use besides .venv. Unit tests and tests of the function use nothing else.
TEST_ENVIRONMENTS := .tools/load/.installed .tools/local/.installed .tools/sam/.installed spa/dist/index.html $(NODE_MODULES)/.installed
# What SAM makes of gradual deployments, which cfn-lint by itself does not see. The mapping is used up by then (W7001), the
# role is there whenever the deployment group is (W1001), and the ARNs with a fixed partition are SAM's own (I3042).
LINT_GRADUAL = "$(LOCAL_PYTHON)" -m local.transform DeploymentPreference=Canary10Percent5Minutes \
  | .tools/sam/bin/cfn-lint --include-checks I --ignore-checks I3042 W1001 W7001 --regions us-east-1
# Its policies are in the package: nothing is downloaded, and nothing leaves the machine.
CHECKOV = .tools/checkov/bin/checkov --skip-download --quiet --compact
# Its schemas are in the package too. zizmor has those of workflows and of Dependabot.
CHECK_SCHEMA = "$(CURDIR)/.venv/bin/check-jsonschema" --builtin-schema vendor
# It deploys .aws-sam/build.
SAM_DEPLOY = "$(SAM)" deploy --config-env "$(KNOWN_STAGE)" $(DEPLOY_ARGS)
OPENAPI_TYPESCRIPT = "$(NODE)" $(NODE_MODULES)/openapi-typescript/bin/cli.js docs/openapi.json --output spa/client/api.d.ts

# A pin of pyenv names a Python that may not be installed; any Python 3 with venv can bootstrap uv.
python3 = $(firstword $(foreach command,python3 /usr/bin/python3,$(if $(shell $(command) -c "import venv" 2>/dev/null && echo yes),$(command))))

.PHONY: help
help: ## List the targets
	@echo "make TARGET, where TARGET is one of"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 14

.PHONY: run
run: export PORT ?= 4566
run: export PAGE_PORT ?= 8000
run: .tools/local/.installed .tools/sam/.installed spa/dist/index.html ## Run the whole product here, without AWS or Docker (PORT=4566, PAGE_PORT=8000, ORIGINS=http://localhost:5173)
	@exec "$(LOCAL_PYTHON)" -m local --port "$$PORT" --page-port "$$PAGE_PORT" $${ORIGINS+--origins="$$ORIGINS"}

.PHONY: page
page: spa/dist/index.html ## Bundle the page into spa/dist

.PHONY: logs
logs: .tools/local/.installed ## Follow what the function logs in the local cloud (REQUEST=ID: the lines of one request)
	@exec "$(LOCAL_PYTHON)" -m local.logs $${REQUEST:+--request="$$REQUEST"}

.PHONY: invoke
invoke: .tools/local/.installed .tools/sam/.installed ## Run one event in Lambda's container (EVENT=events/get_device.json, COGNITO=local or aws)
	@exec "$(LOCAL_PYTHON)" -m local.sam_local --cognito "$$COGNITO" invoke "$$EVENT"

.PHONY: start-api
start-api: export PORT ?= 3000
start-api: .tools/local/.installed .tools/sam/.installed ## Serve the API from Lambda's container (PORT=3000, COGNITO=local or aws)
	@exec "$(LOCAL_PYTHON)" -m local.sam_local --cognito "$$COGNITO" start-api --port "$$PORT"

.PHONY: test
# The tests start hundreds of processes. Without cached bytecode each compiles all that it imports, which takes half of
# the processor time.
test: export PYTHONDONTWRITEBYTECODE :=
test: .venv/.installed $(if $(filter tests/unit% tests/integration/devices%,$(TESTS)),,$(TEST_ENVIRONMENTS)) ## Run all tests, or those of a file, folder or id without coverage (TESTS=tests/unit)
	@if [[ -n "$${TESTS:-}" ]]; then
	  if [[ ! -e "$${TESTS%%::*}" ]]; then
	    echo "$${TESTS%%::*} does not exist: give a file, a folder or a test, as in TESTS=tests/unit/devices/test_auth.py::test_NAME." >&2
	    exit 2
	  fi
	  exec "$(PYTHON)" -m pytest "$$TESTS" $(PYTEST_ARGS)
	fi
	"$(PYTHON)" -m coverage erase
	# A test that hangs for five minutes ends its process, and the run fails. tests/e2e/test_verify.py runs tests/e2e/stack.
	# One process more than there are processors, because many tests wait.
	COVERAGE_PROCESS_START=pyproject.toml "$(PYTHON)" -m pytest --ignore tests/e2e/stack \
	  --numprocesses $$(($$(nproc) + 1)) --maxprocesses 4 --no-loadscope-reorder --max-worker-restart 0 \
	  -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true $(PYTEST_ARGS)
	"$(PYTHON)" -m coverage combine --quiet
	"$(PYTHON)" -m coverage report

.PHONY: faults
faults: .venv/.installed .tools/sam/.installed ## Test each fault of Cognito and the network with the deployed deadlines (6 minutes)
	@exec "$(PYTHON)" -m pytest tests/full tests/integration/devices/test_faults.py

.PHONY: fuzz
fuzz: .venv/.installed .tools/local/.installed .tools/sam/.installed spa/dist/index.html ## Send 30,000 generated requests to the handler and the API (7 minutes)
	@exec "$(PYTHON)" -m pytest --hypothesis-profile full tests/integration/devices/test_fuzz.py tests/e2e/test_openapi.py

.PHONY: mutants
mutants: .venv/.installed ## Change the function's code in hundreds of ways; the tests must notice 95 % (ONLY='devices.auth.*')
	@rm -rf .mutants
	mkdir -p .mutants/tests
	ln -s $(addprefix ../,functions/devices docs events local pyproject.toml template.yaml tools) .mutants
	ln -s $(addprefix ../../tests/,conftest.py integration support unit) .mutants/tests
	cd .mutants
	# Twice as many processes as processors, because some tests wait for a timeout.
	../.venv/bin/mutmut run --max-children $$(($$(nproc) * 2)) $${ONLY:+"$$ONLY"}
	"$(PYTHON)" -m tools.mutants

.PHONY: screenshots
screenshots: .venv/.installed .tools/local/.installed .tools/sam/.installed spa/dist/index.html ## Write the pictures of the page to docs/images/ (needs Chromium, and fonts for Japanese and emoji)
	@BROWSER=required SCREENSHOTS=docs/images "$(PYTHON)" -m pytest --quiet tests/e2e/page/test_pictures.py

.PHONY: bench
bench: export COLD ?= 20
bench: export WARM ?= 4000
bench: .tools/bench/.installed .tools/sam/.installed ## Compare cold requests and warm calls of variants of the function (COLD=20, WARM=4000)
	@exec "$(CURDIR)/.tools/bench/bin/python" -m tools.perf.bench --cold "$$COLD" --warm "$$WARM"

.PHONY: bench-page
bench-page: export RUNS ?= 9
bench-page: .venv/.installed .tools/local/.installed .tools/sam/.installed spa/dist/index.html ## Measure the page's first view in Chromium on a slow network (RUNS=9)
	@exec "$(PYTHON)" -m tools.perf.page --runs "$$RUNS"

.PHONY: bench-imports
bench-imports: export STARTS ?= 20
bench-imports: .tools/bench/.installed .tools/sam/.installed ## Measure what each change of the layer's libraries spares an init (STARTS=20, ONLY=botocore)
	@exec "$(CURDIR)/.tools/bench/bin/python" -m tools.perf.imports --starts "$$STARTS" $${ONLY:+--only "$$ONLY"}

.PHONY: load
load: export SECONDS_EACH ?= 15
load: export INVOCATIONS ?= 50000
load: .tools/load/.installed .tools/local/.installed .tools/sam/.installed ## Send load to the function and to the local API (SECONDS_EACH=15, INVOCATIONS=50000)
	@exec "$(CURDIR)/.tools/load/bin/python" -m tools.perf.load --seconds "$$SECONDS_EACH" --invocations "$$INVOCATIONS"

.PHONY: scaling
scaling: export VIEWS ?= 1
scaling: .tools/load/.installed ## Simulate one to ten million users (VIEWS=1 page view per user and day)
	@exec "$(CURDIR)/.tools/load/bin/python" -m tools.scaling --views "$$VIEWS"

.PHONY: check
check: .venv/.installed .tools/checkov/.installed .tools/local/.installed .tools/sam/.installed spa/node_modules/.installed $(NODE_MODULES)/.installed ## Lint code, imports, Markdown, workflows and templates; check types; compare generated files
	@"$(PYTHON)" -m ruff format --check
	"$(PYTHON)" -m ruff check
	"$(PYTHON)" -m mypy
	PYTHONPATH=functions "$(CURDIR)/.venv/bin/lint-imports" --no-logo --no-cache
	"$(CURDIR)/.venv/bin/rumdl" check --quiet --no-cache README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md docs spa/client
	"$(NODE)" $(NODE_MODULES)/typescript/bin/tsc --project tests/spa
	"$(NODE)" $(NODE_MODULES)/typescript/bin/tsc --project tests/spa/tsconfig.tests.json
	"$(NODE)" $(NODE_MODULES)/typescript/bin/tsc --project spa/client
	PYTHONPATH=functions "$(PYTHON)" -m tools.openapi --check
	$(OPENAPI_TYPESCRIPT) --check >/dev/null || { echo "spa/client/api.d.ts is out of date: run make openapi." >&2; exit 1; }
	"$(SAM)" validate
	"$(CURDIR)/.venv/bin/zizmor" --quiet --offline --strict-collection .github
	$(CHECK_SCHEMA).github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml)) >/dev/null
	$(CHECK_SCHEMA).github-issue-config .github/ISSUE_TEMPLATE/config.yml >/dev/null
	.tools/sam/bin/cfn-lint --include-checks I --regions us-east-1 --template template.yaml spa/template.yaml .github/deploy-role.yaml
	$(LINT_GRADUAL)
	$(CHECKOV) --framework cloudformation --file template.yaml spa/template.yaml .github/deploy-role.yaml

.PHONY: openapi
openapi: .venv/.installed $(NODE_MODULES)/.installed ## Generate docs/openapi.json and spa/client/api.d.ts from the code
	@PYTHONPATH=functions "$(PYTHON)" -m tools.openapi
	$(OPENAPI_TYPESCRIPT)

.PHONY: format
format: .venv/.installed ## Format the code
	@"$(PYTHON)" -m ruff format
	"$(PYTHON)" -m ruff check --fix

# Before anything else, so that a wrong name installs nothing
.PHONY: stage
stage:
	@if [[ -z "$(ARCHITECTURE)" ]]; then
	  stages="$(STAGES)"
	  echo "samconfig.toml has no stage \"$$STAGE\" with an Architecture: choose one of $${stages// /, }." >&2
	  exit 2
	fi

.PHONY: build
build: stage .tools/sam/.installed ## Build what is deployed (STAGE=default, dev or prod)
	@mkdir -p .aws-sam 2>/dev/null && [[ -w .aws-sam ]] ||
	  { echo ".aws-sam must be a folder that you can write to: remove it, or change its owner." >&2; exit 2; }
	"$(SAM)" build --config-env "$(KNOWN_STAGE)"

.PHONY: deploy
deploy: build ## Build and deploy to AWS (STAGE=default, dev or prod)
	@$(SAM_DEPLOY)

.PHONY: deploy-page
deploy-page: stage .venv/.installed .tools/sam/.installed page ## Bundle the page, and put it online beside the API (STAGE=default, dev or prod)
	@exec "$(PYTHON)" -m tools.deploy_page --stage "$(KNOWN_STAGE)" $(DEPLOY_ARGS)

.PHONY: archive
archive: build ## Build, and pack the build into one file in dist (STAGE=default, dev or prod)
	@mkdir -p dist
	# The layer fits one architecture, and the archive may be deployed to another stage.
	echo "$(ARCHITECTURE)" >.aws-sam/build/architecture
	# Fixed order, dates and owners, so that equal builds make equal archives.
	tar --sort=name --mtime=1980-01-02T00:00:00Z --owner=0 --group=0 --numeric-owner \
	  -czf "$(ARCHIVE)" -C .aws-sam/build .

.PHONY: deploy-tools
deploy-tools: .tools/sam/.installed .venv/.installed $(NODE_MODULES)/.installed ## Install what make deploy-archive and make verify need, so that they install nothing

.PHONY: deploy-archive
deploy-archive: stage deploy-tools ## Deploy what make archive packed, without building (STAGE=default, dev or prod)
	@if [[ ! -e "$(ARCHIVE)" ]]; then echo "$(ARCHIVE) is missing: run make archive, or download it from a release." >&2; exit 2; fi
	built=$$(tar -xzOf "$(ARCHIVE)" ./architecture)
	if [[ "$$built" != "$(ARCHITECTURE)" ]]; then
	  echo "$(ARCHIVE) was built for $$built, but samconfig.toml sets Architecture = \"$(ARCHITECTURE)\" for STAGE=$(KNOWN_STAGE)." >&2
	  exit 2
	fi
	rm -rf .aws-sam/build
	mkdir -p .aws-sam/build
	tar -xzf "$(ARCHIVE)" -C .aws-sam/build
	$(SAM_DEPLOY)

.PHONY: package
package: spa/node_modules/.installed ## Pack the JavaScript client for npm into dist, and print the tarball's path
	@mkdir -p dist
	umask 022 # npm packs the files' modes
	folder=$$(mktemp -d)
	trap 'rm -rf "$$folder"' EXIT
	"$(NODE)" spa/package.mjs "$$folder"
	echo "dist/$$("$(NPM)" pack "$$folder" --pack-destination dist --loglevel error)"

.PHONY: release
release: .venv/.installed archive package ## Build what the release workflow publishes, into dist
	@cp docs/openapi.json dist
	"$(PYTHON)" -m tools.release dist

.PHONY: verify
verify: $(if $(filter file,$(origin STAGE)),,stage) .venv/.installed $(NODE_MODULES)/.installed ## Test a deployed stack from outside: that of make run, or of STAGE=default, dev or prod (ONLY=cors)
	@exec "$(PYTHON)" -m tools.verify $(if $(filter file,$(origin STAGE)),,--stage "$(KNOWN_STAGE)") $${ONLY:+--only "$$ONLY"}

.PHONY: lock
lock: .tools/bin/uv ## Pin what pyproject.toml asks for, keeping versions (PACKAGE=boto3 upgrades one, UPGRADE=all each)
	@compile() {
	  "$(UV)" pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --python-version 3.13 \
	    --custom-compile-command "make lock" --group "pyproject.toml:$$1" --output-file "$$2" "$${@:3}"
	}
	package=$$(tr 'A-Z_.' 'a-z--' <<<"$${PACKAGE:-}")
	found=
	for group in function bench bench-fastapi bench-runtime checkov dev load local node sam uv; do
	  file=tools/requirements/$$group.txt
	  if [[ $$group == function ]]; then file=layers/dependencies/requirements.txt; fi
	  if [[ "$$package" ]] && ! grep -q "^$$package==" "$$file"; then continue; fi
	  found=1
	  compile "$$group" "$$file" $(if $(UPGRADE),--upgrade) $${package:+--upgrade-package "$$package"}
	  # boto3 allows later versions of botocore, which its own release was not tested with.
	  boto3=$$(sed -n 's/^boto3==\([0-9.]*\).*/\1/p' "$$file")
	  if [[ "$$boto3" ]]; then compile "$$group" "$$file" --upgrade-package "botocore==$$boto3"; fi
	done
	if [[ ! "$$found" ]]; then echo "$$PACKAGE is not in any requirements file: see [dependency-groups] in pyproject.toml." >&2; exit 2; fi

.PHONY: clean
clean: ## Remove everything that the other targets made
	@rm -rf .aws-sam .bench dist .load .local .mutants .tools .venv spa/dist spa/dist.* spa/node_modules $(NODE_MODULES) .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache

# An environment whose Python was removed or replaced is installed again.
$(shell for each in .venv .tools/*; do [[ -x $$each/bin/python ]] || rm -f $$each/.installed; done)

# $(call installing,SOURCE,FOLDER)
# Whatever ends an installation early, the next make repeats it: the folder's mark is removed first and made last.
# Only one process installs a folder at a time. A second make waits for it, and for what a killed make left running.
define installing
@mkdir -p .tools
exec 9>".tools/$(subst /,-,$(2)).lock"
flock -n 9 || { echo "waiting for another process that installs $(1) into $(2)" >&2; flock 9; }
if [[ -e $@ && -z "$$(find $^ -newer $@)" ]]; then exit; fi
echo "installing $(1) into $(2)" >&2
rm -f $@
endef

# $(call environment,FOLDER,REQUIREMENTS)
# uv asks the network only for what its cache lacks: hashes make it pointless to ask whether the cache is up to date.
define environment
$(call installing,$(2),$(1))
"$(UV)" python find --system 3.13 >/dev/null 2>&1 || "$(UV)" python install --no-bin 3.13 >/dev/null 2>&1 ||
  { echo "Python 3.13 is missing: install it (Debian 13: apt-get install python3.13, pyenv: pyenv install 3.13, or with access to GitHub: .tools/bin/uv python install 3.13)." >&2; exit 1; }
"$(UV)" venv --quiet --clear --python 3.13 "$(1)"
sync() { "$(UV)" pip sync --quiet --require-hashes --python "$(1)/bin/python" "$(2)" "$$@"; }
sync --offline 2>/dev/null || sync
touch $@
endef

.tools/bin/uv: tools/requirements/uv.txt
	$(call installing,$<,.tools/uv)
	if [[ -z "$(python3)" ]]; then echo "Python 3 with venv is missing: install it (Debian: apt-get install python3-venv)." >&2; exit 1; fi
	$(python3) -m venv --clear .tools/uv
	.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$<"
	mkdir -p .tools/bin
	touch .tools/uv/bin/uv
	mv .tools/uv/bin/uv $@

.venv/.installed: tools/requirements/dev.txt | .tools/bin/uv
	$(call environment,.venv,$<)

.tools/local/.installed: tools/requirements/local.txt | .tools/bin/uv
	$(call environment,.tools/local,$<)

.tools/bench/.installed: tools/requirements/bench.txt | .tools/bin/uv
	$(call environment,.tools/bench,$<)

.tools/load/.installed: tools/requirements/load.txt | .tools/bin/uv
	$(call environment,.tools/load,$<)

.tools/sam/.installed: tools/requirements/sam.txt | .tools/bin/uv
	$(call environment,.tools/sam,$<)

.tools/checkov/.installed: tools/requirements/checkov.txt | .tools/bin/uv
	$(call environment,.tools/checkov,$<)

.tools/node/.installed: tools/requirements/node.txt | .tools/bin/uv
	$(call environment,.tools/node,$<)

%/node_modules/.installed: %/package.json %/package-lock.json | .tools/node/.installed
	$(call installing,$*/package-lock.json,$*/node_modules)
	"$(NPM)" ci --prefer-offline --prefix "$*" --loglevel error >/dev/null
	touch $@

# Two makes at once would write the same folder.
spa/dist/index.html: spa/build.mjs spa/browsers.mjs $(wildcard spa/page/* spa/client/*.js) spa/node_modules/.installed
	@exec flock .tools/spa-dist.lock "$(NODE)" spa/build.mjs
