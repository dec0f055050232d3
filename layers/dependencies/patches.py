"""The changes to the libraries' sources: which module changes, and how.

They spare cold starts what the function never uses: documentation, S3, other kinds of events, types for type checkers.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from botocore_handlers import keep_own
from deferred import defer_imports
from typed_dicts import drop_fields

# Module -> the modules whose import it defers; empty for all of its imports.
DEFERRED: dict[str, tuple[str, ...]] = {
    "aws_lambda_powertools/event_handler/__init__.py": (),
    "aws_lambda_powertools/event_handler/openapi/__init__.py": (),
    "aws_lambda_powertools/utilities/data_classes/__init__.py": (),
    "boto3/resources/action.py": ("boto3.docs.docstring",),
    "boto3/resources/collection.py": ("..docs",),
    "boto3/resources/factory.py": ("..docs",),
    "botocore/compat.py": ("dateutil.tz",),
    "botocore/credentials.py": ("dateutil.parser", "dateutil.tz"),
    "botocore/docs/__init__.py": ("botocore.docs.service",),
    "botocore/docs/docstring.py": (),
    "botocore/tokens.py": ("dateutil.parser", "dateutil.tz"),
    "botocore/utils.py": ("dateutil.parser", "dateutil.tz"),
    "pydantic/plugin/_loader.py": ("importlib.metadata",),
    "s3transfer/compat.py": ("multiprocessing.managers",),
    "urllib3/http2/__init__.py": ("importlib.metadata",),
}

# Only type checkers read its fields' types, and evaluating them takes a fifteenth of a cold start.
TYPED_DICTS = "pydantic_core/core_schema.py"


# botocore/session.py registers its handlers.
HANDLERS = "botocore/handlers.py"

# Module -> what changes its source.
CHANGES: dict[str, Callable[[str], str]] = {
    **{module: partial(defer_imports, origins=origins) for module, origins in DEFERRED.items()},
    TYPED_DICTS: drop_fields,
    HANDLERS: keep_own,
}


def apply(folder: Path) -> None:
    """Change the libraries that are installed in `folder`.

    Raises
    ------
    LookupError
        A module is missing, or cannot be changed as listed; the message names the module and the reason.
    """
    for module, change in CHANGES.items():
        path = folder / module
        try:
            path.write_text(change(path.read_text()))
        except (FileNotFoundError, LookupError) as error:
            raise LookupError(f"{path}: {error}") from None
