"""Fairlead's Python side: export MLX functions, write suites, and run models for the Mac agent."""

VERSION = "0.1.0"

from fairlead.errors import ExportError, FairleadError  # noqa: E402
from fairlead.export import export  # noqa: E402

__all__ = ["VERSION", "ExportError", "FairleadError", "export"]
