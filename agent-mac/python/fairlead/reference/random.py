"""Random bits: MLX's generator is a function of its key."""

import math
from collections.abc import Sequence

import numpy as np

from fairlead.reference.call import Call, Function, Refusal

_BYTES = 4
_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))


def _threefry(key: tuple[np.ndarray, np.ndarray], first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Threefry-2x32 with 20 rounds (Salmon et al., 2011): two words of key, two of counter, two of bits."""
    keys = (key[0], key[1], key[0] ^ key[1] ^ np.uint32(0x1BD11BDA))
    first, second = first + keys[0], second + keys[1]
    for group in range(5):
        for rotation in _ROTATIONS[group % 2]:
            first = first + second
            second = (second << np.uint32(rotation)) | (second >> np.uint32(32 - rotation))
            second = second ^ first
        first = first + keys[(group + 1) % 3]
        second = second + keys[(group + 2) % 3] + np.uint32(group + 1)
    return first, second


def _random_bits(call: Call) -> np.ndarray:
    """The first half of the words are the first of each pair, of counters (i, i + half rounded up); the second half the second.

    An odd number of words has one more in the middle, the first of the pair of (half, 0).
    """
    keys = call.inputs[0].reshape(-1, 2)
    words = math.prod(call.shapes[0]) // max(len(keys), 1)
    half, odd = words // 2, words % 2
    counter = np.arange(half, dtype=np.uint32)
    streams = []
    for key in keys:
        first, second = _threefry((key[0], key[1]), counter, counter + np.uint32(half + odd))
        middle = _threefry((key[0], key[1]), np.full(odd, half, np.uint32), np.zeros(odd, np.uint32))[0]
        streams += [first, middle, second]
    return np.concatenate(streams).reshape(call.shapes[0])


def _refused(inputs: int, arguments: Sequence[object]) -> str | None:
    # nothing in MLX's Python asks for others, so they can't be held against it
    return None if arguments[1] == _BYTES else "of other than 32 bits"


TABLE: dict[str, Function] = {"RandomBits": _random_bits}
REFUSALS: dict[str, Refusal] = {"RandomBits": _refused}
