"""Runs MLX model folders for the suites: the agent's own worker, from this repository."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "agent-mac" / "python"))

from fairlead.worker import main

if __name__ == "__main__":
    main()
