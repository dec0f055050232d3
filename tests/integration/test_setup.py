"""What `make` installs, with the project's Makefile, uv and npm, and packages that the tests make."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from hashlib import sha256, sha512
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest

from tests.support.certificates import create_server
from tests.support.local_cloud import PROJECT
from tests.support.scripts import script

UV = PROJECT / ".tools/bin/uv"
MARK = ".tools/local/.installed"
REQUIREMENTS = "tools/requirements/local.txt"
PACKAGE = ".tools/local/lib/python3.13/site-packages/tiny"
IMPORTS = [".tools/local/bin/python", "-c", "import tiny; print(tiny.NAME)"]
NODE_MODULES = "tests/spa/node_modules"
# The ends of an installation that leave the package's folder empty. "fails" stands for a full disk.
ENDS = {"fails": "exit 1", **{name: f"kill -{name} 0" for name in ("INT", "TERM", "KILL")}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the Makefile, uv, node, and one Python package and one npm package to install."""
    project = tmp_path / "project"
    for path in [
        ".python-version",
        "Makefile",
        "samconfig.toml",
        "tools/requirements/uv.txt",
        "tools/requirements/node.txt",
    ]:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / path, project / path)
        os.utime(project / path, (0, 0))  # what is installed is newer
    for path in [".tools/bin", ".tools/node"]:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).symlink_to(PROJECT / path)
    require(project, wheel(tmp_path))
    return project


def wheel(folder: Path) -> Path:
    """Write a wheel with the package `tiny`."""
    path = folder / "tiny-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as file:
        file.writestr("tiny/__init__.py", "NAME = 'tiny'")
        file.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        file.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("tiny-1.0.dist-info/RECORD", "")
    return path


def require(project: Path, package: Path) -> None:
    digest = sha256(package.read_bytes()).hexdigest()
    (project / REQUIREMENTS).write_text(f"tiny @ {package.as_uri()} --hash=sha256:{digest}\n")


def make(project: Path, target: str = MARK, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", target, *options],
        cwd=project,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # so that `kill 0` ends make and what it started, and not the tests
    )


def imported(project: Path) -> str:
    return subprocess.run(IMPORTS, cwd=project, capture_output=True, text=True, check=False).stdout


def interrupting(folder: Path, end: str) -> str:
    """Return an option of make for a uv that installs, empties the package's folder, and ends everything."""
    return "UV=" + script(
        folder / "uv", f'#!/bin/sh\n"{UV}" "$@"\nif [ "$1" = pip ]; then rm {PACKAGE}/*; {ENDS[end]}; fi\n'
    )


@pytest.mark.parametrize("end", ENDS)
def test_an_interrupted_installation_is_repaired(end: str, project: Path, tmp_path: Path) -> None:
    # Given
    assert make(project, MARK, interrupting(tmp_path, end)).returncode != 0
    assert imported(project) == ""
    # When
    assert make(project).returncode == 0
    # Then
    assert imported(project) == "tiny\n"


def test_an_interrupted_upgrade_is_repaired_if_the_requirements_are_restored(project: Path, tmp_path: Path) -> None:
    """A copy may have the old date, so that the mark of the first installation would be newer."""
    # Given
    make(project)
    os.utime(project / MARK, (1, 1))
    assert make(project, MARK, interrupting(tmp_path, "KILL")).returncode != 0
    os.utime(project / REQUIREMENTS, (0, 0))
    # When
    assert make(project).returncode == 0
    # Then
    assert imported(project) == "tiny\n"


@pytest.mark.parametrize("end", ENDS)
def test_an_interrupted_installation_of_uv_is_repaired(end: str, project: Path, tmp_path: Path) -> None:
    # Given a machine whose pip writes half of uv before the end
    (project / ".tools/bin").unlink()
    pip = script(
        tmp_path / "pip",
        f'#!/bin/sh\nprintf half >"${{0%/*}}/uv"\n[ -e again ] || {ENDS[end]}\nprintf whole >"${{0%/*}}/uv"\n',
    )
    venv = 'for folder; do :; done; mkdir -p "$folder/bin"; cp'  # the last argument is the folder
    python = script(tmp_path / "python3", f'#!/bin/sh\n{venv} {pip} "$folder/bin/python"\n')
    assert make(project, ".tools/bin/uv", f"python3={python}").returncode != 0
    # When
    (project / "again").touch()
    assert make(project, ".tools/bin/uv", f"python3={python}").returncode == 0
    # Then
    assert (project / ".tools/bin/uv").read_text() == "whole"


def test_an_environment_without_its_python_is_installed_again(project: Path) -> None:
    # Given
    make(project)
    python = project / ".tools/local/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3.13")
    # When
    assert make(project).returncode == 0
    # Then
    assert imported(project) == "tiny\n"


