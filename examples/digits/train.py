"""Trains a small convolutional network on the UCI optical digits, and exports it with its held-out rows."""

import argparse
import os
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
import numpy as np

import fairlead

HELD_OUT = 360
BATCH = 32


class DigitReader(nn.Module):
    """(batch, 8, 8, 1) float32 pixels from 0 to 16, to the logits of ten digits."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 16, kernel_size=3, padding=1)
        self.second = nn.Conv2d(16, 32, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.hidden = nn.Linear(32 * 2 * 2, 64)
        self.head = nn.Linear(64, 10)

    def __call__(self, image: mx.array) -> mx.array:
        features = self.pool(nn.relu(self.first(image / 16)))
        features = self.pool(nn.relu(self.second(features)))
        features = features.reshape(features.shape[0], -1)
        return self.head(nn.relu(self.hidden(features)))


def read_rows(path: Path, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """All rows in a seeded order: images (rows, 8, 8, 1) float32 and labels (rows,) int32."""
    table = np.loadtxt(path, delimiter=",", dtype=np.int32)
    order = np.random.default_rng(seed).permutation(len(table))
    table = table[order]
    return table[:, :64].reshape(-1, 8, 8, 1).astype(np.float32), table[:, 64]


def mean_loss(model: DigitReader, images: mx.array, labels: mx.array) -> mx.array:
    """Cross-entropy over a batch."""
    return nn.losses.cross_entropy(model(images), labels, reduction="mean")


def accuracy(model: DigitReader, images: np.ndarray, labels: np.ndarray) -> float:
    """The part of the rows that the model reads right."""
    return mx.mean(mx.argmax(model(mx.array(images)), axis=1) == mx.array(labels)).item()


def train(model: DigitReader, rows: tuple[np.ndarray, np.ndarray], epochs: int, seed: int) -> None:
    """Adam over shuffled batches; prints a line an epoch."""
    images, labels = rows[0][:-HELD_OUT], rows[1][:-HELD_OUT]
    held_out = rows[0][-HELD_OUT:], rows[1][-HELD_OUT:]
    steps = epochs * -(-len(images) // BATCH)
    optimiser = optim.Adam(learning_rate=optim.cosine_decay(5e-3, steps))
    step = nn.value_and_grad(model, mean_loss)
    shuffle = np.random.default_rng(seed)
    for epoch in range(1, epochs + 1):
        losses = []
        order = shuffle.permutation(len(images))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            loss, gradients = step(model, mx.array(images[batch]), mx.array(labels[batch]))
            optimiser.update(model, gradients)
            mx.eval(model.parameters(), optimiser.state)
            losses.append(loss.item())
        right = accuracy(model, *held_out)
        print(f"epoch {epoch} of {epochs}: loss {np.mean(losses):.4f}, held-out accuracy {right:.4f}", flush=True)
        fairlead.progress(epoch / epochs, f"epoch {epoch} of {epochs}")


def main() -> None:
    """Trains, then writes the model, the suite and the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED", "7")))
    parser.add_argument("--out", type=Path, default=Path("out"), help="where to write by hand; a job has its own folders")
    options = parser.parse_args()
    task = fairlead.task()
    model_folder, suite_folder = (task.output(name) if task else options.out / name for name in ("model", "suite"))

    mx.random.seed(options.seed)
    images, labels = rows = read_rows(Path(__file__).with_name("digits.csv"), options.seed)
    model = DigitReader()
    train(model, rows, options.epochs, options.seed)

    example = {"image": mx.array(images[:1])}
    fairlead.export(model, example, model_folder, dims={"image": ("batch", 8, 8, 1)}, outputs=["logits"])
    held_out = range(len(images) - HELD_OUT, len(images))
    fairlead.save_suite(
        suite_folder,
        [{"image": images[row : row + 1]} for row in held_out],
        [{"label": labels[row : row + 1]} for row in held_out],
        source="held-out rows of the UCI optical digits",
    )
    fairlead.result({"accuracy": accuracy(model, images[-HELD_OUT:], labels[-HELD_OUT:])})


if __name__ == "__main__":
    main()
