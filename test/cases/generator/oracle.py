"""What a node computes, by onnxruntime or, where it has no kernel, by onnx's reference evaluator."""

import dataclasses
import math
import warnings

import numpy as np
import onnx
import onnx.reference
import onnxruntime

from generator import types
from generator.model import make_model

onnxruntime.set_default_logger_severity(4)

NEWEST_OF_ONNXRUNTIME = 26


def is_empty(node, arrays):
    return 0 in arrays[node.inputs[0]].shape


def has_large_integers(node, arrays):
    array = arrays[node.inputs[0]]
    return array.dtype in (types.I64, types.U64) and bool(np.any(np.abs(array.astype(np.float64)) > 2**53))


def is_integer(node, arrays):
    return arrays[node.inputs[0]].dtype in types.INTEGERS


def sums_may_overflow(power):
    """Whether a sum of absolute integers, raised to the power, may be too large for their type."""

    def is_so(node, arrays):
        if not is_integer(node, arrays):
            return False
        array = arrays[node.inputs[0]]
        return float(np.sum(np.abs(array.astype(np.float64)) ** power)) > np.iinfo(array.dtype).max

    return is_so


def holds_nan(node, arrays):
    return bool(np.isnan(arrays[node.inputs[0]].astype(np.float64)).any())


def has_empty_input(node, arrays):
    return any(0 in arrays[name].shape for name in node.inputs if name)


def is_bfloat(node, arrays):
    return arrays[node.inputs[0]].dtype == types.BF16


def is_double(node, arrays):
    return arrays[node.inputs[0]].dtype == types.F64


def is_integer_mean_of_nothing(node, arrays):
    return is_empty(node, arrays) and is_integer(node, arrays)


def may_sum_to_less_than_one(node, arrays):
    return is_integer(node, arrays) and bool((arrays[node.inputs[0]] <= 0).any())


def is_mean_of_nothing(node, arrays):
    return is_empty(node, arrays) and node.attributes.get("reduction") in (None, "mean")


def has_other_weights(node, arrays):
    return len(node.inputs) > 2 and len(arrays[node.inputs[2]]) != arrays[node.inputs[0]].shape[1]


def has_other_targets(node, arrays):
    scores, targets = (arrays[name].shape for name in node.inputs[:2])
    return (*scores[:1], *scores[2:]) != targets


def reduces_nothing_from_the_end(node, arrays):
    axes = node.attributes.get("axes") or [node.attributes.get("axis", 0)]
    if len(node.inputs) > 1:
        axes = arrays[node.inputs[1]].reshape(-1)
    return is_empty(node, arrays) and any(axis < 0 for axis in axes)


def is_scan_of_nothing(node, arrays):
    scanned = node.inputs[-node.attributes["num_scan_inputs"] :]
    return any(0 in arrays[name].shape for name in scanned)


def is_dilated(node):
    return any(dilation > 1 for dilation in node.attributes.get("dilations") or ())


def is_dilated_same(node, arrays):
    return is_dilated(node) and node.attributes.get("auto_pad", "NOTSET").startswith("SAME")


def is_dilated_and_reaches_over_the_end(node, arrays):
    return is_dilated(node) and node.attributes.get("ceil_mode", 0) == 1


def leaves_gaps_in_same(node, arrays):
    kernel = node.attributes.get("kernel_shape") or arrays[node.inputs[1]].shape[2:]
    strides, dilations = (node.attributes.get(name) or [1] * len(kernel) for name in ("strides", "dilations"))
    spans = [(size - 1) * dilation + 1 for size, dilation in zip(kernel, dilations)]
    is_shorter = any(span < stride for span, stride in zip(spans, strides))
    return is_shorter and node.attributes.get("auto_pad", "NOTSET").startswith("SAME")


def begins_before_the_first(node, arrays):
    rank = arrays[node.inputs[0]].ndim
    return any(node.attributes.get(name, 0) < -rank for name in ("start", "end"))


def has_no_window(node, arrays):
    spatial, kernel = arrays[node.inputs[0]].shape[2:], node.attributes["kernel_shape"]
    if node.attributes.get("auto_pad", "NOTSET").startswith("SAME"):
        return False
    dilations = node.attributes.get("dilations") or [1] * len(kernel)
    pads = node.attributes.get("pads") or [0] * (2 * len(kernel))
    spans = [(size - 1) * dilation + 1 for size, dilation in zip(kernel, dilations)]
    borders = [low + high for low, high in zip(pads, pads[len(kernel) :])]
    return any(size + border < span for size, border, span in zip(spatial, borders, spans))


