"""Branches, loops and functions of ONNX, compiled once and run at several sizes; onnxruntime as the oracle."""

import mlc
import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper


@pytest.fixture
def x():
    return np.random.default_rng(0).standard_normal((3, 4)).astype(np.float32)


def tensor(name, dims, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, dims)


def constant(name, value):
    return numpy_helper.from_array(np.asarray(value), name)


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs.split(","), outputs.split(","), **attributes)


def graph(nodes, inputs, outputs, constants=()):
    return helper.make_graph(nodes, "graph", inputs, outputs, list(constants))


def model(nodes, inputs, outputs, constants=(), functions=()):
    opsets = [helper.make_opsetid("", 17)] + [helper.make_opsetid("own", 1)] * bool(functions)
    return helper.make_model(
        graph(nodes, inputs, outputs, constants), opset_imports=opsets, ir_version=8, functions=functions
    )


def check(source, *feeds):
    module = mlc.compile(source)
    session = onnxruntime.InferenceSession(source.SerializeToString())
    for feed in feeds:
        feed = {name: np.asarray(value) for name, value in feed.items()}
        actual = module.run(feed)
        for output, expected in zip(source.graph.output, session.run(None, feed)):
            assert actual[output.name].shape == expected.shape
            np.testing.assert_allclose(actual[output.name], expected, rtol=1e-5, atol=1e-6)


def test_if_with_results_of_other_sizes(x):
    taken = graph([node("Add", "x,x", "t"), node("Exp", "t", "a")], [], [tensor("a", None)])
    other = graph([node("Concat", "x,x", "b", axis=0)], [], [tensor("b", None)])
    nodes = [
        node("ReduceSum", "x", "s", keepdims=0),
        node("Greater", "s,zero", "c"),
        node("If", "c", "y", then_branch=taken, else_branch=other),
        node("Neg", "y", "z"),
    ]
    outputs = [tensor("y", ["a", "b"]), tensor("z", ["a", "b"])]
    source = model(nodes, [tensor("x", ["n", 4])], outputs, [constant("zero", np.float32(0))])
    check(source, {"x": abs(x)}, {"x": -abs(x)}, {"x": abs(x[:1])}, {"x": -abs(x[:1])})


def test_if_of_a_decided_condition_takes_any_rank(x):
    taken = graph([node("ReduceSum", "x", "a", keepdims=0)], [], [tensor("a", None)])
    other = graph([node("Identity", "x", "b")], [], [tensor("b", None)])
    nodes = [
        node("Shape", "x", "s"),
        node("Size", "s", "rank"),
        node("Equal", "rank,two", "c"),
        node("If", "c", "y", then_branch=taken, else_branch=other),
    ]
    source = model(nodes, [tensor("x", ["n", 4])], [tensor("y", [])], [constant("two", np.int64(2))])
    check(source, {"x": x}, {"x": x[:1]})


def test_branches_of_different_rank_are_refused():
    taken = graph([node("ReduceSum", "x", "a", keepdims=0)], [], [tensor("a", None)])
    other = graph([node("Identity", "x", "b")], [], [tensor("b", None)])
    nodes = [node("If", "c", "y", then_branch=taken, else_branch=other)]
    inputs = [tensor("x", ["n", 4]), tensor("c", [], TensorProto.BOOL)]
    with pytest.raises(mlc.CompileError, match='"If_0": its branches give .* element type and rank must be equal'):
        mlc.compile(model(nodes, inputs, [tensor("y", None)]))


COUNT, GOES_ON = tensor("i", [], TensorProto.INT64), tensor("c", [], TensorProto.BOOL)


def squeezed(source, axis, result):
    """Nodes that drop an axis of `source` when its size is 1, as torch's squeeze is exported."""
    taken = graph([node("Squeeze", f"{source},{axis}", f"{result}_a")], [], [tensor(f"{result}_a", None)])
    other = graph([node("Identity", source, f"{result}_b")], [], [tensor(f"{result}_b", None)])
    return [
        node("Shape", source, f"{result}_s"),
        node("Gather", f"{result}_s,{axis}", f"{result}_n"),
        node("Equal", f"{result}_n,one", f"{result}_c"),
        node("If", f"{result}_c", result, then_branch=taken, else_branch=other),
    ]


AXES = [constant("one", np.int64([1])), constant("first", np.int64([0])), constant("second", np.int64([1]))]


