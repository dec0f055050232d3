"""Commands of tools/, run within the tests' process."""

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO


def printed(main: Callable[[list[str]], int], *arguments: str) -> str:
    """Run a command that must succeed; return what it printed to standard output.

    A failed assertion shows all of its output.
    """
    with redirect_stdout(StringIO()) as output, redirect_stderr(StringIO()) as errors:
        code = main(list(arguments))
    assert code == 0, f"exit code {code}\n{errors.getvalue()}\n{output.getvalue()}"
    return output.getvalue()
