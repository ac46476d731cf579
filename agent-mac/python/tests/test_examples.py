"""The two examples: that they run, and that what they compute is right."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import mlx.core as mx
import numpy as np
import prototypes
import pytest

import fairlead
from fairlead import model
from fairlead.replay import Replayer

PACKAGE = Path(fairlead.__file__).resolve().parents[1]
ENCODER = prototypes.ROOT / "examples" / "encoder"


def run(script: Path, *arguments: str, **environment: str) -> str:
    """Runs a script as a person would; gives what it prints."""
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env=os.environ | {"PYTHONPATH": str(PACKAGE)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_digits_train_and_export_as_a_job(tmp_path: Path) -> None:
    folders = {name: str(tmp_path / "outputs" / name) for name in ("model", "suite")}
    task = {"kind": "train", "job_id": "j", "attempt": 1, "settings": {}, "inputs": {}, "outputs": folders}
    (tmp_path / "task.json").write_text(json.dumps(task))
    files = {f"FAIRLEAD_{name.upper()}": str(tmp_path / f"{name}.json") for name in ("task", "progress", "result")}
    printed = run(prototypes.ROOT / "examples/digits/train.py", "--epochs", "2", **files)
    assert printed.splitlines()[1].startswith("epoch 2 of 2: loss ")
    assert json.loads((tmp_path / "progress.json").read_text())["fraction"] == 1.0
    told = json.loads((tmp_path / "result.json").read_text())["accuracy"]
    assert told > 0.8

    suite = fairlead.load_suite(folders["suite"])
    assert len(suite.cases) == 360 and suite.cases[0]["image"].shape == (1, 8, 8, 1)
    replayer = Replayer(model.load(Path(folders["model"])))
    right = [
        mx.argmax(replayer.run(case)["logits"], axis=1).item() == label["label"].item()
        for case, label in zip(suite.cases, suite.labels, strict=True)
    ]
    assert np.mean(right) == pytest.approx(told, abs=1e-6)


def test_digits_rows_are_the_published_ones() -> None:
    rows = np.loadtxt(prototypes.ROOT / "examples/digits/digits.csv", delimiter=",", dtype=int)
    assert rows.shape == (1797, 65)
    assert rows[:, :64].min() == 0 and rows[:, :64].max() == 16
    assert np.bincount(rows[:, 64]).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def reference(weights: dict[str, np.ndarray], heads: int, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The encoder in float64 NumPy, written from the paper's formulas and sharing nothing with encoder.py."""
    erf = np.vectorize(math.erf)
    double = {name: array.astype(np.float64) for name, array in weights.items()}

    def normalised(x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * double[f"{name}.weight"] + double[f"{name}.bias"]

    def projected(x: np.ndarray, name: str) -> np.ndarray:
        return np.einsum("...i,oi->...o", x, double[f"{name}.weight"]) + double[f"{name}.bias"]

    rows = []
    for row_ids, row_mask in zip(ids, mask, strict=True):
        # a sentence by itself, without its padding: no mask is needed then
        tokens = row_ids[row_mask == 1]
        x = double["embeddings.word.weight"][tokens] + double["embeddings.position.weight"][: len(tokens)]
        x = normalised(x + double["embeddings.token_type.weight"][0], "embeddings.norm")
        layers = 1 + max(int(name.split(".")[1]) for name in double if name.startswith("layers."))
        for layer in (f"layers.{number}" for number in range(layers)):
            q, k, v = (projected(x, f"{layer}.attention.{part}") for part in ("query", "key", "value"))
            q, k, v = (part.reshape(len(tokens), heads, -1) for part in (q, k, v))
            scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(q.shape[-1])
            weight = np.exp(scores - scores.max(-1, keepdims=True))
            weight /= weight.sum(-1, keepdims=True)
            context = np.einsum("hqk,khd->qhd", weight, v).reshape(x.shape)
            x = normalised(x + projected(context, f"{layer}.attention.output"), f"{layer}.attention_norm")
            inner = projected(x, f"{layer}.intermediate")
            inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
            x = normalised(x + projected(inner, f"{layer}.output"), f"{layer}.output_norm")
        mean = x.mean(0)
        rows.append(mean / np.linalg.norm(mean))
    return np.array(rows)


def arrays(module) -> dict[str, np.ndarray]:
    return {name: np.array(array) for name, array in prototypes.mlx_parameters(module)}


def test_encoder_agrees_with_float64() -> None:
    encoder = prototypes.tiny_encoder()
    ids = np.random.default_rng(5).integers(0, 40, (4, 9)).astype(np.int32)
    mask = (np.arange(9) < np.array([[9], [1], [4], [7]])).astype(np.int32)
    wanted = reference(arrays(encoder), 3, ids, mask)
    found = np.array(encoder(mx.array(ids), mx.array(mask)))
    assert np.abs(found - wanted).max() < 1e-5


@pytest.fixture
def tokenizer(tmp_path: Path):
    tokens = "[PAD] [UNK] [CLS] [SEP] the cat ##s sat cafe , . un ##believ ##able 東 $ 5".split()
    (tmp_path / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    return prototypes.example("encoder", "tokenizer").Tokenizer(tmp_path / "vocab.txt", longest=8)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("The cats sat.", [4, 5, 6, 7, 10]),
        ("CAFÉ, café", [8, 9, 8]),
        ("unbelievable", [11, 12, 13]),
        ("unbeknown", [1]),
        ("the\tcat\u200b\n東東", [4, 5, 14, 14]),
        ("$5", [15, 16]),
        ("x" * 101, [1]),
        ("", []),
        ("the " * 20, [4] * 6),
    ],
)
def test_tokenizer_splits_as_bert_does(tokenizer, text: str, ids: list[int]) -> None:
    assert tokenizer.encode(text) == [2, *ids, 3]


