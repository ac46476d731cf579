"""Files for mx.import_function, held against the prototypes they were exported from."""

import subprocess
import sys
from pathlib import Path

import mlx.core as mx
import prototypes
import pytest

import fairlead
from fairlead.errors import FairleadError
from fairlead.mlxfn.__main__ import main


def test_loads_in_mlx_and_gives_what_the_prototype_gives(golden: Path, tmp_path: Path) -> None:
    path = tmp_path / "cnn.mlxfn"
    fairlead.export_mlxfn(golden / "cnn", path, {"batch": 2}, {"batch": 5})
    imported = mx.import_function(str(path))
    for batch in (2, 5):
        image = mx.random.uniform(shape=(batch, 8, 8, 1))
        (logits,) = imported(image=image)
        assert mx.array_equal(logits, prototypes.small_cnn()(image))
    with pytest.raises(ValueError, match="No imported function"):
        imported(image=mx.zeros((3, 8, 8, 1)))
    assert list(tmp_path.iterdir()) == [path]


def test_runs_without_fairlead(golden: Path, tmp_path: Path) -> None:
    path = tmp_path / "encoder.mlxfn"
    assert main([str(golden / "encoder"), str(path), "--sizes", "batch=2,sequence=7"]) == 0
    ids = mx.random.randint(0, 40, shape=(2, 7))
    mask = mx.array([[1] * 7, [1] * 4 + [0] * 3])
    mx.save_safetensors(str(tmp_path / "in.safetensors"), {"input_ids": ids, "attention_mask": mask})
    script = "import sys; import mlx.core as mx; f, i, o = sys.argv[1:]; assert 'fairlead' not in sys.modules; "
    script += "mx.save_safetensors(o, {'y': mx.import_function(f)(**mx.load(i))[0]})"
    files = [str(path), str(tmp_path / "in.safetensors"), str(tmp_path / "out.safetensors")]
    subprocess.run([sys.executable, "-I", "-c", script, *files], check=True)
    found = mx.load(str(tmp_path / "out.safetensors"))["y"]
    assert mx.allclose(found, prototypes.tiny_encoder()(ids, mask), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"length": 2}, "sizes: length: the model's symbols are ['batch']"),
        ({"batch": 0}, "sizes: batch: must be a whole number above 0"),
    ],
)
def test_names_the_size_that_is_wrong(golden: Path, tmp_path: Path, sizes: dict[str, int], message: str) -> None:
    with pytest.raises(FairleadError) as raised:
        fairlead.export_mlxfn(golden / "cnn", tmp_path / "cnn.mlxfn", sizes)
    assert str(raised.value) == message
    assert list(tmp_path.iterdir()) == []


def test_says_what_it_cannot_read_or_write(golden: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), str(tmp_path / "x.mlxfn")]) == 1
    assert "model.json" in capsys.readouterr().err
    assert main([str(golden / "cnn"), str(tmp_path / "none" / "x.mlxfn")]) == 1
    assert "no such folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