def joins_unlike_sizes(node, arrays):
    shapes = [list(arrays[name].shape) for name in node.inputs]
    for shape in shapes:
        shape[node.attributes["axis"]] = 0
    return any(shape != shapes[0] for shape in shapes)


def compares_nothing(node, arrays):
    array, axis = arrays[node.inputs[0]], node.attributes.get("axis")
    return axis is not None and array.size == 0 and array.shape[axis] > 0


def is_unique_in_order_of_appearance(node, arrays):
    if node.attributes.get("sorted", 1):
        return False
    is_along_first = node.attributes.get("axis", 0) == 0 and ("axis" in node.attributes or arrays[node.inputs[0]].ndim == 1)
    return len(node.outputs) == 1 or not is_along_first


def chooses_beyond(node, arrays):
    array, condition = (arrays[name] for name in node.inputs)
    axis = node.attributes.get("axis")
    return len(condition) > (array.size if axis is None else array.shape[axis])


def has_other_scales(node, arrays):
    channels = arrays[node.inputs[0]].shape[1]
    return any(len(arrays[name]) not in (channels, node.attributes["num_groups"]) for name in node.inputs[1:])


def has_larger_slope(node, arrays):
    array, slope = (arrays[name] for name in node.inputs)
    sizes = (1,) * (slope.ndim - array.ndim) + array.shape
    return any(size not in (1, own) for size, own in zip(slope.shape[::-1], sizes[::-1]))


def has_other_lengths(node, arrays):
    array, lengths = (arrays[name] for name in node.inputs)
    return len(lengths) != array.shape[node.attributes.get("batch_axis", 1)]


def gathers_beyond(node, arrays):
    array, indices = (arrays[name] for name in node.inputs)
    size = array.shape[node.attributes.get("axis", 0)]
    return bool(((indices < -size) | (indices >= size)).any())


def is_aligned_to_a_part(node, arrays):
    if node.attributes.get("coordinate_transformation_mode") != "align_corners" or len(node.inputs) != 3:
        return False
    sizes = np.array(arrays[node.inputs[0]].shape) * arrays[node.inputs[2]]
    return bool(np.any(sizes != np.floor(sizes)))


def casts_negative_to_unsigned(node, arrays):
    array = arrays[node.inputs[0]]
    target = arrays[node.inputs[1]].dtype if len(node.inputs) > 1 else types.from_onnx(node.attributes["to"])
    return types.is_float(array.dtype) and target in types.UNSIGNED and bool((array.astype(np.float64) <= -1).any())


def is_no_integer(node, arrays):
    base, exponent = (arrays[name] for name in node.inputs)
    if not is_integer(node, arrays) or not types.is_float(exponent.dtype):
        return False
    with np.errstate(all="ignore"):
        power = np.power(base.astype(np.float64), exponent.astype(np.float64))
    limits = np.iinfo(base.dtype)
    return not bool(np.all((power > limits.min - 1.0) & (power < limits.max + 1.0)))


def names_an_axis_twice(node, arrays):
    if len(node.inputs) < 4 or not node.inputs[3]:
        return False
    axes = arrays[node.inputs[3]] % max(1, arrays[node.inputs[0]].ndim)
    return len(set(axes.tolist())) < len(axes)


def walks_back_from_outside(node, arrays):
    if len(node.inputs) < 5:
        return False
    array, starts, _, axes, steps = (arrays[name] if name else None for name in node.inputs)
    axes = range(len(starts)) if axes is None else axes
    return any(step < 0 and start < -array.shape[axis] for start, axis, step in zip(starts, axes, steps))


def has_axes_after(node, arrays):
    return node.attributes.get("axis", -1) not in (-1, arrays[node.inputs[0]].ndim - 1)


