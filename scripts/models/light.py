"""The models of onnx's folder `light` with random weights. As shipped all their outputs are equal."""

import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

FOLDER = pathlib.Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
NORMALIZED = {"Conv", "Gemm"}


def evaluate(node, inputs, opsets):
    """The outputs of a single node."""
    named = dict(inputs)
    kind = helper.np_dtype_to_tensor_dtype
    types = [helper.make_tensor_value_info(name, kind(x.dtype), x.shape) for name, x in named.items()]
    outputs = [helper.make_value_info(name, onnx.TypeProto()) for name in node.output if name]
    model = helper.make_model(helper.make_graph([node], "node", types, outputs), opset_imports=opsets, ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in outputs], session.run(None, named)))


class Filler:
    """Replaces constants of one value by random ones, node by node, such that every layer's output has a variance of
    about one: what a normalisation needs to know of its input is measured."""

    def __init__(self, model, feeds, random):
        self.model, self.random = model, random
        self.values = dict(feeds)
        self.shipped = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        self.filled = {}

    def draw(self, shape, role):
        spread = 1 / np.sqrt(max(np.prod(shape[1:]), 1)) if len(shape) > 1 else 0.1
        return (role + spread * self.random.standard_normal(shape)).astype(np.float32)

    def weight(self, name, role=0):
        """The value of a constant that has one value only, drawn anew around `role`; other values as they are."""
        value = self.values[name]
        if name in self.shipped and name not in self.filled and value.dtype == np.float32:
            self.filled[name] = self.values[name] = self.draw(value.shape, role)
        return self.values[name]

    def fill_normalization(self, node):
        x = self.values[node.input[0]].astype(np.float64)
        self.weight(node.input[1], role=1), self.weight(node.input[2])
        for name, measured in zip(node.input[3:], (x.mean((0, 2, 3)), x.var((0, 2, 3)) + 0.01)):
            self.filled[name] = self.values[name] = measured.astype(np.float32)

    def fill(self, node):
        if node.op_type == "BatchNormalization":
            self.fill_normalization(node)
        else:
            for name in node.input:
                # A scale of channels; other vectors are biases.
                self.weight(name, role=int(name.endswith("_w_0") and self.values[name].ndim == 1))

    def scale(self, node, output):
        """Divides weight and bias by the deviation of the output that they make."""
        deviation = np.float32(max(output.std(), 1e-6))
        for name in node.input[1:]:
            self.filled[name] = self.values[name] = self.values[name] / deviation

    def run(self):
        opsets = self.model.opset_import
        self.values.update(self.shipped)
        kept = []
        for node in self.model.graph.node:
            if node.op_type == "ConstantOfShape":
                name = node.output[0]
                (self.values[name],) = evaluate(node, {node.input[0]: self.values[node.input[0]]}, opsets).values()
                self.shipped[name] = self.values[name]
                continue
            kept.append(node)
            self.fill(node)
            inputs = lambda: {name: self.values[name] for name in node.input}
            outputs = evaluate(node, inputs(), opsets)
            if node.op_type in NORMALIZED:
                self.scale(node, outputs[node.output[0]])
                outputs = evaluate(node, inputs(), opsets)
            self.values.update(outputs)
        return kept


def fill(name, feeds, random):
    """The model `light_NAME` with weights in place of the constants."""
    model = onnx.load(FOLDER / f"light_{name}.onnx")
    filler = Filler(model, feeds, random)
    nodes = filler.run()
    used = {name for node in nodes for name in node.input}
    weights = [numpy_helper.from_array(filler.values[n], n) for n in filler.shipped if n in used]
    inputs = [info for info in model.graph.input if info.name in feeds]
    del model.graph.node[:], model.graph.initializer[:], model.graph.input[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(weights)
    model.graph.input.extend(inputs)
    model.ir_version = 4  # The first in which a weight need not be an input.
    return model
