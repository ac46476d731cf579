"""Rewrites tests/golden, the exports, suites and outputs that the Java tests share: `python tests/make_golden.py`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import mlx.core as mx  # noqa: E402
import mlx.nn as nn  # noqa: E402
import prototypes  # noqa: E402

import fairlead  # noqa: E402


def write(folder: Path) -> None:
    """Exports both prototypes into `folder`, each beside a suite and the outputs that MLX gives for it."""
    image = mx.random.uniform(0, 16, (9, 8, 8, 1), key=mx.random.key(1))
    cases = [{"image": image[:1]}, {"image": image[1:4]}, {"image": image[4:]}]
    _write(folder, "cnn", prototypes.small_cnn(), cases, prototypes.CNN_DIMS, "logits")

    ids = mx.random.randint(0, 40, (4, 9), key=mx.random.key(2))
    mask = (mx.arange(9) < mx.array([[9], [4], [1], [7]])).astype(mx.int32)
    cases = [
        {"input_ids": ids[rows, :columns], "attention_mask": mask[rows, :columns]}
        for rows, columns in ((slice(0, 1), 9), (slice(1, 3), 4), (slice(0, 4), 9), (slice(2, 3), 1))
    ]
    _write(folder, "encoder", prototypes.tiny_encoder(), cases, prototypes.ENCODER_DIMS, "embedding")


def _write(folder: Path, name: str, model: nn.Module, cases: list[dict], dims: dict, output: str) -> None:
    fairlead.export(model, cases[0], folder / name, dims=dims, outputs=[output])
    fairlead.save_suite(folder / f"{name}-suite", cases, source="seeded noise")
    fairlead.save_outputs(folder / f"{name}-outputs", [{output: model(**case)} for case in cases])


if __name__ == "__main__":
    write(HERE / "golden")
