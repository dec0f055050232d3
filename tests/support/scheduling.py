"""How `make test` divides the tests among its processes."""

from pathlib import PurePosixPath
from typing import override

from xdist.scheduler import LoadScopeScheduling

# The tests of each group use one deployment, emulator or build, which takes longer to make than most of them.
_GROUPS = {
    "tests/e2e/test_make_run.py": "make run",  # needs no deployment
    # These two take long enough to get a local cloud of their own.
    "tests/e2e/page": "page",
    "tests/e2e/test_sam_local.py": "sam local",
    "tests/e2e": "local cloud",
    "tests/integration/devices/test_records.py": "layer",
    "tests/integration/layers": "layer",
    "tests/integration/local": "emulator",
    "tests/integration/test_conditions.py": "emulator",
    "tests/integration/tools/test_bench.py": "build",
    "tests/integration/tools/test_load.py": "build",
}


class ByResource(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Run the tests of a group in one process, and those of any other module in one process too."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        path = PurePosixPath(nodeid.partition("::")[0])
        return next((group for place, group in _GROUPS.items() if path.is_relative_to(place)), str(path))