def test_what_follows_branches_of_different_rank(x):
    nodes = [node("Exp", "x", "early"), *squeezed("x", "second", "y"), *squeezed("y", "first", "z")]
    nodes += [node("Neg", "z", "m"), node("ReduceSum", "m", "sum", keepdims=0), node("Relu", "x", "late")]
    nodes += [node("Reshape", "m,flat", "all")]
    outputs = [tensor("early", ["n", "m"]), tensor("sum", []), tensor("late", ["n", "m"]), tensor("all", ["k"])]
    source = model(nodes, [tensor("x", ["n", "m"])], outputs, [*AXES, constant("flat", np.int64([-1]))])
    check(source, {"x": x}, {"x": x[:1]}, {"x": x[:, :1]}, {"x": x[:1, :1]}, {"x": x[:0]})


def test_what_follows_in_a_loop(x):
    nodes = [*squeezed("p", "first", "y"), node("ReduceSum", "y", "t", keepdims=0), node("Add", "s,t", "s2")]
    body = graph(
        [
            node("Unsqueeze", "i,first", "i1"),
            node("Slice", "x,first,i1", "p"),
            *nodes,
            node("Identity", "c", "c2"),
        ],
        [COUNT, GOES_ON, tensor("s", [])],
        [tensor("c2", [], TensorProto.BOOL), tensor("s2", []), tensor("t", [])],
    )
    inputs = [tensor("x", ["n", 4]), tensor("trips", [], TensorProto.INT64)]
    source = model(
        [node("Loop", "trips,,zero", "s_,ts", body=body)],
        inputs,
        [tensor("s_", []), tensor("ts", ["t"])],
        [*AXES, constant("zero", np.float32(0))],
    )
    check(source, {"x": x, "trips": 4}, {"x": x, "trips": 1})


def test_rest_that_fits_one_branch_fails_with_the_other(x):
    nodes = [*squeezed("x", "second", "y"), node("Transpose", "y", "z", perm=[1, 0])]
    module = mlc.compile(model(nodes, [tensor("x", ["n", "m"])], [tensor("z", ["m", "n"])], AXES))
    np.testing.assert_array_equal(module.run({"x": x})["z"], x.T)
    with pytest.raises(mlc.Error, match='"Transpose_4"'):
        module.run({"x": x[:, :1]})


def test_rest_that_fits_neither_branch_is_refused():
    nodes = [*squeezed("x", "second", "y"), node("Hardmax", "y", "z", axis=7)]
    with pytest.raises(mlc.CompileError, match='"Hardmax_4"') as refusal:
        mlc.compile(model(nodes, [tensor("x", ["n", "m"])], [tensor("z", ["m", "n"])], AXES))
    assert len(refusal.value.diagnostics) == 2, "axis 7 lies outside of the range of either rank"


def test_too_many_branches_of_different_rank_are_refused():
    count = 24
    nodes = [n for i in range(count) for n in squeezed("x", "second", f"y{i}")]
    nodes += [node("ReduceSum", f"y{i}", f"r{i}", keepdims=0) for i in range(count)]
    outputs = [tensor(f"r{i}", []) for i in range(count)]
    with pytest.raises(mlc.CompileError, match="more than 200000 nodes"):
        mlc.compile(model(nodes, [tensor("x", ["n", "m"])], outputs, AXES))


def test_branch_that_does_not_fit_the_sizes_fails_when_it_is_taken(x):
    fits = graph([node("MatMul", "x,w", "a")], [], [tensor("a", None)])
    other = graph([node("MatMul", "w,x", "b")], [], [tensor("b", None)])
    nodes = [node("If", "c", "y", then_branch=fits, else_branch=other)]
    inputs = [tensor("x", ["n", 4]), tensor("c", [], TensorProto.BOOL)]
    weight = constant("w", np.ones((4, 2), np.float32))
    module = mlc.compile(model(nodes, inputs, [tensor("y", None)], [weight]), shapes={"x": [3, 4]})
    np.testing.assert_allclose(module.run({"x": x, "c": np.asarray(True)})["y"], x @ np.ones((4, 2)), rtol=1e-5)
    with pytest.raises(mlc.Error, match='"MatMul_0"'):
        module.run({"x": x, "c": np.asarray(False)})


