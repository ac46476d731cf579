"""The architectures of the suite coreml-torch: torchvision's, and small sequence models of our own. All weights are random."""

import math
from collections.abc import Callable

import torch
import torchvision
from torch import nn

Network = tuple[nn.Module, dict[str, torch.Tensor]]


class Encoder(nn.Module):
    """A BERT-like encoder."""

    def __init__(self, size: int = 48, heads: int = 4, layers: int = 2) -> None:
        super().__init__()
        self.words = nn.Embedding(200, size)
        self.places = nn.Parameter(torch.randn(1, 16, size))
        layer = nn.TransformerEncoderLayer(size, heads, 4 * size, activation="gelu", batch_first=True, dropout=0.0)
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        for parameter in self.layers.parameters():
            # the layers are copies of one, and coremltools would store equal weights once
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        self.pooler = nn.Linear(size, size)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        hidden = self.layers(self.words(tokens) + self.places)
        return torch.tanh(self.pooler(hidden[:, 0])), hidden


class Decoder(nn.Module):
    """A GPT-like decoder with a causal mask."""

    def __init__(self, size: int = 48, heads: int = 4, layers: int = 2) -> None:
        super().__init__()
        self.heads = heads
        self.words = nn.Embedding(200, size)
        self.places = nn.Embedding(32, size)
        self.norms = nn.ModuleList(nn.LayerNorm(size) for _ in range(2 * layers + 1))
        self.inputs = nn.ModuleList(nn.Linear(size, 3 * size) for _ in range(layers))
        self.outputs = nn.ModuleList(nn.Linear(size, size) for _ in range(layers))
        self.up = nn.ModuleList(nn.Linear(size, 4 * size) for _ in range(layers))
        self.down = nn.ModuleList(nn.Linear(4 * size, size) for _ in range(layers))
        self.register_buffer("mask", torch.tril(torch.ones(32, 32)).bool())

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        batch, length = tokens.shape
        x = self.words(tokens) + self.places(torch.arange(length))
        for i in range(len(self.inputs)):
            q, k, v = self.inputs[i](self.norms[2 * i](x)).chunk(3, dim=-1)
            q, k, v = (t.view(batch, length, self.heads, -1).transpose(1, 2) for t in (q, k, v))
            scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
            scores = scores.masked_fill(~self.mask[:length, :length], float("-inf"))
            y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, -1)
            x = x + self.outputs[i](y)
            x = x + self.down[i](nn.functional.gelu(self.up[i](self.norms[2 * i + 1](x)), approximate="tanh"))
        return self.norms[-1](x) @ self.words.weight.T


