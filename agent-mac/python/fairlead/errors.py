"""The package's one exception family. Every error has a code that the agent passes on, and most name a field."""


class FairleadError(Exception):
    """A failure that the caller can act on.

    `code` is a stable name (`InvalidModel`, `UnknownTensor`, `Cancelled`, …), `field` the part of the input at fault, or None.
    """

    code = "Internal"

    def __init__(self, message: str, field: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        if code is not None:
            self.code = code


class ExportError(FairleadError):
    """A function that can't be written as a graph. The message names the node and the argument."""

    code = "ExportFailed"


class InvalidFileError(FairleadError):
    """A file that doesn't say what its format demands. The message begins with the file and the field."""

    code = "InvalidFile"

    def __init__(self, file: str, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}", field)


class UnsupportedOperationsError(FairleadError):
    """A graph with primitives that have no replay. Lists them all."""

    code = "UnsupportedOperations"


class TensorError(FairleadError):
    """A tensor that is missing, unknown or of another dtype or shape than the signature's."""

    code = "InvalidTensor"


class CancelledError(FairleadError):
    """The caller asked for an end."""

    code = "Cancelled"
