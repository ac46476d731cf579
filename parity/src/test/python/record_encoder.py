"""Records a small input of the encoder and every value as the package's float64 reference, NumPy apart from the Java rules, computes it.

From the repository's root: PYTHONPATH=agent-mac/python python parity/src/test/python/record_encoder.py
"""

from pathlib import Path

import mlx.core as mx
from fairlead import model, tensors
from fairlead.reference import Reference
from fairlead.reference.values import storable

SOURCE = Path("model/src/test/resources/conversion/encoder")
TARGET = Path("parity/src/test/resources/dev/fairlead/parity/locate/encoder-float64.safetensors")
CASE = "000000"
INPUTS = {
    "input_ids": mx.array([[5, 17, 33]], dtype=mx.int32),
    "attention_mask": mx.array([[1, 1, 0]], dtype=mx.int32),
}


def main() -> None:
    """Writes tensors named <case>/<value>."""
    loaded = model.load(SOURCE)
    names = [value.name for node in loaded.nodes for value in node.outputs]
    found = Reference(loaded).run(INPUTS, names)
    stored = {name: storable(array) for name, array in found.items()}
    tensors.save(TARGET, {f"{CASE}/{name}": array for name, array in {**INPUTS, **stored}.items()})


if __name__ == "__main__":
    main()
