"""The built layer: it is small, reproducible, and behaves as the packages that it is built from."""

import hashlib
import ssl
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import botocore
import patches
import pytest

from local import sam_cli
from tests.support.layers import build_layer, run

# Prints the URL of a GetDevice request for each Region, with and without FIPS and dual-stack endpoints.
ENDPOINTS = """
import json, sys
import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config

session, urls = boto3.session.Session(), {}
for region in sys.argv[1:]:
    for options in ({}, {"use_fips_endpoint": True}, {"use_dualstack_endpoint": True}):
        def answer(request, **_):
            urls[f"{region} {options}"] = request.url
            return AWSResponse(request.url, 200, {}, type("Raw", (), {"stream": lambda self, **_: iter([b"{}"])})())
        try:
            client = session.client("cognito-idp", region, config=Config(signature_version=UNSIGNED, **options))
            client.meta.events.register("before-send", answer)
            client.get_device(AccessToken="a", DeviceKey="b_c")
        except Exception as error:
            urls[f"{region} {options}"] = f"{type(error).__name__}: {error}"
print(json.dumps(urls))
"""

# Prints the public names of some modules, each with the module and the name that define its value.
NAMES = """
import importlib, json, sys

def place(value):
    return f"{getattr(value, '__module__', '')} {getattr(value, '__qualname__', type(value).__name__)}"

print(json.dumps({
    module: {name: place(getattr(importlib.import_module(module), name))
             for name in dir(importlib.import_module(module)) if not name.startswith("_")}
    for module in sys.argv[1:]
}))
"""

# Prints the handlers of each event that a call emits, in their order. A client's own name differs in each process.
HANDLERS = """
import json
import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config

client, handlers = boto3.client("cognito-idp", "eu-west-1", config=Config(signature_version=UNSIGNED)), {}
emitter = client.meta.events._emitter
search = emitter._handlers.prefix_search

def searched(event):
    found = list(search(event))
    handlers[event] = [f"{each.__module__} {getattr(each, '__qualname__', '')}" for each in found]
    return found

emitter._lookup_cache.clear()
emitter._handlers.prefix_search = searched
answer = AWSResponse("", 200, {}, type("Raw", (), {"stream": lambda self, **_: iter([b"{}"])})())
client.meta.events.register("before-send", lambda **_: answer)
client.get_device(AccessToken="a", DeviceKey="b_c")
print(json.dumps(handlers))
"""

# Starts the function, and prints for each changed module which of the deferred imports nothing else has made.
SPARED = """
import ast, importlib.util, json, sys

sys.path.insert(0, sys.argv[1])
import devices.app

def origin(statement, package):
    if isinstance(statement, ast.Import):
        return statement.names[0].name
    return importlib.util.resolve_name("." * statement.level + statement.module, package)

spared = {}
for name in sys.argv[2:]:
    module = sys.modules[name]
    imports = [ast.parse(source).body[0] for source in module._DEFERRED.values()]
    spared[name] = sorted({origin(each, module.__package__) for each in imports} - sys.modules.keys())
print(json.dumps(spared))
"""


def _name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


# The modules with deferred imports, by their names.
DEFERRING = [_name(path) for path in patches.DEFERRED]


