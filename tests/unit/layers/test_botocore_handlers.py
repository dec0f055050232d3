"""Which of botocore's handlers the layer keeps."""

import ast

import pytest
from botocore_handlers import keep_own

SOURCE = """
def handle(**_): pass

BUILTIN_HANDLERS = [
    ('before-call', handle),
    ('before-call.s3', handle),
    ('before-call.*.Get', handle),
    ('docs.*.s3.complete-section', handle),
    ('choose-signer.cognito-identity.GetId', handle),
    ('choose-signer.cognito-idp.GetDevice', handle),
    ('after-call.cognito-identity-provider', handle, 1),
]
"""


def test_only_the_events_of_all_services_and_of_user_pools_keep_handlers() -> None:
    module = ast.parse(keep_own(SOURCE))

    (handlers,) = [each.value for each in module.body if isinstance(each, ast.Assign)]
    assert ast.unparse(handlers) == (
        "[('before-call', handle), ('before-call.*.Get', handle), ('choose-signer.cognito-idp.GetDevice', handle), "
        "('after-call.cognito-identity-provider', handle, 1)]"
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("HANDLERS = []", "no list BUILTIN_HANDLERS"),
        ("BUILTIN_HANDLERS = ()", "no list BUILTIN_HANDLERS"),
        ("BUILTIN_HANDLERS = [handle]", "no event in handle"),
        ("BUILTIN_HANDLERS = [(EVENT, handle)]", r"no event in \(EVENT, handle\)"),
    ],
)
def test_another_form_of_the_list_is_an_error(source: str, message: str) -> None:
    with pytest.raises(LookupError, match=message):
        keep_own(source)
