"""The variants, and how each is packaged: a folder for /var/task, and one for /opt/python if it has a layer."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from local import sam_cli

_HANDLERS = Path(__file__).parent / "handlers"
_REQUIREMENTS = sam_cli.PROJECT / "tools/requirements"
_LAYER_REQUIREMENTS = sam_cli.PROJECT / "layers/dependencies/requirements.txt"

OURS = "ours"
PLAIN = "plain wheels"
FASTAPI = "FastAPI + Mangum"
BARE = "bare boto3"
RAW = "raw urllib3"
EMPTY = "empty handler"


@dataclass(frozen=True)
class Variant:
    """A packaged function.

    Attributes
    ----------
    task : Path
        What Lambda has in /var/task.
    layer : Path or None
        What Lambda has in /opt/python.
    """

    name: str
    handler: str
    task: Path
    layer: Path | None = None

    def sizes(self) -> dict[str, float]:
        """Return the function's and the layer's sizes in MB (10^6 bytes), unzipped and zipped."""
        layer = _size(self.layer) if self.layer else (0.0, 0.0)
        task = _size(self.task)
        return {
            "package_mb": round(task[0] + layer[0], 3),
            "package_zip_mb": round(task[1] + layer[1], 3),
            "layer_mb": round(layer[0], 3),
            "layer_zip_mb": round(layer[1], 3),
        }


def package(directory: Path) -> list[Variant]:
    """Package all variants in a folder, anew.

    Raises
    ------
    SamCliError
        The SAM CLI or uv failed.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    packages: list[tuple[str, Callable[[str, Path], Variant]]] = [
        (OURS, ours),
        (PLAIN, _plain),
        (FASTAPI, _fastapi),
        (BARE, _by_hand("bare_boto3")),
        (RAW, _by_hand("raw_urllib3")),
        (EMPTY, _by_hand("empty")),
    ]
    return [make(name, directory / folder_name(name)) for name, make in packages]


def folder_name(name: str) -> str:
    """Return a variant's name as a file system likes it."""
    return name.lower().replace(" + ", "-").replace(" ", "-")


def runtime(directory: Path) -> Path:
    """Return a folder that stands for Lambda's /var/runtime: the runtime client and boto3, with bytecode as there."""
    _install(_REQUIREMENTS / "bench-runtime.txt", directory)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(directory)], check=True)
    return directory


def ours(name: str, folder: Path) -> Variant:
    """Build what `make build` builds, for this machine's architecture."""
    folder.mkdir()
    build = folder / "build"
    sam_cli.build(build, folder / "build.log")
    return Variant(
        name, "devices.app.lambda_handler", build / "DevicesFunction", build / "DependenciesLayer" / "python"
    )


def _plain(name: str, folder: Path) -> Variant:
    """Package the same source the usual way: wheels as they are, nothing compiled."""
    task = folder / "task"
    shutil.copytree(sam_cli.PROJECT / "functions", task, ignore=shutil.ignore_patterns("__pycache__", "Makefile"))
    return Variant(name, "devices.app.lambda_handler", task, _install(_LAYER_REQUIREMENTS, folder / "layer"))


def _fastapi(name: str, folder: Path) -> Variant:
    layer = _install(_REQUIREMENTS / "bench-fastapi.txt", folder / "layer")
    return _task_of("fastapi_mangum", name, folder, layer)


def _by_hand(module: str) -> Callable[[str, Path], Variant]:
    return lambda name, folder: _task_of(module, name, folder, None)


def _task_of(module: str, name: str, folder: Path, layer: Path | None) -> Variant:
    task = folder / "task"
    task.mkdir(parents=True)
    for file in (f"{module}.py", "view.py"):
        shutil.copy(_HANDLERS / file, task)
    return Variant(name, f"{module}.handler", task, layer)


def _install(requirements: Path, folder: Path) -> Path:
    # Copies, as in a layer: what is linked to is uv's cache, which may have bytecode.
    command = ["pip", "install", "--quiet", "--link-mode", "copy", "--require-hashes", "--only-binary", ":all:"]
    finished = subprocess.run(
        [sam_cli.uv(), *command, "--python", sys.executable, "--target", str(folder), "-r", str(requirements)],
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise sam_cli.SamCliError(f"uv pip install -r {requirements} failed: {finished.stderr.strip()}")
    return folder


def _size(folder: Path) -> tuple[float, float]:
    zipped = BytesIO()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:  # as the SAM CLI does
        for path in files:
            archive.writestr(str(path.relative_to(folder)), path.read_bytes())
    return sum(path.stat().st_size for path in files) / 1e6, len(zipped.getvalue()) / 1e6