@pytest.fixture(scope="module")
def foreign_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a layer for arm64, which most machines that run the tests are not."""
    return build_layer(tmp_path_factory.mktemp("arm64"), "arm64")


def files_of(layer: Path) -> list[Path]:
    return sorted(path for path in layer.rglob("*") if path.is_file())


def zipped(layer: Path) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files_of(layer):
            archive.write(path, path.relative_to(layer))
    return buffer.getvalue()


def test_two_builds_give_the_same_bytes_and_mtimes(layer: Path, tmp_path: Path, machine: str) -> None:
    again = build_layer(tmp_path / "another", machine)

    assert hashlib.sha256(zipped(again)).hexdigest() == hashlib.sha256(zipped(layer)).hexdigest()


@pytest.mark.parametrize("which", ["layer", "foreign_layer"])
def test_it_is_small_and_has_only_files_that_the_function_reads(which: str, request: pytest.FixtureRequest) -> None:
    layer: Path = request.getfixturevalue(which)
    files = files_of(layer)

    assert sum(path.stat().st_size for path in files) < 15e6
    assert len(zipped(layer)) < 5e6
    assert {path.suffix for path in files} == {".pyc", ".so", ".json", ".0"}
    assert [path for path in layer.rglob("*") if path.is_dir() and not any(path.iterdir())] == []


def test_the_architectures_differ_only_in_machine_code(layer: Path, foreign_layer: Path) -> None:
    def names(of: Path) -> list[str]:
        return [str(path.relative_to(of)) for path in files_of(of) if path.suffix != ".so"]

    assert names(layer) == names(foreign_layer)
    modules = {path.name for path in files_of(foreign_layer) if path.suffix == ".so"}
    assert modules == {"_pydantic_core.cpython-313-aarch64-linux-gnu.so"}


def test_bytecode_is_never_checked_against_sources_and_names_lambdas_folder(layer: Path) -> None:
    unchecked = (0b01).to_bytes(4, "little")  # PEP 552

    for path in layer.rglob("*.pyc"):
        assert path.read_bytes()[4:8] == unchecked, path
    assert b"/opt/python/botocore/client.py" in (layer / "botocore/client.pyc").read_bytes()


def test_each_region_has_the_endpoints_that_the_full_botocore_gives_it(layer: Path) -> None:
    partitions = run(f"import json; print(open('{_data('endpoints.json')}').read())", None)["partitions"]
    regions = [*(region for partition in partitions for region in partition["regions"]), "us-east-99", "mars-1"]

    urls: dict[str, Any] = run(ENDPOINTS, layer, *regions)

    assert urls == run(ENDPOINTS, None, *regions)
    assert urls["us-east-1 {}"] == "https://cognito-idp.us-east-1.amazonaws.com/"
    assert urls["cn-north-1 {}"].endswith(".amazonaws.com.cn/")
    assert len(partitions) > 3


def test_deferred_names_have_the_values_that_they_have_without_deferral(layer: Path) -> None:
    names = run(NAMES, layer, *DEFERRING)

    installed = run(NAMES, None, *DEFERRING)
    for module in DEFERRING:
        assert names[module].items() >= {k: v for k, v in installed[module].items() if k in names[module]}.items()
        offered = {name for name, place in installed[module].items() if not place.endswith(" module")}
        assert names[module].keys() >= offered, module


def test_it_trusts_the_authorities_that_botocore_trusts(layer: Path) -> None:
    files = [*(layer / "botocore/cacert").iterdir()]

    assert {ssl.PEM_cert_to_DER_cert(file.read_text()) for file in files} == set(
        ssl.create_default_context(cafile=str(Path(botocore.__file__).with_name("cacert.pem"))).get_ca_certs(
            binary_form=True
        )
    )
    assert not (layer / "botocore/cacert.pem").exists()


def test_a_call_has_the_handlers_that_it_has_in_the_full_botocore(layer: Path) -> None:
    handlers = run(HANDLERS, layer)

    assert handlers == run(HANDLERS, None)
    assert "botocore.handlers add_retry_headers" in handlers["request-created.cognito-identity-provider.GetDevice"]


def test_each_deferral_spares_the_functions_init_its_imports(layer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "__all__")  # as template.yaml does: plugins are found by metadata

    spared = run(SPARED, layer, str(sam_cli.PROJECT / "functions"), *DEFERRING)

    assert [module for module in DEFERRING if not spared[module]] == [], "drop these entries from patches.py"
    for module, origins in patches.DEFERRED.items():
        assert origins == () or len(spared[_name(module)]) == len(origins), module


def _data(name: str) -> Path:
    return Path(botocore.__file__).parent / "data" / name