def test_loop_that_grows_what_it_carries(x):
    body = graph(
        [
            node("Concat", "all,x", "all2", axis=0),
            node("Add", "s,x", "s2"),
            node("ReduceSum", "s2", "t", keepdims=0),
            node("Less", "t,limit", "c2"),
            node("Mul", "s2,s2", "q"),
            node("Identity", "k", "k2"),
        ],
        [COUNT, GOES_ON, tensor("all", ["m", 4]), tensor("s", ["n", 4]), tensor("k", [])],
        [
            tensor("c2", [], TensorProto.BOOL),
            tensor("all2", ["m", 4]),
            tensor("s2", ["n", 4]),
            tensor("k2", []),
            tensor("q", ["n", 4]),
        ],
    )
    inputs = [tensor("x", ["n", 4]), tensor("trips", [], TensorProto.INT64), tensor("limit", [])]
    outputs = [tensor("all_", ["p", "q"]), tensor("s_", ["n", 4]), tensor("k_", []), tensor("qs", ["t", "n", 4])]
    nodes = [node("Loop", "trips,,x,x,three", "all_,s_,k_,qs", body=body)]
    source = model(nodes, inputs, outputs, [constant("three", np.float32(3))])
    far, near = np.float32(1e9), np.float32(40)
    x = abs(x)
    check(
        source,
        {"x": x, "trips": 5, "limit": far},
        {"x": x, "trips": 50, "limit": near},
        {"x": x[:1], "trips": 3, "limit": far},
    )


def test_counted_loop_stacks_in_place(x):
    body = graph(
        [node("Add", "s,x", "s2"), node("Identity", "c", "c2"), node("Cast", "i", "f", to=1), node("Mul", "s2,f", "q")],
        [COUNT, GOES_ON, tensor("s", ["n", 4])],
        [tensor("c2", [], TensorProto.BOOL), tensor("s2", ["n", 4]), tensor("q", ["n", 4])],
    )
    nodes = [node("Loop", "trips,true,x", "s_,qs", body=body), node("Transpose", "qs", "qt", perm=[1, 2, 0])]
    outputs = [tensor("s_", ["n", 4]), tensor("qs", [6, "n", 4]), tensor("qt", ["n", 4, 6])]
    constants = [constant("trips", np.int64(6)), constant("true", np.bool_(True))]
    check(model(nodes, [tensor("x", ["n", 4])], outputs, constants), {"x": x}, {"x": x[:1]}, {"x": x[:0]})


def test_values_that_change_places(x):
    body = graph(
        [node("Identity", "b", "b2"), node("Add", "a,b", "a2"), node("Identity", "c", "c2")],
        [COUNT, GOES_ON, tensor("a", ["n", 4]), tensor("b", ["n", 4])],
        [tensor("c2", [], TensorProto.BOOL), tensor("b2", ["n", 4]), tensor("a2", ["n", 4])],
    )
    inputs = [tensor("x", ["n", 4]), tensor("trips", [], TensorProto.INT64)]
    outputs = [tensor("a_", ["n", 4]), tensor("b_", ["n", 4])]
    nodes = [node("Neg", "x", "y"), node("Loop", "trips,,x,y", "a_,b_", body=body)]
    check(model(nodes, inputs, outputs), *({"x": x, "trips": n} for n in (0, 1, 2, 5)))


def test_branch_in_a_loop(x):
    taken = graph([node("Add", "s,x", "a")], [], [tensor("a", None)])
    other = graph([node("Sub", "s,x", "b")], [], [tensor("b", None)])
    body = graph(
        [
            node("Mod", "i,two", "r"),
            node("Equal", "r,zero", "e"),
            node("If", "e", "s2", then_branch=taken, else_branch=other),
            node("Identity", "c", "c2"),
        ],
        [COUNT, GOES_ON, tensor("s", ["n", 4]), tensor("u", ["n", 4])],
        [tensor("c2", [], TensorProto.BOOL), tensor("s2", ["n", 4]), tensor("s", ["n", 4])],
    )
    inputs = [tensor("x", ["n", 4]), tensor("trips", [], TensorProto.INT64)]
    outputs = [tensor("s_", ["n", 4]), tensor("u_", ["n", 4])]
    constants = [constant("two", np.int64(2)), constant("zero", np.int64(0))]
    source = model([node("Loop", "trips,,x,x", "s_,u_", body=body)], inputs, outputs, constants)
    check(source, *({"x": x, "trips": n} for n in (0, 1, 2, 5, 6)))


