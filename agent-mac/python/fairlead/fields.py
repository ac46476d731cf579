"""Checked access to the fields of a JSON file, for errors that name the file and the field."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from fairlead.errors import InvalidFileError

MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Field:
    """A value with its place: `path` is like `nodes[3].op`, empty for the whole file."""

    file: str
    path: str
    value: object

    def fail(self, problem: str) -> NoReturn:
        """Raises InvalidFileError for this field."""
        raise InvalidFileError(self.file, self.path or "file", problem)

    def child(self, name: str) -> "Field":
        """A required field of an object."""
        if not isinstance(self.value, dict):
            self.fail("must be an object")
        path = f"{self.path}.{name}" if self.path else name
        if name not in self.value:
            raise InvalidFileError(self.file, path, "is missing")
        return Field(self.file, path, self.value[name])

    def has(self, name: str) -> bool:
        """Whether an object has the field."""
        return isinstance(self.value, dict) and name in self.value

    def items(self) -> Iterator["Field"]:
        """The entries of a list."""
        if not isinstance(self.value, list):
            self.fail("must be a list")
        for index, item in enumerate(self.value):
            yield Field(self.file, f"{self.path}[{index}]", item)

    def text(self) -> str:
        """A string that isn't empty."""
        if not isinstance(self.value, str) or not self.value:
            self.fail(f"must be a text, not {_shown(self.value)}")
        return self.value

    def expect(self, wanted: object) -> None:
        """Fails unless the value is `wanted`."""
        if self.value != wanted or type(self.value) is not type(wanted):
            self.fail(f"must be {wanted!r}, not {_shown(self.value)}")


def read(path: Path) -> Field:
    """Parses a JSON file. Raises InvalidFileError for one that is missing, too large or no JSON."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InvalidFileError(path.name, "file", f"has {size} bytes, more than {MAX_BYTES}")
        return Field(path.name, "", json.loads(path.read_bytes(), parse_constant=_refuse))
    except OSError as error:
        raise InvalidFileError(path.name, "file", error.strerror or "can't be read") from error
    except (ValueError, RecursionError) as error:
        raise InvalidFileError(path.name, "file", f"is no JSON: {error}") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _shown(value: object) -> str:
    return repr(value)[:80]
