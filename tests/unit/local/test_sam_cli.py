"""What the local cloud asks of the machine."""

import platform

import pytest

from local import sam_cli


def test_a_processor_that_lambda_lacks_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(sam_cli.SamCliError, match="Lambda has no riscv64 processors"):
        sam_cli.architecture()
