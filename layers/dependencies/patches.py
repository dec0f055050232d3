"""The changes to the libraries' sources: which module changes, and how.

They spare cold starts what the function never uses: documentation, S3, other kinds of events, types for type checkers.

The comment of an entry says how many more instructions an init takes without it, in percent. Under a common comment,
all entries are needed, because each alone spares next to nothing. An entry that spares less than 0.2 % is not worth its
line. Without any, an init takes 31 % more. Measured on 2026-11-26; `make bench-imports` measures it again.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from botocore_handlers import keep_own
from deferred import defer_imports
from typed_dicts import drop_fields

# Module -> the modules whose import is deferred; empty for all from which it imports names.
DEFERRED: dict[str, tuple[str, ...]] = {
    "aws_lambda_powertools/event_handler/__init__.py": (),  # 4.9 %
    "aws_lambda_powertools/utilities/data_classes/__init__.py": (),  # 4.8 %
    "s3transfer/compat.py": ("multiprocessing.managers",),  # 3.9 %
    # boto3's and botocore's documentation
    "boto3/resources/action.py": ("boto3.docs.docstring",),  # 3.3 %
    "boto3/resources/collection.py": ("..docs",),  # 3.3 %
    "boto3/resources/factory.py": ("..docs",),  # 3.4 %
    "botocore/docs/__init__.py": ("botocore.docs.service",),  # 2.6 %
    "botocore/docs/docstring.py": (),  # 2.5 %
    # All imports of dateutil
    "botocore/compat.py": ("dateutil.tz",),  # 1.0 %
    "botocore/credentials.py": ("dateutil.parser", "dateutil.tz"),  # 1.7 %
    "botocore/tokens.py": ("dateutil.parser", "dateutil.tz"),  # 1.5 %
    "botocore/utils.py": ("dateutil.parser", "dateutil.tz"),  # 1.6 %
    # All imports of importlib.metadata
    "pydantic/plugin/_loader.py": ("importlib.metadata",),  # 1.7 %
    "urllib3/http2/__init__.py": ("importlib.metadata",),  # 1.7 %
}

# Only type checkers read its fields' types.
TYPED_DICTS = "pydantic_core/core_schema.py"  # 7.3 %

# botocore/session.py registers its handlers.
HANDLERS = "botocore/handlers.py"  # 5.0 %

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
