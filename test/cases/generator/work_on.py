"""Answers the tasks of run.py: {"seed", "op", "edits", "interpret", "show", "mutate"}."""

import pathlib

import onnx

from generator import shrink
from generator.examine import examine
from generator.generate import generate
from generator.mutate import examine_mutant, mutate


def answer(task):
    case = generate(task["seed"], task.get("op"))
    if case is None:
        return {"kind": "none"}
    edits = task.get("edits", [])
    try:
        case = shrink.apply(case, edits)
    except shrink.Impossible:
        return {"kind": "none"}
    if "show" in task:
        return {"kind": "shown", "text": show(case, task["show"], task.get("mutate"))}
    if task.get("mutate"):
        outcome = examine_mutant(case)
        return {"kind": outcome.kind, "text": outcome.text, "runs": outcome.runs}
    outcome = examine(case, interpret=task.get("interpret", False))
    result = {"kind": outcome.kind, "text": outcome.text, "runs": outcome.runs}
    if outcome.kind == "fault":
        result["edits"] = [[*edits, edit] for edit in shrink.proposals(case)]
    return result


def show(case, folder, is_mutant):
    """The model as text; as a file too where a folder is given."""
    model = mutate(case) if is_mutant else case.proto()
    if folder:
        path = pathlib.Path(folder) / f"{case.seed}.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, path)
    large = [tensor for tensor in model.graph.initializer if len(tensor.raw_data) > 64]
    for tensor in large:
        model.graph.initializer.remove(tensor)
    given = [leaf for leaf in case.inputs() if leaf.fixed is not None and leaf.fixed.size <= 16]
    contents = "".join(f"\n{leaf.name} is {leaf.fixed.tolist()}" for leaf in given)
    left_out = contents + "".join(f"\nnot shown: {tensor.name} {list(tensor.dims)}" for tensor in large)
    if is_mutant:
        return str(model)
    return f"{case.mode}\n{onnx.printer.to_text(model)}{left_out}"