WRONG_IN_ONNXRUNTIME = (
    # Along an axis that counts from the end, an empty array keeps its size.
    ("Reduce", reduces_nothing_from_the_end),
    ("ArgM", reduces_nothing_from_the_end),
    # The mean of no floats is NaN, not 0.
    ("ReduceMean", is_empty),
    # A NaN counts or not, depending on where it is.
    *((op, holds_nan) for op in ("ReduceMax", "ReduceMin")),
    # A scalar has no axis.
    ("NonZero", lambda node, arrays: arrays[node.inputs[0]].ndim == 0),
    # End the process.
    ("Unique", compares_nothing),
    ("Scan", is_scan_of_nothing),
    ("ConvTranspose", has_empty_input),
    ("Einsum", has_empty_input),
    ("InstanceNormalization", has_empty_input),
    *((op, has_empty_input) for op in ("RNN", "GRU", "LSTM")),
    # Is expanded to a Reshape, which takes a size of 0 for that of the input.
    ("GroupNormalization", has_empty_input),
    # Of a product without terms only the addend is left, without its factor.
    ("Gemm", has_empty_input),
    # Leave the result as the memory was.
    ("MatMulInteger", has_empty_input),
    ("QLinearMatMul", has_empty_input),
    ("QLinearConv", has_empty_input),
    # Goes through doubles.
    ("Mod", has_large_integers),
    # Every exponential and the logarithm are cut to integers.
    ("ReduceLogSumExp", is_integer),
    # In single precision, or with constants in it.
    ("Erf", is_double),
    ("Gelu", is_double),
    ("HardSwish", is_double),
    ("GroupNormalization", is_double),
    # log(exp(x) + 1)
    ("Softplus", is_double),
    # Off by several units in the last place, all to one side.
    ("Tanh", is_double),
    # Far from exact, or with constants in single precision.
    *((op, lambda node, arrays: True) for op in ("DFT", "HannWindow", "HammingWindow", "BlackmanWindow")),
    # The last element is aligned with the end, as onnx's own cases do not have it.
    ("Resize", is_aligned_to_a_part),
)
"""Ops, by the begin of their names, for which onnx's evaluator is asked at once, and when."""

WRONG_IN_ONNX = (
    # What lies before the first axis counts from the end once more.
    ("Shape", begins_before_the_first),
    # Two axes become as many as are spatial.
    ("GlobalMaxPool", lambda node, arrays: arrays[node.inputs[0]].ndim != 4),
    # Before opset 13 it is over all axes from its own on.
    ("Hardmax", has_axes_after),
    # Walking back from before the first element begins with the first; NumPy has nothing there.
    ("Slice", walks_back_from_outside),
    # All groups get the bias of the first.
    ("ConvTranspose", lambda node, arrays: node.attributes.get("group", 1) > 1 and len(node.inputs) > 2),
    # Windows that reach over the end hold what is elsewhere in the array.
    ("LpPool", lambda node, arrays: node.attributes.get("ceil_mode", 0) == 1),
    ("AveragePool", is_dilated_and_reaches_over_the_end),
    # What comes first is taken along axis 0, whichever is meant, and of one result the order is left alone.
    ("Unique", is_unique_in_order_of_appearance),
    # Sums in the type of the array.
    ("LRN", is_bfloat),
    # In single precision, or with constants in it.
    ("Erf", is_double),
    ("Gelu", is_double),
    ("HardSwish", is_double),
    ("LRN", is_double),
    ("GroupNormalization", is_double),
    # log(exp(x) + 1)
    ("Softplus", is_double),
)
"""The same for onnx's evaluator; such cases are not drawn."""

UNDEFINED = (
    ("ReduceMean", is_integer_mean_of_nothing),
    # Their mean divides by the number of elements or by the sum of weights; onnxruntime gives 0, others NaN.
    ("NegativeLogLikelihoodLoss", is_mean_of_nothing),
    ("SoftmaxCrossEntropyLoss", is_mean_of_nothing),
    # A weight per class and no more is what ONNX asks for; onnxruntime takes more.
    ("NegativeLogLikelihoodLoss", has_other_weights),
    ("SoftmaxCrossEntropyLoss", has_other_weights),
    # onnxruntime takes as many scores as there are targets.
    ("NegativeLogLikelihoodLoss", has_other_targets),
    ("SoftmaxCrossEntropyLoss", has_other_targets),
    # onnxruntime leaves operands without elements out whatever their other sizes are.
    ("Concat", joins_unlike_sizes),
    # onnxruntime and the evaluator place the windows as if they were dense.
    *((op, is_dilated_same) for op in ("MaxPool", "AveragePool", "LpPool")),
    # The result has size times stride elements, says ONNX; onnxruntime has less when the stride is the longer.
    ("ConvTranspose", leaves_gaps_in_same),
    # The border would be negative: onnxruntime cuts some ops' arrays and refuses others.
    *((op, leaves_gaps_in_same) for op in ("MaxPool", "AveragePool", "LpPool")),
    # No window fits into the array.
    *((op, has_no_window) for op in ("MaxPool", "AveragePool", "LpPool")),
    # onnxruntime cuts the condition.
    ("Compress", chooses_beyond),
    # C++ does not say what comes out.
    ("Cast", casts_negative_to_unsigned),
    ("Pow", is_no_integer),
    ("ReduceLogSum", may_sum_to_less_than_one),
    # No integer is that of NaN.
    ("QuantizeLinear", holds_nan),
    # The sum wraps, saturates or goes through doubles.
    ("ReduceL1", sums_may_overflow(1)),
    ("ReduceL2", sums_may_overflow(2)),
    ("ReduceSumSquare", sums_may_overflow(2)),
    ("Gemm", has_large_integers),
    ("ReduceMean", has_large_integers),
    ("Shrink", has_large_integers),
    # There is a scale per group or per channel, not one for all.
    ("GroupNormalization", has_other_scales),
    # The slope is broadcast to the array; both oracles broadcast the array too.
    ("PRelu", has_larger_slope),
    # The evaluator leaves rows without a length as they are.
    ("ReverseSequence", has_other_lengths),
    # The evaluator counts an index beyond the end from the begin.
    ("GatherElements", gathers_beyond),
    # An axis may be named once.
    ("Slice", names_an_axis_twice),
)
"""Ops, by the begin of their names, that have no right answer, and when."""

