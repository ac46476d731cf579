"""The package's version, that of pyproject.toml."""

VERSION = "0.1.0"
