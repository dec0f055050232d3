"""How build.py turns wheels into a layer. tests/integration/layers/test_layer.py builds one from the real wheels."""

import importlib.util
from datetime import datetime, timedelta, timezone
from pathlib import Path

import botocore_data
import patches
import pytest
import trust_store
from build import main


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a file of each kind that wheels install."""
    monkeypatch.setattr(botocore_data, "cut", lambda _: None)
    monkeypatch.setattr(patches, "apply", lambda _: None)
    monkeypatch.setattr(trust_store, "split", lambda _: None)
    files = {
        "botocore/__init__.py": "NAME = 'botocore'",
        "botocore/__pycache__/__init__.cpython-313.pyc": "stale",
        "botocore/cacert.pem": "certificates",
        "botocore/cacert/00000000.0": "a certificate",
        "botocore/data/endpoints.json": "{}",
        "boto3/ec2/__init__.py": "",
        "aws_lambda_powertools/utilities/parser/__init__.py": "",
        "aws_lambda_powertools/utilities/typing/__init__.py": "",
        "pydantic_core/_pydantic_core.so": "machine code",
        "pydantic_core/__init__.pyi": "",
        "pydantic-2.dist-info/METADATA": "",
        "bin/jp.py": "",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


def test_only_bytecode_and_the_files_that_the_function_reads_remain(wheels: Path) -> None:
    main(str(wheels))

    assert {str(path.relative_to(wheels)) for path in wheels.rglob("*") if path.is_file()} == {
        "aws_lambda_powertools/utilities/typing/__init__.pyc",
        "botocore/__init__.pyc",
        "botocore/cacert/00000000.0",
        "botocore/data/endpoints.json",
        "pydantic_core/_pydantic_core.so",
    }
    assert not (wheels / "bin").exists()


def test_the_bytecode_can_be_imported(wheels: Path) -> None:
    main(str(wheels))

    spec = importlib.util.spec_from_file_location("compiled", wheels / "botocore/__init__.pyc")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.NAME == "botocore"


def test_all_dates_are_equal_and_zip_can_store_them_in_every_time_zone(wheels: Path) -> None:
    main(str(wheels))

    (date,) = {path.stat().st_mtime for path in [wheels, *wheels.rglob("*")]}
    for hours in (-12, 14):
        assert datetime.fromtimestamp(date, timezone(timedelta(hours=hours))).year == 1980


def test_a_module_that_cannot_be_compiled_is_an_error(wheels: Path) -> None:
    (wheels / "botocore/broken.py").write_text("def")

    with pytest.raises(SyntaxError, match="cannot be compiled"):
        main(str(wheels))


def test_another_version_of_python_builds_nothing(wheels: Path) -> None:
    with pytest.raises(SystemExit, match=r"with Python 3\.13, which the function runs, not 3\.11"):
        main(str(wheels), (3, 11))

    assert (wheels / "botocore/__init__.py").exists()
