"""Tells the user's source files from those of libraries."""

import os
import sys
import sysconfig
from functools import cache
from types import TracebackType

_LIBRARIES = tuple(
    os.path.realpath(path) + os.sep
    for path in {*(sysconfig.get_paths()[key] for key in ("stdlib", "purelib", "platlib")), os.path.dirname(__file__)}
)


@cache
def user_file(path: str) -> str | None:
    """The file relative to the script's folder, or None for one of a library, of this package, or without a file."""
    real = os.path.realpath(path)
    if path.startswith("<") or real.startswith(_LIBRARIES):
        return None
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    base = os.path.dirname(os.path.realpath(script)) if script else os.getcwd()
    relative = os.path.relpath(real, base)
    # a source elsewhere is named alone: its folder says nothing on another machine
    return os.path.basename(real) if relative.startswith("..") else relative.replace(os.sep, "/")


def user_line(traceback: TracebackType | None) -> str | None:
    """`file:line` of the innermost of the user's frames."""
    found = None
    while traceback is not None:
        file = user_file(traceback.tb_frame.f_code.co_filename)
        found = f"{file}:{traceback.tb_lineno}" if file else found
        traceback = traceback.tb_next
    return found