WINDOWS = ("HannWindow", "HammingWindow", "BlackmanWindow")
ABSOLUTE = ("Sigmoid", "Gelu", "LogSoftmax", "SoftmaxCrossEntropyLoss", *WINDOWS)
"""Ops that oracles compute as, or as the logarithm of, one plus something: they are off by so much of 1, also where the
result is small."""

SUMS = ("ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMean", "ReduceSum", "ReduceSumSquare")
IN_DOUBLE = ("MeanVarianceNormalization", *SUMS, *WINDOWS)
"""Ops whose definition loses digits, a difference of squares or of cosines, and that the evaluator sums in the type of
the array: both oracles are asked for doubles."""


def least_of(node, values, result):
    """The number that a result of the node may be off by one step of, where its elements are smaller."""
    if node.op == "Resize":
        # Coordinates are as large as the axis is long, and weigh neighbours.
        array = values[node.inputs[0]]
        return max(array.shape, default=1) * float(np.max(np.abs(array.astype(np.float64)), initial=0))
    if node.op in ("ReduceSum", "ReduceL1"):
        # Every term rounds the sum so far.
        array = np.abs(values[node.inputs[0]].astype(np.float64))
        sums = max(1, result.size)
        return math.sqrt(array.size / sums) * float(array.sum()) / sums
    return float(node.op in ABSOLUTE)


def matches(table, node, arrays):
    try:
        return any(node.op.startswith(op) and is_so(node, arrays) for op, is_so in table)
    except ValueError as error:
        raise Invalid(f"the operands do not fit: {error}") from error


def widened(arrays):
    return {name: array.astype(types.F64) if types.is_float(array.dtype) else array for name, array in arrays.items()}


class Invalid(Exception):
    """The oracles refuse the node."""


def _graph(node, arrays):
    """A model of the one node; what it captures from outside is an input too."""

    def dims(name, array):
        # Of vectors that say sizes onnxruntime wants to know the length.
        is_known = array.ndim == 1 and name != node.inputs[0] and node.op == "Resize"
        return array.shape if is_known else [None] * array.ndim

    infos = [
        onnx.helper.make_tensor_value_info(name, types.to_onnx(array.dtype), dims(name, array))
        for name, array in arrays.items()
    ]
    outputs = [onnx.helper.make_value_info(name, onnx.TypeProto()) for name in node.outputs if name]
    return onnx.helper.make_graph([node.proto()], "node", infos, outputs)


