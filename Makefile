# GNU make 3.81 will do. Everything runs inside .venv, installed from hashes.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE := # some images set it: each process would compile all of the program once more

.PHONY: setup run test test-sqlite test-postgresql check fix bench torture catalogues sbom pictures

setup: .venv/ready

.venv/ready: requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: setup
	$(BIN)/toerbeurt serve

test: test-sqlite test-postgresql

test-sqlite: setup
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --cov --cov-fail-under=100 tests/scheduling
	$(BIN)/python -m slipcover --json --out .venv/app.json -m pytest -n 2 --dist loadscope --no-loadscope-reorder --ignore tests/scheduling
	$(BIN)/python -m slipcover --merge .venv/app.json --out .venv/app.json --skip-covered --fail-under 95.5

test-postgresql: setup
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --postgresql

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --check templates
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djlint --quiet --reformat templates

bench: setup
	$(BIN)/python -m bench && $(BIN)/python -m bench.mail
	$(BIN)/python -m bench.feeds

torture: setup
	$(BIN)/python -m pytest -m torture -s tests/faults
	$(BIN)/python -m pytest -m torture -s --postgresql tests/faults
	TOERBEURT_EXAMPLES=20 $(BIN)/python -m pytest tests/pulse/test_promise.py tests/journeys/test_lifecycle.py tests/turns

catalogues: setup # after a change of texts: collect, merge, compile
	$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -k _l --no-location --sort-output -o .venv/messages.pot .
	$(BIN)/pybabel -q update -N -w 120 --ignore-obsolete --ignore-pot-creation-date -i .venv/messages.pot -d app/translations
	$(BIN)/pybabel -q compile -d app/translations && $(BIN)/pybabel -q compile -d app/translations/variants

sbom: setup
	mkdir -p dist && $(BIN)/cyclonedx-py requirements --output-reproducible --of JSON -o dist/sbom.json requirements.lock

pictures: setup
	$(BIN)/python -m bench.pictures
