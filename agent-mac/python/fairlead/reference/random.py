"""Random bits: MLX's generator is a function of its key."""

import numpy as np

from fairlead.reference.call import Call, Function

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
    """Words 0 … h-1 are the first of each pair, the counters being (i, i + h); an odd number of words has one more between."""
    _, width = call.arguments
    keys = call.inputs[0].reshape(-1, 2)
    size = call.shapes[0]
    each = int(np.prod(size, dtype=np.int64)) // max(len(keys), 1) * width
    words = -(-each // 4)
    half, odd = words // 2, words % 2
    counter = np.arange(half, dtype=np.uint32)
    streams = []
    for key in keys:
        first, second = _threefry((key[0], key[1]), counter, counter + np.uint32(half + odd))
        middle = _threefry((key[0], key[1]), np.full(odd, half, np.uint32), np.zeros(odd, np.uint32))[0]
        streams.append(np.concatenate([first, middle, second]).astype("<u4").view(np.uint8)[:each])
    return np.concatenate(streams).view(call.dtypes[0].storage).reshape(size)


TABLE: dict[str, Function] = {"RandomBits": _random_bits}
