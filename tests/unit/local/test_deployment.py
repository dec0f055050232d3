import platform

import pytest

from local import deployment


def test_a_processor_that_lambda_does_not_have_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(deployment.DeploymentError, match="Lambda knows no riscv64 processor"):
        deployment.build(tmp_path_factory.mktemp("local"))
