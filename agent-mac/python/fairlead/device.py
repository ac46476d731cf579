"""The device that MLX computes on, and whether it stands in for an Apple one."""

import platform
import sys

import mlx.core as mx


def name() -> str:
    """`gpu` or `cpu`."""
    return "gpu" if mx.default_device().type == mx.DeviceType.gpu else "cpu"


def is_stand_in() -> bool:
    """True where MLX doesn't run on Apple's Metal: the numbers are MLX's, the device is not the Mac's."""
    return not (sys.platform == "darwin" and name() == "gpu")


def describe() -> dict[str, object]:
    """MLX's own facts on the device (sizes in bytes), with the platform's."""
    facts = {key: value for key, value in mx.device_info().items() if isinstance(value, int | float | str)}
    return {**facts, "platform": platform.platform(), "machine": platform.machine()}
