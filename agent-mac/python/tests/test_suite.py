"""Suites, outputs, and what a job's process says."""

import json
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

import fairlead
from fairlead.errors import FairleadError, InvalidFileError

CASES = [{"ids": mx.arange(3), "mask": np.ones((1, 2), dtype=np.int32)}, {"ids": mx.arange(5), "mask": mx.zeros((1, 4))}]


def test_a_suite_reads_back(tmp_path: Path) -> None:
    labels = [{"label": np.array([4])}, {"label": np.array([2])}]
    fairlead.save_suite(tmp_path / "suite", CASES, labels, source="made up")
    suite = fairlead.load_suite(tmp_path / "suite")
    assert [case["ids"].tolist() for case in suite.cases] == [[0, 1, 2], [0, 1, 2, 3, 4]]
    assert [label["label"].item() for label in suite.labels] == [4, 2]
    assert suite.source == "made up"


def test_a_suite_says_what_it_holds(tmp_path: Path) -> None:
    fairlead.save_suite(tmp_path, CASES)
    about = json.loads((tmp_path / "suite.json").read_text())
    assert about == {"format": "fairlead-suite", "version": 1, "cases": 2, "inputs": ["ids", "mask"], "source": ""}
    assert sorted(mx.load(str(tmp_path / "golden.safetensors"))) == ["000000/ids", "000000/mask", "000001/ids", "000001/mask"]
    assert fairlead.load_suite(tmp_path).labels is None


def test_outputs_read_back(tmp_path: Path) -> None:
    fairlead.save_outputs(tmp_path, [{"logits": mx.zeros(3)}, {"logits": mx.ones(2)}])
    assert [case["logits"].tolist() for case in fairlead.load_outputs(tmp_path)] == [[0, 0, 0], [1, 1]]


@pytest.mark.parametrize(
    ("cases", "labels", "message"),
    [
        ([], None, "cases: 0, where 1 to 1000000 are allowed"),
        ([{"a": mx.zeros(1)}, {"b": mx.zeros(1)}], None, r"cases: 1: has \['b'\], the first \['a'\]"),
        ([{"a": mx.zeros(1)}], [], "labels: 0 for 1 cases"),
    ],
)
def test_refuses_cases_that_disagree(tmp_path: Path, cases: list, labels: list | None, message: str) -> None:
    with pytest.raises(FairleadError, match=message):
        fairlead.save_suite(tmp_path, cases, labels)


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (3, r"^golden\.safetensors: 000002: is missing"),
        (1, r"^golden\.safetensors: 000001: is beyond the 1 cases"),
        (-1, r"^suite\.json: cases: must be a number"),
        (10**12, r"^suite\.json: cases: must be a number"),
    ],
)
def test_refuses_a_count_that_is_wrong(tmp_path: Path, count: int, message: str) -> None:
    fairlead.save_suite(tmp_path, CASES)
    about = json.loads((tmp_path / "suite.json").read_text())
    (tmp_path / "suite.json").write_text(json.dumps(about | {"cases": count}))
    with pytest.raises(InvalidFileError, match=message):
        fairlead.load_suite(tmp_path)


def test_a_job_finds_its_folders_and_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = {
        "kind": "train",
        "job_id": "j1",
        "attempt": 2,
        "settings": {"a": "b"},
        "inputs": {"source": "inputs/source"},
        "outputs": {"model": str(tmp_path / "m")},
    }
    (tmp_path / "task.json").write_text(json.dumps(about))
    for name in ("TASK", "PROGRESS", "RESULT"):
        monkeypatch.setenv(f"FAIRLEAD_{name}", str(tmp_path / f"{name.lower()}.json"))
    task = fairlead.task()
    assert task == fairlead.Task("train", "j1", 2, {"a": "b"}, {"source": tmp_path / "inputs/source"}, {"model": tmp_path / "m"})
    assert task.input("source") == tmp_path / "inputs/source" and task.output("model") == tmp_path / "m"
    with pytest.raises(FairleadError, match=r"task\.json: outputs: suite: the job has only \['model'\]"):
        task.output("suite")
    fairlead.progress(0.4, "epoch 2 of 5")
    fairlead.result({"accuracy": 0.97})
    assert json.loads((tmp_path / "progress.json").read_text()) == {"fraction": 0.4, "message": "epoch 2 of 5"}
    assert json.loads((tmp_path / "result.json").read_text()) == {"accuracy": 0.97}
    assert not list(tmp_path.glob("*.partial"))


def test_outside_a_job_reports_go_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TASK", "PROGRESS", "RESULT"):
        monkeypatch.delenv(f"FAIRLEAD_{name}", raising=False)
    assert fairlead.task() is None
    fairlead.progress(1.0, "done")
    fairlead.result({})


@pytest.mark.parametrize("values", [{"a": float("nan")}, {"a": {1, 2}}, {"a": "x" * 70_000}])
def test_refuses_a_result_that_cannot_be_shown(values: dict) -> None:
    with pytest.raises(FairleadError, match="values: "):
        fairlead.result(values)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_refuses_a_fraction_out_of_range(fraction: float) -> None:
    with pytest.raises(FairleadError, match=r"fraction: .* isn't from 0 to 1"):
        fairlead.progress(fraction)
