"""Models that are wrong somewhere, made of valid ones: mlc must refuse them in words, or run."""

import random

import numpy as np
import onnx

import mlc
from generator import types
from generator.examine import Fault, Outcome

NUMBERS = (0, 1, -1, 2, 7, -8, 2**31 - 1, 2**31, -(2**31), 2**40, 2**62, 2**63 - 1, -(2**63))
REALS = (0.0, -1.0, 1e30, -1e30, float("inf"), float("nan"), 1e-40)
NAMES = ("", "bogus", "x1", "v2", "SAME_UPPER")


def attribute_of(rng, model):
    found = [(node, attribute) for node in model.graph.node for attribute in node.attribute]
    return rng.choice(found) if found else (None, None)


def change_attribute(rng, model):
    _, attribute = attribute_of(rng, model)
    if attribute is None:
        return
    kinds = onnx.AttributeProto
    if attribute.type == kinds.INT:
        attribute.i = rng.choice(NUMBERS)
    elif attribute.type == kinds.FLOAT:
        attribute.f = rng.choice(REALS)
    elif attribute.type == kinds.STRING:
        attribute.s = rng.choice(NAMES).encode()
    elif attribute.type == kinds.INTS and attribute.ints and rng.random() < 0.7:
        attribute.ints[rng.randrange(len(attribute.ints))] = rng.choice(NUMBERS)
    elif attribute.type == kinds.INTS:
        attribute.ints.extend([rng.choice(NUMBERS)] * rng.choice((1, 2, 100)))
    elif attribute.type == kinds.TENSOR:
        change_tensor(rng, attribute.t)


def change_kind(rng, model):
    _, attribute = attribute_of(rng, model)
    if attribute is not None:
        attribute.type = rng.randrange(15)


def drop_attribute(rng, model):
    node, attribute = attribute_of(rng, model)
    if attribute is not None:
        node.attribute.remove(attribute)


def change_tensor(rng, tensor):
    what = rng.randrange(3)
    if what == 0 and tensor.dims:
        tensor.dims[rng.randrange(len(tensor.dims))] = rng.choice(NUMBERS)
    elif what == 1:
        tensor.data_type = rng.randrange(28)
    elif tensor.data_type == onnx.TensorProto.INT64 and tensor.raw_data:
        array = onnx.numpy_helper.to_array(tensor).copy().reshape(-1)
        array[rng.randrange(array.size)] = rng.choice(NUMBERS)
        tensor.raw_data = array.tobytes()


def change_initializer(rng, model):
    if model.graph.initializer:
        change_tensor(rng, rng.choice(model.graph.initializer))


def change_input(rng, model):
    if not model.graph.input:
        return
    tensor = rng.choice(model.graph.input).type.tensor_type
    what = rng.randrange(4)
    if what == 0:
        tensor.elem_type = rng.randrange(28)
    elif what == 1 and tensor.shape.dim:
        rng.choice(tensor.shape.dim).dim_value = rng.choice(NUMBERS)
    elif what == 2:
        tensor.shape.dim.add().dim_value = rng.choice(NUMBERS)
    elif tensor.shape.dim:
        del tensor.shape.dim[rng.randrange(len(tensor.shape.dim))]


def change_wires(rng, model):
    node = rng.choice(model.graph.node)
    names = [name for other in model.graph.node for name in [*other.input, *other.output]]
    what = rng.randrange(5)
    if what == 0 and node.input:
        node.input[rng.randrange(len(node.input))] = rng.choice([*names, *NAMES])
    elif what == 1:
        node.input.append(rng.choice([*names, *NAMES]))
    elif what == 2 and node.input:
        del node.input[rng.randrange(len(node.input))]
    elif what == 3 and node.output:
        node.output[rng.randrange(len(node.output))] = rng.choice([*names, *NAMES])
    else:
        node.output.append(rng.choice([*names, "more"]))


def change_op(rng, model):
    ops = sorted({schema.name for schema in onnx.defs.get_all_schemas()})
    rng.choice(model.graph.node).op_type = rng.choice(ops)


def change_opset(rng, model):
    model.opset_import[0].version = rng.choice((*range(5, 30), *NUMBERS))


def change_outputs(rng, model):
    model.graph.output.add().CopyFrom(rng.choice(model.graph.output))
    if rng.random() < 0.7:
        model.graph.output[-1].name = rng.choice(NAMES)


MUTATIONS = (
    *(change_attribute,) * 6,
    *(change_initializer,) * 3,
    *(change_input,) * 2,
    *(change_wires,) * 3,
    *(change_op,) * 2,
    change_kind,
    drop_attribute,
    change_opset,
    change_outputs,
)


def mutate(case):
    """The model of the case with one to three things wrong."""
    rng, model = random.Random(case.seed), case.proto()
    for _ in range(rng.choice((1, 1, 2, 3))):
        if model.graph.node:
            rng.choice(MUTATIONS)(rng, model)
    return model


def feed(rng, case, spec):
    """An input for the module, the case's where that is one."""
    given = case.values.get(spec.name)
    shape = [rng.choice((0, 1, 2, 3, 17)) if isinstance(size, str) else size for size in spec.shape]
    if given is not None and given.dtype == spec.dtype and rng.random() < 0.5:
        return given
    if np.prod(shape, dtype=object) > 10**6:
        return np.zeros([1] * len(shape), spec.dtype)
    if spec.dtype in types.INTEGERS and rng.random() < 0.3:
        least, most = types.limits(spec.dtype)
        return np.array(
            [rng.choice([n for n in NUMBERS if least <= n <= most]) for _ in range(int(np.prod(shape)))], spec.dtype
        ).reshape(shape)
    return (np.arange(np.prod(shape, dtype=int)) % 5).reshape(shape).astype(spec.dtype)


def examine_mutant(case):
    """Refused in words, or compiled and run; the results are not looked at."""
    model, rng = mutate(case), random.Random(case.seed)
    try:
        module = mlc.compile(model, threads=1)
    except mlc.CompileError as error:
        text = str(error)
        if "fault of mlc" in text or not text.startswith("error: "):
            return Outcome("fault", text)
        return Outcome("refused", "as it should be")
    runs = 0
    for _ in range(2):
        try:
            module.run({spec.name: feed(rng, case, spec) for spec in module.inputs})
            runs += 1
        except mlc.Error as error:
            if not str(error):
                raise Fault("a run fails without words") from error
    return Outcome("passed", runs=runs)
