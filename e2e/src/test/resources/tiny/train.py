"""A network small enough to be promoted in seconds: LayerNorm over rows of small variance, so that its epsilon matters, and a Linear."""

import fairlead
import mlx.core as mx
import mlx.nn as nn

WIDTH = 16
CASES = 64


class Tiny(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.linear = nn.Linear(WIDTH, 4)

    def __call__(self, x: mx.array) -> mx.array:
        return self.linear(self.norm(x))


mx.random.seed(7)
model = Tiny()
mx.eval(model.parameters())
task = fairlead.task()
fairlead.export(
    model, {"x": mx.zeros((3, WIDTH))}, task.output("model"), dims={"x": ("batch", WIDTH)}, outputs=["y"]
)
cases = [{"x": 0.01 * mx.random.normal((1 + index % 3, WIDTH))} for index in range(CASES)]
fairlead.save_suite(task.output("suite"), cases, source="normal noise of standard deviation 0.01")