def test_tokenizer_pads_batches(tokenizer) -> None:
    batch = tokenizer.batch(["the cat", "cats"], padding=1)
    assert batch["input_ids"].tolist() == [[2, 4, 5, 3, 0], [2, 5, 6, 3, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 1, 0], [1, 1, 1, 1, 0]]
    assert batch["input_ids"].dtype == batch["attention_mask"].dtype == np.int32


def fetched() -> Path | None:
    """The pretrained files, where the example has fetched them before."""
    sys.path.insert(0, str(ENCODER))
    try:
        weights = prototypes.example("encoder", "weights")
    finally:
        sys.path.remove(str(ENCODER))
    folder = weights.cache_folder()
    return folder if all((folder / name).is_file() for name in weights.FILES) else None


@pytest.mark.skipif(fetched() is None, reason="the pretrained weights aren't fetched; examples/encoder/prepare.py does")
def test_pretrained_encoder_agrees_with_float64_and_the_published_vectors() -> None:
    folder = fetched()
    encoder = prototypes.example("encoder", "encoder")
    pretrained = encoder.SentenceEncoder(encoder.Config())
    prototypes.example("encoder", "weights").load(pretrained, folder / "model.safetensors")
    tokenizer = prototypes.example("encoder", "tokenizer").Tokenizer(folder / "vocab.txt")
    batch = tokenizer.batch(["This is an example sentence", "Each sentence is converted to a vector of numbers."])
    found = np.array(pretrained(**{name: mx.array(array) for name, array in batch.items()}))
    wanted = reference(arrays(pretrained), 12, batch["input_ids"], batch["attention_mask"])
    assert np.abs(found - wanted).max() < 1e-6
    # as the model's authors print them
    assert found[0, :3] == pytest.approx([0.0677, 0.0635, 0.0487], abs=1e-4)


def test_golden_sentences_make_300_cases_with_uneven_padding(tokenizer) -> None:
    sys.path.insert(0, str(ENCODER))
    try:
        prepare = prototypes.example("encoder", "prepare")
    finally:
        sys.path.remove(str(ENCODER))
    sentences = prepare.read_sentences(ENCODER / "sentences.txt")
    assert len(set(sentences)) == len(sentences) >= 300
    cases = prepare.make_cases(tokenizer, sentences, seed=7)
    assert {len(case["input_ids"]) for case in cases} == {1, 2, 3, 4}
    assert any(len(set(case["attention_mask"].sum(axis=1).tolist())) > 1 for case in cases)
