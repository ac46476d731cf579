"""What a job's process may ask and say, as docs/jobs.md has it."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fairlead import fields
from fairlead.errors import FairleadError

MAX_RESULT_BYTES = 64 * 1024


@dataclass(frozen=True)
class Task:
    """task.json: the attempt that this process is. Folders are absolute."""

    kind: str
    job_id: str
    attempt: int
    settings: Mapping[str, str]
    inputs: Mapping[str, Path]
    outputs: Mapping[str, Path]

    def input(self, name: str) -> Path:
        """The folder of an input, read-only. Raises FairleadError where the job has no such input."""
        return _named(self.inputs, "inputs", name)

    def output(self, name: str) -> Path:
        """The folder to write an output into. Raises FairleadError where the job has no such output."""
        return _named(self.outputs, "outputs", name)


def task() -> Task | None:
    """The task that this process was started for, or None where it runs by hand. Raises InvalidFileError for a bad task.json."""
    path = os.environ.get("FAIRLEAD_TASK")
    if path is None:
        return None
    source = Path(path)
    about = fields.read(source)
    attempt = about.child("attempt")
    if type(attempt.value) is not int:
        attempt.fail("must be a number")
    return Task(
        about.child("kind").text(),
        about.child("job_id").text(),
        attempt.value,
        _texts(about, "settings"),
        _folders(about, "inputs", source.parent),
        _folders(about, "outputs", source.parent),
    )


def progress(fraction: float, message: str = "") -> None:
    """Tells how far the job is: `fraction` from 0 to 1, `message` for people. Does nothing outside a job."""
    if not (math.isfinite(fraction) and 0 <= fraction <= 1):
        raise FairleadError(f"fraction: {fraction} isn't from 0 to 1", "fraction", code="InvalidProgress")
    _replace("FAIRLEAD_PROGRESS", json.dumps({"fraction": fraction, "message": message}))


def result(values: Mapping[str, object]) -> None:
    """Writes the object that is shown with the job, at most 64 KiB of JSON. Does nothing outside a job."""
    try:
        text = json.dumps(dict(values), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FairleadError(f"values: can't be written as JSON: {error}", "values", code="InvalidResult") from error
    if len(text.encode()) > MAX_RESULT_BYTES:
        raise FairleadError(f"values: more than {MAX_RESULT_BYTES} bytes", "values", code="InvalidResult")
    _replace("FAIRLEAD_RESULT", text)


def _named(folders: Mapping[str, Path], field: str, name: str) -> Path:
    if name not in folders:
        raise FairleadError(f"task.json: {field}: {name}: the job has only {sorted(folders)}", field, code="InvalidRequest")
    return folders[name]


def _replace(variable: str, text: str) -> None:
    path = os.environ.get(variable)
    if path is None:
        return
    partial = Path(path + ".partial")
    partial.write_text(text, encoding="utf-8")
    # the agent reads at any time, and must never see half a file
    partial.replace(path)


def _texts(about: fields.Field, name: str) -> dict[str, str]:
    if not about.has(name):
        return {}
    values = about.child(name)
    if not isinstance(values.value, dict):
        values.fail("must be an object")
    for key, value in values.value.items():
        if not isinstance(value, str):
            values.child(key).fail("must be a text")
    return dict(values.value)


def _folders(about: fields.Field, name: str, base: Path) -> dict[str, Path]:
    return {key: (base / folder).absolute() for key, folder in _texts(about, name).items()}
