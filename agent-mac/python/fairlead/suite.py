"""Suites (golden inputs, with labels where there are some) and outputs, as docs/interchange.md says."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import mlx.core as mx
import numpy as np

from fairlead import fields, tensors
from fairlead.errors import FairleadError, InvalidFileError

MAX_CASES = 1_000_000
_NAME = re.compile(r"(?P<case>[0-9]{6})/(?P<tensor>.+)")

Case = Mapping[str, mx.array | np.ndarray]


@dataclass(frozen=True)
class Suite:
    """Cases by number, each an array for every input; `labels` has one entry a case, or is None."""

    cases: list[dict[str, mx.array]]
    labels: list[dict[str, mx.array]] | None
    source: str


def save_suite(
    folder: str | os.PathLike[str], cases: Sequence[Case], labels: Sequence[Case] | None = None, source: str = ""
) -> Path:
    """Writes golden inputs, which may differ in shape, and the labels that task metrics need.

    `source` says in words where the cases come from. Raises FairleadError where cases disagree on their inputs' names, or labels
    on their number.
    """
    inputs = _common_names(cases, "cases")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tensors.save(folder / "golden.safetensors", _numbered(cases))
    if labels is not None:
        if len(labels) != len(cases):
            raise FairleadError(f"labels: {len(labels)} for {len(cases)} cases", "labels", code="InvalidSuite")
        _common_names(labels, "labels")
        tensors.save(folder / "labels.safetensors", _numbered(labels))
    about = {"format": "fairlead-suite", "version": 1, "cases": len(cases), "inputs": inputs, "source": source}
    (folder / "suite.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return folder


def load_suite(folder: str | os.PathLike[str]) -> Suite:
    """Reads a suite. Raises InvalidFileError naming the file and the field."""
    folder = Path(folder)
    about = fields.read(folder / "suite.json")
    about.child("format").expect("fairlead-suite")
    about.child("version").expect(1)
    count = about.child("cases")
    if type(count.value) is not int or not 0 < count.value <= MAX_CASES:
        count.fail(f"must be a number from 1 to {MAX_CASES}")
    inputs = sorted(item.text() for item in about.child("inputs").items())
    cases = _load_cases(folder / "golden.safetensors", count.value)
    for number, case in enumerate(cases):
        if sorted(case) != inputs:
            raise InvalidFileError("golden.safetensors", f"{number:06}", f"has {sorted(case)}, suite.json says {inputs}")
    labels = folder / "labels.safetensors"
    source = about.child("source").value if about.has("source") else ""
    return Suite(cases, _load_cases(labels, count.value) if labels.exists() else None, str(source))


def save_outputs(folder: str | os.PathLike[str], outputs: Sequence[Case]) -> Path:
    """Writes the outputs of each case as outputs.safetensors."""
    _common_names(outputs, "outputs")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tensors.save(folder / "outputs.safetensors", _numbered(outputs))
    return folder


def load_outputs(folder: str | os.PathLike[str]) -> list[dict[str, mx.array]]:
    """Reads outputs.safetensors, one entry a case."""
    return _load_cases(Path(folder) / "outputs.safetensors", None)


def _common_names(cases: Sequence[Case], field: str) -> list[str]:
    if not 0 < len(cases) <= MAX_CASES:
        raise FairleadError(f"{field}: {len(cases)}, where 1 to {MAX_CASES} are allowed", field, code="InvalidSuite")
    names = sorted(cases[0])
    for number, case in enumerate(cases):
        if sorted(case) != names:
            raise FairleadError(f"{field}: {number}: has {sorted(case)}, the first {names}", field, code="InvalidSuite")
    return names


def _numbered(cases: Sequence[Case]) -> dict[str, mx.array | np.ndarray]:
    return {f"{number:06}/{name}": array for number, case in enumerate(cases) for name, array in case.items()}


def _load_cases(path: Path, count: int | None) -> list[dict[str, mx.array]]:
    cases: dict[int, dict[str, mx.array]] = {}
    for name, array in tensors.load(path).items():
        match = _NAME.fullmatch(name)
        if match is None:
            raise InvalidFileError(path.name, name, "must be named <case>/<tensor>, the case in six digits")
        cases.setdefault(int(match["case"]), {})[match["tensor"]] = array
    wanted = len(cases) if count is None else count
    for number in range(wanted):
        if number not in cases:
            raise InvalidFileError(path.name, f"{number:06}", "is missing")
    if len(cases) > wanted:
        raise InvalidFileError(path.name, f"{max(cases):06}", f"is beyond the {wanted} cases of suite.json")
    return [cases[number] for number in range(wanted)]
