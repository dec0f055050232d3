"""What `python -m local.transform` prints and rejects; tests/integration/test_versions.py tests the template itself."""

import json

import pytest

from tests.support.local_cloud import start


def test_it_prints_a_template_without_a_transform() -> None:
    output, errors = start("local.transform", "LogLevel=DEBUG").communicate(timeout=60)

    assert errors == ""
    assert "Transform" not in json.loads(output)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["LogLevel"], "'LogLevel' is not of the form NAME=VALUE"),
        (["Loglevel=DEBUG"], "The template has no parameter called Loglevel: there are UserPoolArn, "),
        (["--artifact", "Api=s3://a/b"], "no resource that is built called Api: there are DevicesFunction, Dep"),
    ],
)
def test_names_that_the_template_lacks_are_rejected(arguments: list[str], message: str) -> None:
    process = start("local.transform", *arguments)
    output, errors = process.communicate(timeout=60)

    assert (process.returncode, output) == (2, "")
    assert message in errors
