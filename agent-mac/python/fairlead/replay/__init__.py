"""Runs a graph with MLX, one primitive after the other, in the model's own precision on the default device."""

from fairlead.replay.run import Replayer, supported

__all__ = ["Replayer", "supported"]
