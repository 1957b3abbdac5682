"""The models, and the sizes and inputs that each is tried with: one list for what exports them and what compares."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

Feeds = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """One size of a model's inputs. `runs` yields the inputs of each run of a row of runs, one as a rule."""

    label: str
    runs: Callable[[], Iterator[Feeds]]
    carried: dict[str, str] = field(default_factory=dict)
    """Outputs of a run that replace inputs of the next one: {output: input}."""


@dataclass(frozen=True)
class Model:
    name: str
    cases: list[Case]

    @property
    def file(self):
        return f"{self.name}.onnx"


def generator(*key):
    """Random numbers that follow from the key alone."""
    return np.random.default_rng(zlib.crc32(repr(key).encode()))


def case(label, draw, *sizes):
    """A case of one run, with the inputs that `draw` makes of a generator and the sizes."""
    return Case(label, lambda: iter([draw(generator(label), *sizes)]))


# Images


def image(name):
    def draw(random, batch, height, width):
        """Smooth patches with noise, normalised as pictures are."""
        coarse = random.standard_normal((batch, 3, height // 16 + 1, width // 16 + 1))
        smooth = np.repeat(np.repeat(coarse, 16, 2), 16, 3)[:, :, :height, :width]
        return {name: (smooth + 0.3 * random.standard_normal(smooth.shape)).astype(np.float32)}

    return draw


def images(name, input_name, *sizes):
    return Model(name, [case("x".join(map(str, (b, 3, h, w))), image(input_name), b, h, w) for b, h, w in sizes])


LIGHT = {
    "bvlc_alexnet": "data_0",
    "densenet121": "data_0",
    "inception_v1": "data_0",
    "inception_v2": "data_0",
    "resnet50": "gpu_0/data_0",
    "shufflenet": "gpu_0/data_0",
    "squeezenet": "data_0",
    "vgg19": "data_0",
    "zfnet512": "gpu_0/data_0",
}
"""The input of each model of onnx's folder `light`."""


# Text


def mask(random, batch, length):
    """The last row is whole, the others end somewhere."""
    ends = np.append(random.integers(1, length + 1, batch - 1), length)
    return (np.arange(length) < ends[:, None]).astype(np.int64)


def bert(vocabulary):
    def draw(random, batch, length):
        ids = random.integers(0, vocabulary, (batch, length))
        types = np.broadcast_to(np.arange(length) * 2 // max(length, 2), (batch, length))
        return {"input_ids": ids, "attention_mask": mask(random, batch, length), "token_type_ids": types.copy()}

    return draw


def text(name, draw, *sizes):
    return Model(name, [case(f"batch {b}, length {n}", draw, b, n) for b, n in sizes])


GPT2_LAYERS, GPT2_HEADS, GPT2_HEAD_SIZE, GPT2_VOCABULARY = 12, 12, 64, 50257


def prompt(random, batch, length):
    ids = random.integers(0, GPT2_VOCABULARY, (batch, length))
    return {"input_ids": ids, "attention_mask": mask(random, batch, length)}


def continuation(random, batch, past):
    shape = (batch, GPT2_HEADS, past, GPT2_HEAD_SIZE)
    feeds = {"input_ids": random.integers(0, GPT2_VOCABULARY, (batch, 1))}
    feeds["attention_mask"] = np.ones((batch, past + 1), np.int64)
    for layer in range(GPT2_LAYERS):
        for kind in ("key", "value"):
            feeds[f"past.{layer}.{kind}"] = random.standard_normal(shape).astype(np.float32)
    return feeds


def gpt2_decode(*sizes):
    return Model("gpt2-decode", [case(f"batch {b}, past {n}", continuation, b, n) for b, n in sizes])


# Sound


def spectrogram(random, batch):
    return {"input_features": random.standard_normal((batch, 80, 3000)).astype(np.float32)}


def voice(random, rate, samples):
    """Harmonics of a gliding pitch that come and go, in noise: what sounds like speech to a detector."""
    time = np.arange(samples) / rate
    phase = 2 * np.pi * np.cumsum(120 + 40 * np.sin(2 * np.pi * 0.7 * time)) / rate
    tones = sum(np.sin(k * phase) / k for k in range(1, 20))
    loud = np.clip(np.sin(2 * np.pi * 0.8 * time), 0, 1) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time))
    return (0.2 * loud * tones + 0.01 * random.standard_normal(samples)).astype(np.float32)


def chunks(label, rate, batch, count=100):
    """What silero-vad is called with: a chunk after the end of the chunk before it."""
    size, context = (512, 64) if rate == 16000 else (256, 32)

    def runs():
        random = generator(label)
        signal = np.stack([voice(random, rate, context + size * count) for _ in range(batch)])
        for begin in range(0, size * count, size):
            state = np.zeros((2, batch, 128), np.float32)
            yield {"input": signal[:, begin : begin + context + size], "state": state, "sr": np.array(rate)}

    return Case(label, runs, {"stateN": "state"})


def magika(random, batch):
    """Beginning and end of files: bytes, and 256 where a file is shorter."""
    tokens = random.integers(0, 256, (batch, 2, 1024))
    tokens[np.arange(1024) >= random.integers(1, 1025, (batch, 2, 1))] = 256
    return {"bytes": tokens.reshape(batch, 2048).astype(np.int32)}


MODELS = [
    Model("magika", [case(f"batch {batch}", magika, batch) for batch in (1, 8, 32)]),
    Model("silero-vad", [chunks("16 kHz", 16000, 1), chunks("8 kHz", 8000, 1), chunks("16 kHz, batch 3", 16000, 3)]),
    images("ppocr-det", "x", (1, 640, 640), (1, 736, 1280), (1, 320, 480), (2, 96, 160), (1, 32, 32)),
    images("ppocr-cls", "x", (6, 48, 192), (1, 48, 192), (3, 48, 100), (1, 64, 320), (2, 48, 97)),
    text("minilm-l6", bert(30522), (1, 128), (1, 3), (2, 17), (4, 64), (8, 128), (8, 256), (3, 255)),
    *(images(f"light-{name}", entry, (1, 224, 224)) for name, entry in LIGHT.items()),
    images("resnet-50", "image", (1, 224, 224), (4, 224, 224), (2, 193, 256)),
    images("mobilenet-v2", "image", (1, 224, 224), (4, 224, 224), (2, 161, 256)),
    images("efficientnet-b0", "image", (1, 224, 224), (4, 224, 224), (2, 161, 256)),
    images("vit-b-16", "image", (1, 224, 224), (3, 224, 224)),
    text("bert-base", bert(30522), (1, 128), (1, 7), (4, 64)),
    text("gpt2-prefill", prompt, (1, 64), (1, 5), (3, 33)),
    gpt2_decode((1, 64), (1, 1), (4, 127), (2, 511)),
    Model("whisper-tiny-encoder", [case(f"batch {batch}", spectrogram, batch) for batch in (1, 2)]),
]
