"""Makes the test helpers importable, and gives most tests what they start from."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))


@pytest.fixture
def golden() -> Path:
    """The exports that are committed for the Java reader's tests."""
    return Path(__file__).resolve().parent / "golden"
