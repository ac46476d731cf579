"""Fairlead's Python side: export MLX functions, write suites, report from a job, and run models for the Mac agent."""

from fairlead.errors import ExportError, FairleadError
from fairlead.exporter import export
from fairlead.job import Task, progress, result, task
from fairlead.mlxfn import export_mlxfn
from fairlead.suite import Suite, load_outputs, load_suite, save_outputs, save_suite
from fairlead.version import VERSION

__all__ = [
    "VERSION",
    "ExportError",
    "FairleadError",
    "Suite",
    "Task",
    "export",
    "export_mlxfn",
    "load_outputs",
    "load_suite",
    "progress",
    "result",
    "save_outputs",
    "save_suite",
    "task",
]