class RmsNorm(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(1 + 0.1 * torch.randn(size))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


class Llama(nn.Module):
    """Rotary positions, grouped keys and values, gated feed-forward."""

    def __init__(self, size: int = 64, heads: int = 4, groups: int = 2, layers: int = 2) -> None:
        super().__init__()
        self.heads, self.groups, self.head = heads, groups, size // heads
        self.words = nn.Embedding(200, size)
        self.layers = nn.ModuleList(
            nn.ModuleDict(
                {
                    "before": RmsNorm(size),
                    "after": RmsNorm(size),
                    "q": nn.Linear(size, size, bias=False),
                    "k": nn.Linear(size, groups * self.head, bias=False),
                    "v": nn.Linear(size, groups * self.head, bias=False),
                    "o": nn.Linear(size, size, bias=False),
                    "gate": nn.Linear(size, 2 * size, bias=False),
                    "up": nn.Linear(size, 2 * size, bias=False),
                    "down": nn.Linear(2 * size, size, bias=False),
                }
            )
            for _ in range(layers)
        )
        self.norm = RmsNorm(size)
        self.head_out = nn.Linear(size, 200, bias=False)

    def rotate(self, x: torch.Tensor) -> torch.Tensor:
        length, half = x.shape[2], self.head // 2
        angles = torch.outer(torch.arange(length).float(), 10000.0 ** (-torch.arange(half).float() / half))
        cos, sin = angles.cos(), angles.sin()
        a, b = x[..., :half], x[..., half:]
        return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        batch, length = tokens.shape
        x = self.words(tokens)
        for layer in self.layers:
            y = layer["before"](x)
            q = layer["q"](y).view(batch, length, self.heads, self.head).transpose(1, 2)
            k = layer["k"](y).view(batch, length, self.groups, self.head).transpose(1, 2)
            v = layer["v"](y).view(batch, length, self.groups, self.head).transpose(1, 2)
            k = self.rotate(k).repeat_interleave(self.heads // self.groups, dim=1)
            v = v.repeat_interleave(self.heads // self.groups, dim=1)
            y = nn.functional.scaled_dot_product_attention(self.rotate(q), k, v, is_causal=True)
            x = x + layer["o"](y.transpose(1, 2).reshape(batch, length, -1))
            y = layer["after"](x)
            x = x + layer["down"](nn.functional.silu(layer["gate"](y)) * layer["up"](y))
        return self.head_out(self.norm(x))


class Tagger(nn.Module):
    """Embedding, two bidirectional LSTM layers, a GRU."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(100, 24)
        self.lstm = nn.LSTM(24, 16, num_layers=2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(32, 12, batch_first=True)
        self.rnn = nn.RNN(12, 10, batch_first=True)
        self.out = nn.Linear(10, 9)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x, _ = self.lstm(self.words(tokens))
        x, last = self.gru(x)
        x, _ = self.rnn(x)
        return self.out(x).log_softmax(-1), last


class UNet(nn.Module):
    """Convolutions down, transposed convolutions and bilinear resizing up."""

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.first = self.block(3, width)
        self.second = self.block(width, 2 * width)
        self.bottom = self.block(2 * width, 4 * width)
        self.up = nn.ConvTranspose2d(4 * width, 2 * width, 2, stride=2)
        self.third = self.block(4 * width, 2 * width)
        self.fourth = self.block(3 * width, width)
        self.out = nn.Conv2d(width, 2, 1)

    @staticmethod
    def block(inputs: int, outputs: int) -> nn.Module:
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1),
            nn.GroupNorm(4, outputs),
            nn.LeakyReLU(0.1),
            nn.Conv2d(outputs, outputs, 3, padding=1),
            nn.InstanceNorm2d(outputs, affine=True),
            nn.ELU(),
        )

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        a = self.first(image)
        b = self.second(nn.functional.max_pool2d(a, 2))
        c = self.bottom(nn.functional.avg_pool2d(b, 2))
        b = self.third(torch.cat((self.up(c), b), 1))
        wide = nn.functional.interpolate(b, scale_factor=2, mode="bilinear", align_corners=False)
        return self.out(self.fourth(torch.cat((wide, a), 1)))


class Wave(nn.Module):
    """Dilated one-dimensional convolutions with gates."""

    def __init__(self, width: int = 16, layers: int = 4) -> None:
        super().__init__()
        self.start = nn.Conv1d(1, width, 1)
        self.layers = nn.ModuleList(nn.Conv1d(width, 2 * width, 3, dilation=2**i) for i in range(layers))
        self.out = nn.Conv1d(width, 4, 1)

    def forward(self, sound: torch.Tensor) -> torch.Tensor:
        x = self.start(sound)
        for i, layer in enumerate(self.layers):
            y = layer(nn.functional.pad(x, (2 ** (i + 1), 0)))
            a, b = y.chunk(2, 1)
            x = x + torch.tanh(a) * torch.sigmoid(b)
        return self.out(nn.functional.softplus(x))


class Recommender(nn.Module):
    """Embeddings, their products in pairs, a perceptron."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(150, 16) for _ in range(4))
        self.dense = nn.Sequential(nn.Linear(6, 32), nn.Hardswish(), nn.Linear(32, 16))
        self.register_buffer("upper", torch.tensor([5 * i + j for i in range(5) for j in range(i + 1, 5)]))
        self.top = nn.Sequential(nn.Linear(26, 32), nn.PReLU(), nn.Linear(32, 1), nn.Sigmoid())

    def forward(self, numbers: torch.Tensor, categories: torch.Tensor) -> torch.Tensor:
        dense = self.dense(numbers)
        rows = [table(categories[:, i]) for i, table in enumerate(self.tables)] + [dense]
        stacked = torch.stack(rows, dim=1)
        products = torch.einsum("bik,bjk->bij", stacked, stacked)
        pairs = products.reshape(-1, 25)[:, self.upper]
        return self.top(torch.cat((dense, pairs), 1))


def image(size: int = 64) -> dict[str, torch.Tensor]:
    return {"image": torch.randn(1, 3, size, size)}


def tokens(length: int = 16, batch: int = 2) -> dict[str, torch.Tensor]:
    return {"tokens": torch.randint(0, 100, (batch, length), dtype=torch.int32)}


class Segmentation(nn.Module):
    """A segmentation network's main output."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.network(x)["out"]


def vision_transformer() -> nn.Module:
    return torchvision.models.VisionTransformer(32, 8, 2, 4, 64, 128, num_classes=10)


def swin() -> nn.Module:
    return torchvision.models.SwinTransformer([4, 4], 24, [2, 2], [2, 4], [4, 4], num_classes=10)


def convnext() -> nn.Module:
    setting = torchvision.models.convnext.CNBlockConfig
    return torchvision.models.ConvNeXt([setting(16, 32, 2), setting(32, None, 2)], num_classes=10)


def lazily(network: Callable[[], nn.Module], inputs: Callable[[], dict[str, torch.Tensor]]) -> Callable[[], Network]:
    return lambda: (network(), inputs())


models = torchvision.models

NETWORKS: dict[str, Callable[[], Network]] = {
    "resnet18": lazily(lambda: models.resnet18(num_classes=10), image),
    "resnext50": lazily(lambda: models.resnext50_32x4d(num_classes=10), image),
    "squeezenet": lazily(lambda: models.squeezenet1_1(num_classes=10), image),
    "mobilenet_v2": lazily(lambda: models.mobilenet_v2(num_classes=10), image),
    "mobilenet_v3": lazily(lambda: models.mobilenet_v3_small(num_classes=10), image),
    "shufflenet": lazily(lambda: models.shufflenet_v2_x0_5(num_classes=10), image),
    "efficientnet": lazily(lambda: models.efficientnet_b0(num_classes=10), image),
    "mnasnet": lazily(lambda: models.mnasnet0_5(num_classes=10), image),
    "densenet": lazily(lambda: models.densenet121(num_classes=10), image),
    "googlenet": lazily(lambda: models.googlenet(num_classes=10, aux_logits=False, init_weights=False), image),
    "inception": lazily(lambda: models.inception_v3(num_classes=10, aux_logits=False, init_weights=False), lambda: image(96)),
    "regnet": lazily(lambda: models.regnet_y_400mf(num_classes=10), image),
    "convnext": lazily(convnext, image),
    "vision_transformer": lazily(vision_transformer, lambda: image(32)),
    "swin": lazily(swin, lambda: image(32)),
    "lraspp": lazily(
        lambda: Segmentation(models.segmentation.lraspp_mobilenet_v3_large(weights_backbone=None, num_classes=3)), image
    ),
    "deeplab": lazily(
        lambda: Segmentation(models.segmentation.deeplabv3_mobilenet_v3_large(weights_backbone=None, num_classes=3)),
        image,
    ),
    "unet": lazily(UNet, lambda: image(32)),
    "encoder": lazily(Encoder, tokens),
    "decoder": lazily(Decoder, tokens),
    "llama": lazily(Llama, tokens),
    "tagger": lazily(Tagger, lambda: tokens(12)),
    "wave": lazily(Wave, lambda: {"sound": torch.randn(2, 1, 64)}),
    "recommender": lazily(
        Recommender,
        lambda: {"numbers": torch.randn(3, 6), "categories": torch.randint(0, 100, (3, 4), dtype=torch.int32)},
    ),
}