def test_scan_in_both_directions(x):
    row = tensor("e", [4])
    body = graph(
        [node("Add", "s,e", "s2"), node("Mul", "s2,f", "o")],
        [tensor("s", [4]), row, tensor("f", [4])],
        [tensor("s2", [4]), tensor("o", [4])],
    )
    scan = node(
        "Scan",
        "i,x,w",
        "s_,os",
        body=body,
        num_scan_inputs=2,
        scan_input_axes=[0, 1],
        scan_input_directions=[0, 1],
        scan_output_axes=[1],
        scan_output_directions=[1],
    )
    inputs = [tensor("i", [4]), tensor("x", ["n", 4]), tensor("w", [4, "n"])]
    source = model([scan], inputs, [tensor("s_", [4]), tensor("os", [4, "n"])])
    check(source, {"i": x[0], "x": x, "w": x.T.copy()}, {"i": x[0], "x": x[:1], "w": x.T[:, :1].copy()})


def make_function(nodes, attributes=()):
    return helper.make_function(
        "own", "F", ["a", "b"], ["o"], nodes, [helper.make_opsetid("", 17)], attributes=list(attributes)
    )


def test_function_with_attributes(x):
    leaky = node("LeakyRelu", "w", "o")
    reference = leaky.attribute.add()
    reference.name = reference.ref_attr_name = "alpha"
    reference.type = 1
    function = make_function([node("Mul", "a,a", "q"), node("Sub", "q,b", "w"), leaky], ["alpha"])
    calls = [
        helper.make_node("F", ["x", "x"], ["t"], domain="own", alpha=0.3),
        helper.make_node("F", ["t", "x"], ["y"], domain="own", alpha=0.1),
    ]
    check(model(calls, [tensor("x", ["n", 4])], [tensor("y", ["n", 4])], functions=[function]), {"x": x})


def test_function_that_calls_itself_is_refused():
    call = helper.make_node("F", ["a", "b"], ["o"], domain="own")
    function = make_function([call])
    function.opset_import.append(helper.make_opsetid("own", 1))
    calls = [helper.make_node("F", ["x", "x"], ["y"], domain="own", name="first")]
    with pytest.raises(mlc.CompileError, match='function "F" calls itself'):
        mlc.compile(model(calls, [tensor("x", [4])], [tensor("y", [4])], functions=[function]))


def test_functions_that_double_without_end_are_refused(x):
    def level(number):
        calls = [("Neg", "")] * 2 if number == 0 else [(f"F{number - 1}", "own")] * 2
        nodes = [
            helper.make_node(calls[0][0], ["a"], ["t"], domain=calls[0][1]),
            helper.make_node(calls[1][0], ["t"], ["o"], domain=calls[1][1]),
        ]
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
        return helper.make_function("own", f"F{number}", ["a"], ["o"], nodes, opsets)

    functions = [level(number) for number in range(40)]
    calls = [helper.make_node("F39", ["x"], ["y"], domain="own")]
    with pytest.raises(mlc.CompileError, match="more than 200000 nodes"):
        mlc.compile(model(calls, [tensor("x", [4])], [tensor("y", [4])], functions=functions))


PROGRAM = """
func.func @main(%x: tensor<4xf32>, %n: tensor<i64>) -> (tensor<4xf32>, tensor<?x4xf32>) {
  %e = tensor.extract %n[] : tensor<i64>
  %trips = arith.index_cast %e : i64 to index
  %true = arith.constant true
  %two = arith.constant 2 : index
  %r:2 = mlc.loop trips %trips while %true (%x) varying = [array<i64>] {
  ^bb0(%i: index, %a: tensor<4xf32>):
    %early = arith.cmpi slt, %i, %two : index
    %b = mlc.if %early {
      %s = mlc.add %a, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      mlc.yield %s : tensor<4xf32>
    } else {
      mlc.yield %a : tensor<4xf32>
    } : tensor<4xf32>
    mlc.yield %true, %b, %b : i1, tensor<4xf32>, tensor<4xf32>
  } : (tensor<4xf32>) -> (tensor<4xf32>, tensor<?x4xf32>)
  return %r#0, %r#1 : tensor<4xf32>, tensor<?x4xf32>
}
"""


def test_ops_themselves(runner, x):
    module = runner.compile(PROGRAM, ("if", "loop"))
    for trips in (-3, 0, 1, 4):
        last, stack = module.run(x[0], np.asarray(trips))
        factors = np.minimum(np.arange(1, max(trips, 0) + 1), 2) + 1
        np.testing.assert_allclose(stack, factors[:, None].astype(np.float32) * x[0], rtol=1e-6)
        np.testing.assert_allclose(last, stack[-1] if trips > 0 else x[0])
