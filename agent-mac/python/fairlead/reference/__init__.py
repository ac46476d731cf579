"""Computes a traced MLX function in float64 with NumPy: what the prototype means, apart from any machine's rounding.

One function a primitive, written from MLX's documentation and what MLX does, for trust and not for speed. Values of float16,
bfloat16, float32 and float64 are all float64 and never rounded; a cast between them keeps the value. Integers are exact and
wrap at their width. MLX's own float64 can't serve here: many of its operations are right to float32 only.
"""

from fairlead.reference.run import Reference, supported

__all__ = ["Reference", "supported"]
