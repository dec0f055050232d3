"""botocore's data in the layer: which files and operations it keeps, and which missing ones are errors."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore_data import OPERATIONS, cut

from devices import cognito
from devices.cognito_transport import Operation

INSTALLED = Path(botocore.__file__).parent / "data"
SERVICE = INSTALLED / "cognito-idp"
ALL = ("_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a copy of botocore's data with two services."""
    folder = tmp_path / "data"
    shutil.copytree(SERVICE, folder / "cognito-idp")
    shutil.copytree(INSTALLED / "sts", folder / "sts")
    for name in ALL:
        shutil.copy(INSTALLED / name, folder)
    return folder


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def test_the_layer_has_the_operations_that_the_function_calls() -> None:
    called = {each.name for each in vars(cognito).values() if isinstance(each, Operation)}

    missing, unused = called - set(OPERATIONS), set(OPERATIONS) - called

    assert missing == set(), f"layers/dependencies/botocore_data.py: add {missing} to OPERATIONS"
    assert unused == set(), f"layers/dependencies/botocore_data.py: remove {unused} from OPERATIONS"


def test_the_operations_keep_their_errors_and_shapes(data: Path) -> None:
    cut(data)

    (path,) = data.glob("cognito-idp/*/service-2.json")
    model = read(path)
    (full,) = SERVICE.glob("*/service-2.json.gz")
    original = json.loads(gzip.decompress(full.read_bytes()))
    assert model["metadata"] == original["metadata"]
    assert list(model["operations"]) == list(OPERATIONS)
    for name, operation in model["operations"].items():
        assert [error["shape"] for error in operation["errors"]] == [
            error["shape"] for error in original["operations"][name]["errors"]
        ]
        assert {error["shape"] for error in operation["errors"]} <= model["shapes"].keys()
    assert model["shapes"].keys() < original["shapes"].keys()
    assert '"documentation":"' not in path.read_text()


def test_only_the_services_files_and_those_of_all_clients_are_kept(data: Path) -> None:
    cut(data)

    files = {path.name for path in data.rglob("*") if path.is_file()}
    assert files == {*ALL, "service-2.json", "endpoint-rule-set-1.json"}
    assert {name for each in read(data / "endpoints.json")["partitions"] for name in each["services"]} == {
        "cognito-idp"
    }


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("cognito-idp", "has no cognito-idp"),
        ("endpoints.json", "endpoints.json is missing"),
        ("cognito-idp/*/service-2.json.gz", "service-2.json is missing"),
    ],
)
def test_a_missing_file_is_an_error(data: Path, gone: str, message: str) -> None:
    for path in data.glob(gone):
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    with pytest.raises(LookupError, match=message):
        cut(data)


def test_an_operation_that_botocore_lacks_is_an_error(data: Path) -> None:
    (path,) = data.glob("cognito-idp/*/service-2.json.gz")
    path.write_bytes(gzip.compress(b'{"operations": {}, "shapes": {}}'))

    with pytest.raises(LookupError, match=f"has no operation {', '.join(sorted(OPERATIONS))}"):
        cut(data)
