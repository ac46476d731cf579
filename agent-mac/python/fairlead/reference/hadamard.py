"""The Hadamard transform: a matrix of ones and minus ones with orthogonal rows."""

import numpy as np

from fairlead.reference.call import Call, Function

# the rows of the matrices that no smaller one gives, in hexadecimal: a bit for each minus, the first element's the highest
_ROWS = {
    12: """
        400 D55 13C 769 04F 5DA 313 676 3C4 69D 0F1 5A7
    """,
    20: """
        7BCC9 BDC74 DEE2A EF705 F7992 83EC6 45D63 26EB1 17758 0F9AC CA5F0 E52E8 72B64 397A2 9CBC1 B65EF 5F2F7 ABB7B
        D1FBD 6CFDE
    """,
    28: """
        7E796B3 BE3EB59 DF1D5EC EF8EAB6 F7C751B FBE1ACD FCF2D66 C2FE62D E17D356 71BC9AB 39DE4D5 1DEF26A 0FF5935
        87F8CDA A4CDFE1 5366FF0 A9B37B8 54DBB9C 2A6FD8E 9537E87 4B9BF43 9948F3F 4CA47DF 27523EF 92AB1F7 C8578FB
        652BC7D 3295E7E
    """,
}


def _matrix(size: int) -> np.ndarray:
    """Of 1, 12, 20 or 28 times a power of two; twice the size is [[H, H], [H, -H]] in each element's place."""
    if size == 1:
        return np.ones((1, 1))
    if size in _ROWS:
        rows = [int(row, base=16) for row in _ROWS[size].split()]
        return np.array([[-1.0 if row >> (size - 1 - place) & 1 else 1.0 for place in range(size)] for row in rows])
    if size % 2:
        raise ValueError(f"there is no transform of size {size}")
    return np.kron(_matrix(size // 2), np.array([[1.0, 1.0], [1.0, -1.0]]))


def _hadamard(call: Call) -> np.ndarray:
    """Along the last axis, times a scale."""
    (scale,) = call.arguments
    x = call.inputs[0]
    return x @ _matrix(x.shape[-1]).T * scale


TABLE: dict[str, Function] = {"Hadamard": _hadamard}