class Oracle:
    """One node; asked again for other contents."""

    def __init__(self, node, opset, arrays):
        """`arrays` are the values by name that the node and its subgraphs read."""
        self.names = list(arrays)
        self.rounds_to = None
        if node.op in IN_DOUBLE:
            self.rounds_to = types.F32 if node.op in WINDOWS else arrays[node.inputs[0]].dtype
            wide = {"output_datatype": types.to_onnx(types.F64)} if node.op in WINDOWS else {}
            node = dataclasses.replace(node, attributes=node.attributes | wide)
            arrays = widened(arrays)
        self.session = self.evaluator = None
        if onnx.defs.get_schema(node.op, opset).since_version <= NEWEST_OF_ONNXRUNTIME:
            opset = min(opset, NEWEST_OF_ONNXRUNTIME)
        self.model = make_model(_graph(node, arrays), opset)
        self.node = node
        if opset <= NEWEST_OF_ONNXRUNTIME:
            self.session = self._open(node)
        if self.session is None:
            self._use_evaluator()

    def _open(self, node):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        try:
            return onnxruntime.InferenceSession(self.model.SerializeToString(), options, ["CPUExecutionProvider"])
        except onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented:
            return None
        except Exception as error:
            # Types that it does not implement are reported as if the model were wrong.
            try:
                onnx.checker.check_model(self.model, full_check=True)
                return None
            except Exception:
                raise Invalid(f"onnxruntime: {error}") from error

    def _use_evaluator(self):
        try:
            self.evaluator = onnx.reference.ReferenceEvaluator(self.model)
            inferred = onnx.shape_inference.infer_shapes(self.model, strict_mode=True).graph.output
        except Exception as error:
            raise Invalid(f"onnx: {error}") from error
        # Of a function that is made for its node the inference may say nothing.
        numbers = [info.type.tensor_type.elem_type for info in inferred]
        self.result_types = [onnx.helper.tensor_dtype_to_np_dtype(number) if number else None for number in numbers]

    def run(self, arrays):
        feeds = {name: arrays[name] for name in self.names}
        if self.rounds_to is None:
            return self._run(feeds)
        return [np.asarray(result, self.rounds_to) for result in self._run(widened(feeds))]

    def _run(self, feeds):
        if matches(UNDEFINED, self.node, feeds):
            raise Invalid("the op is not defined for these contents")
        is_trusted = not any(array.dtype == types.BF16 for array in feeds.values())
        if self.session is not None and is_trusted and not matches(WRONG_IN_ONNXRUNTIME, self.node, feeds):
            try:
                return [np.asarray(result) for result in self.session.run(None, feeds)]
            except Exception as error:
                # The Python interface has no bfloat16.
                if "bfloat16" not in str(error):
                    raise Invalid(f"onnxruntime: {error}") from error
        if matches(WRONG_IN_ONNX, self.node, feeds):
            raise Invalid("onnx's evaluator is known to be wrong")
        if self.evaluator is None:
            self._use_evaluator()
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                results = self.evaluator.run(None, feeds)
        except Exception as error:
            raise Invalid(f"onnx: {error}") from error
        # NumPy makes more of some types than the op does.
        return [np.asarray(result, dtype) for result, dtype in zip(results, self.result_types, strict=True)]


def noise(array, rng, least=0.0):
    """The array with most elements moved to the next number up or down, or to that of `least` where that is more."""
    if array.dtype not in types.FLOATS:
        return array
    wide = array.astype(np.float64)
    with np.errstate(all="ignore"):
        step = types.epsilon(array.dtype) * np.maximum(np.abs(wide), least)
        return np.asarray(wide + step * rng.integers(-1, 2, array.shape), array.dtype)


class Evaluation:
    """All values of a case, node by node."""

    def __init__(self, opset):
        self.opset = opset
        self.oracles = {}

    def step(self, node, values):
        """The results of one node."""
        if node.outputs[0] not in self.oracles:
            read = dict.fromkeys([*filter(None, node.inputs), *captured(node)])
            self.oracles[node.outputs[0]] = Oracle(node, self.opset, {name: values[name] for name in read})
        return self.oracles[node.outputs[0]].run(values)

    def run(self, case, leaves):
        values = dict(leaves)
        for node in case.nodes:
            values |= zip(filter(None, node.outputs), self.step(node, values))
        return values

    def run_noisy(self, case, leaves, rng):
        """As above when every smooth node sees and gives slightly wrong numbers."""
        values = dict(leaves)
        exact = {name for name, leaf in case.leaves.items() if leaf.fixed is not None and not leaf.is_rounded}
        for node in case.nodes:
            seen = values
            if node.is_smooth:
                seen = {name: array if name in exact else noise(array, rng) for name, array in values.items()}
            results = self.step(node, seen)
            if node.is_smooth:
                results = [noise(result, rng, least_of(node, values, result)) for result in results]
            values |= zip(filter(None, node.outputs), results)
        return values


def captured(node):
    """Names that the subgraphs of a node take from outside."""
    names = []
    for value in node.attributes.values():
        if not isinstance(value, onnx.GraphProto):
            continue
        own = {info.name for info in value.input} | {tensor.name for tensor in value.initializer}
        for inner in value.node:
            inner_captured = captured_of(inner)
            names += [name for name in [*inner.input, *inner_captured] if name and name not in own]
            own |= set(inner.output)
        names += [info.name for info in value.output if info.name not in own]
    return names


def captured_of(proto):
    attributes = {attribute.name: attribute.g for attribute in proto.attribute if attribute.HasField("g")}
    return captured(_Attributes(attributes))


class _Attributes:
    def __init__(self, attributes):
        self.attributes = attributes
