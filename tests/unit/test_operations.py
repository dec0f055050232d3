"""docs/operations.md: who is woken by an alarm finds what it means."""

import re

from tests.support.local_cloud import PROJECT
from tests.support.template import ALARMS, PARAMETERS

TEXT = (PROJECT / "docs/operations.md").read_text()


def test_each_alarm_is_explained_under_its_name() -> None:
    headings = re.findall(r"^### (\w+Alarm)$", TEXT, re.MULTILINE)

    assert sorted(headings) == sorted(ALARMS)
    for name, alarm in ALARMS.items():
        assert f"docs/operations.md, {name}." in alarm["AlarmDescription"]


def test_each_parameter_that_is_named_exists() -> None:
    named = set(re.findall(r"`([A-Z][A-Za-z]+)[=`]", TEXT))

    assert named - set(PARAMETERS) == {
        "UpdateUserPool",
        "UsernameConfiguration",
        "SetUserPoolMfaConfig",
        "DeleteUserPool",
        "UserResourceRead",
        "UserResourceUpdate",
        "DashboardUrl",
        "STACK",
    }
