"""Rewrites tests/golden, the exports that the Java reader's tests share: `python tests/make_golden.py`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import prototypes  # noqa: E402

import fairlead  # noqa: E402


def write(folder: Path) -> None:
    """Exports both prototypes into `folder`."""
    fairlead.export(
        prototypes.small_cnn(),
        prototypes.CNN_INPUTS,
        folder / "cnn",
        dims=prototypes.CNN_DIMS,
        outputs=["logits"],
    )
    fairlead.export(
        prototypes.tiny_encoder(),
        prototypes.ENCODER_INPUTS,
        folder / "encoder",
        dims=prototypes.ENCODER_DIMS,
        outputs=["embedding"],
    )


if __name__ == "__main__":
    write(HERE / "golden")
