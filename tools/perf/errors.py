"""The errors that end a measurement; the text of each is a sentence for the developer."""


class BenchError(Exception):
    """A variant could not be measured."""


class LoadError(BenchError):
    """The function, or what loads it, did not do what it should."""
