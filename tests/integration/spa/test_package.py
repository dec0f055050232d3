"""The client's npm package, installed from its tarball: in an app of Vite, in Node, and in a page without a build."""

import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.browsers import chromium
from tests.support.local_cloud import NODE, PROJECT
from tests.support.processes import output_of

PACKAGE = "cognito-device-api-client"
NPM = str(PROJECT / ".tools/node/bin/npm")
NODE_MODULES = PROJECT / "tests/spa/node_modules"
TOOLS = ("@types", "@vitejs", "aws-amplify", "react", "react-dom", "vite")
# More than one list page
NAMES = ["Mozilla/5.0 (X11; Linux x86_64; rv:105.0) Gecko/20100101 Firefox/105.0", *(f"Phone {n}" for n in range(64))]
SHOWN = ["Firefox on Linux", *NAMES[1:]]
# A constant of bowser
BOWSER = "amazon_silk"


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and lists the devices to whoever has the token."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path != "/v1/devices":
            return super().do_GET()
        assert self.headers["Authorization"] == "Bearer token-1"
        start = int(parse_qs(url.query).get("nextToken", ["0"])[0])
        devices = [{"deviceKey": f"us-east-1_{n}", "name": name, "current": n == 0} for n, name in enumerate(NAMES)]
        following = str(start + 60) if start + 60 < len(NAMES) else None
        body = json.dumps({"devices": devices[start : start + 60], "nextToken": following}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder and the API while the block runs; give its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def tarball() -> Path:
    """Return what `make package` packs for a user whose new files are private."""
    return PROJECT / output_of(["make", "package"], cwd=PROJECT, timeout=120, umask=0o077).splitlines()[-1]


def test_everybody_may_read_the_files_of_the_package(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        assert {oct(file.mode) for file in archive} == {"0o644"}


@pytest.fixture(scope="module")
def app(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an app that has installed the package as its developer does, without the network."""
    folder = tmp_path_factory.mktemp("app")
    shutil.copytree(PROJECT / "tests/spa/package-app", folder, dirs_exist_ok=True)
    shutil.copy(tarball, folder / "x.tgz")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    offline = ("--offline", "--no-audit", "--no-fund", "--cache", str(folder / "cache"))
    output_of([NPM, "install", *offline, "./x.tgz"], cwd=folder, timeout=60)
    for name in TOOLS:
        (folder / "node_modules" / name).symlink_to(NODE_MODULES / name)
    return folder


def node(folder: Path, *arguments: str) -> str:
    """Run a program of the tests' packages in a folder; return what it printed."""
    script, *rest = arguments
    return output_of([NODE, str(NODE_MODULES / script), *rest], cwd=folder, timeout=120)


def shown(url: str, script: Path | None = None) -> list[str]:
    """Open a page; return the list that it shows, once it has each device."""
    with chromium() as browser:
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        if script:
            page.add_init_script(path=script)
        page.goto(url)
        try:
            page.locator("li").nth(len(NAMES) - 1).wait_for(timeout=10_000)
        finally:
            assert errors == []
        return page.locator("li").all_text_contents()


@pytest.mark.parametrize("resolution", ["Bundler", "NodeNext"])
def test_an_app_in_strict_typescript_gets_the_types(app: Path, resolution: str) -> None:
    module = "ESNext" if resolution == "Bundler" else resolution

    node(app, "typescript/bin/tsc", "--module", module, "--moduleResolution", resolution)


def test_the_code_of_the_readme_fits_the_strict_types(app: Path) -> None:
    readme = (app / "node_modules" / PACKAGE / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```js\n(.*?)```", readme, re.DOTALL)
    given = "const signal = AbortSignal.abort(), aYearAgo = 0, showProgress = (done = 0, total = 0) => done / total;\n"
    (app / "readme.js").write_text("".join([*code[:1], given, *code[1:]]), encoding="utf-8")

    # Amplify's own types need skipLibCheck
    node(
        app,
        *(
            "typescript/bin/tsc",
            "--strict",
            "--allowJs",
            "--checkJs",
            "--noEmit",
            "--skipLibCheck",
            "--lib",
            "ES2022,DOM",
        ),
        *("--target", "ES2022", "--module", "ESNext", "--moduleResolution", "Bundler", "--types", "node", "readme.js"),
    )

    assert "forgetOthers" in code[1]


def test_an_app_of_vite_and_react_shows_the_devices(app: Path) -> None:
    # When
    node(app, "vite/bin/vite.js", "build", "--outDir", "built")

    # Then
    (bundle,) = (app / "built/assets").glob("*.js")
    assert BOWSER in bundle.read_text(encoding="utf-8")
    with serving(app / "built") as url:
        assert shown(f"{url}/index.html") == SHOWN


def test_bundlers_leave_out_what_an_app_does_not_use(app: Path) -> None:
    # Given an app that names no devices
    shutil.copytree(app, app / "slim", symlinks=True, ignore=shutil.ignore_patterns("built"))
    shutil.copy(app / "slim.html", app / "slim/index.html")

    # When
    node(app / "slim", "vite/bin/vite.js", "build", "--outDir", "built")

    # Then
    (bundle,) = (app / "slim/built/assets").glob("*.js")
    text = bundle.read_text(encoding="utf-8")
    assert "nextToken" in text
    assert BOWSER not in text


def test_a_page_without_a_build_shows_the_devices_in_an_old_browser(app: Path) -> None:
    with serving(app) as url:
        assert shown(f"{url}/plain.html", PROJECT / "tests/spa/baseline-2022.js") == SHOWN


def test_node_lists_the_devices(app: Path) -> None:
    """With the oldest supported version, if the machine has it."""
    installed = shutil.which("node") or NODE
    is_oldest = output_of([installed, "--version"]).startswith("v20.")

    with serving(app) as url:
        command = [installed if is_oldest else NODE, "list.mjs"]
        printed = output_of(command, cwd=app, env={"API_URL": f"{url}/v1"}, timeout=60)

    assert printed.splitlines() == SHOWN


@pytest.mark.parametrize(
    ("environment", "repository"),
    [
        ({}, None),
        (
            {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "owner/name"},
            {"type": "git", "url": "git+https://github.com/owner/name.git", "directory": "spa/client"},
        ),
    ],
)
def test_a_workflow_packs_the_address_of_its_repository(
    environment: dict[str, str], repository: object, tmp_path: Path
) -> None:
    """So a fork's package names the fork. npm refuses one that does not name the repository of its workflow."""
    output_of([NODE, "spa/package.mjs", str(tmp_path)], cwd=PROJECT, env=environment, timeout=60)

    manifest = json.loads((tmp_path / "package.json").read_text())
    assert manifest.get("repository") == repository
    assert "private" not in manifest


def test_the_package_is_written_only_to_a_folder_that_the_caller_names(tmp_path: Path) -> None:
    packing = [NODE, str(PROJECT / "spa/package.mjs")]

    failed = subprocess.run(packing, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert failed.returncode != 0
    assert "Name the folder to write to" in failed.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_package_has_the_licenses_of_what_it_contains(app: Path) -> None:
    folder = app / "node_modules" / PACKAGE

    assert (folder / "LICENSE").read_text() == (PROJECT / "LICENSE").read_text()
    assert "Dustin Diaz" in (folder / "LICENSE-bowser").read_text()
    assert "forgetOthers" in (folder / "README.md").read_text()


def test_bundlers_find_the_copyright_of_bowser_before_its_code(app: Path) -> None:
    """webpack drops a comment at the end of a file."""
    code = (app / "node_modules" / PACKAGE / "device-name.js").read_text(encoding="utf-8")

    assert code.index("MIT License | (c) Dustin Diaz") < code.index(BOWSER)