def test_a_second_make_waits_for_the_first_and_does_not_install_again(project: Path, tmp_path: Path) -> None:
    # Given a make that waits during its installation
    gate, calls = tmp_path / "gate", tmp_path / "calls"
    os.mkfifo(gate)
    uv = script(tmp_path / "uv", f'#!/bin/sh\necho "$1" >>{calls}\n[ "$1" = venv ] && cat {gate}\nexec "{UV}" "$@"\n')
    start = partial(subprocess.Popen, ["make", MARK, f"UV={uv}"], cwd=project, stderr=subprocess.PIPE, text=True)
    with start() as first:
        with gate.open("w"):
            # When a second make comes
            second = start()
            assert second.stderr
            waits = second.stderr.readline()
        second.communicate(timeout=60)
    # Then it waits, and finds everything installed
    assert waits == f"waiting for another process that installs {REQUIREMENTS} into .tools/local\n"
    assert (first.returncode, second.returncode) == (0, 0)
    assert calls.read_text().split() == ["python", "venv", "pip"]
    assert imported(project) == "tiny\n"


@pytest.mark.parametrize("shim", [None, "#!/bin/sh\necho pyenv: version 3.13 is not installed >&2; exit 127\n"])
def test_the_error_says_how_to_install_a_missing_python(shim: str | None, project: Path, tmp_path: Path) -> None:
    # Given a machine whose only Python is, if any, a version that pyenv does not have
    commands = tmp_path / "commands"
    commands.mkdir()
    for command in ("bash", "find", "flock", "mkdir", "rm", "sed"):
        (commands / command).symlink_to(str(shutil.which(command)))
    if shim:
        script(commands / "python3.13", shim)
    machine = {"PATH": str(commands), "UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON_INSTALL_DIR": str(tmp_path)}
    # When
    ran = subprocess.run(
        [str(shutil.which("make")), MARK], cwd=project, env=machine, capture_output=True, text=True, check=False
    )
    # Then
    _, error, _ = ran.stderr.splitlines()  # between what make does, and make's own line
    assert error.startswith("Python 3.13 is missing: install it (Debian 13: apt-get install python3.13, pyenv: pyenv")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and logs nothing."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def registry(project: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A registry of npm packages with a certificate of a company's own authority; yields npm's settings.

    The project depends on the one package that it has.
    """
    content = tmp_path / "registry"
    (content / "package").mkdir(parents=True)
    (content / "package/package.json").write_text('{"name": "tiny", "version": "1.0.0"}')
    with tarfile.open(content / "tiny.tgz", "w:gz") as file:
        file.add(content / "package", "package")
    integrity = "sha512-" + b64encode(sha512((content / "tiny.tgz").read_bytes()).digest()).decode()
    server = create_server(tmp_path)
    with HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(content))) as served:
        served.socket = server.context.wrap_socket(served.socket, server_side=True)
        url = f"https://localhost:{served.server_port}"
        version = {"name": "tiny", "version": "1.0.0", "dist": {"tarball": f"{url}/tiny.tgz", "integrity": integrity}}
        (content / "tiny").write_text(json.dumps({"name": "tiny", "versions": {"1.0.0": version}}))
        needs = {"name": "spa", "dependencies": {"tiny": "1.0.0"}}
        locked = {"": needs, "node_modules/tiny": {"version": "1.0.0", "integrity": integrity}}
        (project / "tests/spa").mkdir(parents=True)
        (project / "tests/spa/package.json").write_text(json.dumps(needs))
        (project / "tests/spa/package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": locked}))
        Thread(target=served.serve_forever).start()
        yield {"npm_config_registry": url, "npm_config_cache": str(tmp_path / "npm"), "authority": str(server.bundle)}
        served.shutdown()


def test_npm_trusts_the_certificates_that_the_machine_trusts(
    project: Path, registry: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company's proxy has a certificate of the company's own authority, which node's own list lacks."""
    for name in ("NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA", "SSL_CERT_DIR", "npm_config_cafile"):
        monkeypatch.delenv(name, raising=False)
    # OpenSSL's name for the machine's list, so that the test need not change the machine
    machine = {"SSL_CERT_FILE": registry.pop("authority")}
    settings = {"npm_config_fetch_retries": "0", "npm_config_userconfig": os.devnull}

    ran = make(project, f"{NODE_MODULES}/.installed", **registry, **machine, **settings)

    assert (ran.returncode, ran.stderr.splitlines()[1:]) == (0, [])
    assert (project / NODE_MODULES / "tiny/package.json").exists()


@pytest.fixture
def read_only(project: Path) -> Iterator[Path]:
    """The project as another user's, so that root may not write there either."""
    moved = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    shutil.copy(project / "Makefile", moved)
    moved.chmod(0o555)
    yield moved
    moved.chmod(0o755)
    shutil.rmtree(moved)


@pytest.mark.parametrize("target", ["run", "invoke", "start-api", "build", "test"])
def test_a_read_only_checkout_is_one_sentence(target: str, read_only: Path) -> None:
    nobody: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}

    ran = subprocess.run(
        ["make", target],
        cwd=read_only,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},  # make translates "Stop."
        **nobody,
    )

    assert ran.returncode == 2
    assert ran.stderr.endswith(f"{read_only} is read-only: copy it to a folder that you can write to.  Stop.\n")
    assert len(ran.stderr.splitlines()) == 1
