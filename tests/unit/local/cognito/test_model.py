"""Which operations of Cognito browsers may call: those that need no signature, in botocore's service model."""

from botocore.loaders import Loader

from local.cognito.model import unsigned_operations
from local.cognito.operations import OPERATIONS


def test_they_are_those_that_the_service_model_marks() -> None:
    operations = Loader().load_service_model("cognito-idp", "service-2")["operations"]

    marked = {name for name, operation in operations.items() if operation.get("auth") == ["smithy.api#noAuth"]}
    assert unsigned_operations() == marked


def test_they_are_what_users_call_and_not_what_administrators_call() -> None:
    unsigned = unsigned_operations()

    assert {name for name, operation in OPERATIONS.items() if not operation.admin} < unsigned
    assert {"InitiateAuth", "RespondToAuthChallenge", "GetUser", "GlobalSignOut"} < unsigned
    assert not [name for name in unsigned if name.startswith(("Admin", "Create", "Describe")) or "UserPool" in name]
