"""The errors that end a measurement; the text of each is a sentence for the developer."""


class BenchError(Exception):
    """A variant could not be measured."""


class LoadError(BenchError):
    """The function or the load generator did not behave as expected."""
