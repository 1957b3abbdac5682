"""Runs generated cases and prints what is wrong with mlc, shrunk, and what it refuses.

    run.py COUNT [--seed SEED] [--op OP] [--jobs N] [--keep FOLDER] [--interpret EVERY] [--mutate]

Cases run in processes of their own, so that a crash or a hang is one more fault. A fault's seed makes it again:
run.py 1 --seed SEED.
"""

import argparse
import collections
import json
import os
import pathlib
import resource
import selectors
import subprocess
import sys
import tempfile
import time
import traceback

SECONDS_PER_CASE = 60
GIBIBYTES_PER_PROCESS = 4


class Worker:
    """A process that examines one case at a time."""

    def __init__(self):
        self.start()

    def start(self):
        command = [sys.executable, __file__, "--worker"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.task = None

    def send(self, task):
        self.task, self.deadline = task, time.monotonic() + SECONDS_PER_CASE
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()

    def receive(self):
        """The answer to the task, or what became of the process."""
        line = self.process.stdout.readline()
        if line:
            self.task = None
            return json.loads(line)
        code = self.process.wait()
        self.start()
        return {"kind": "fault", "text": f"the process crashed with exit code {code}"}

    def give_up(self):
        self.process.kill()
        self.process.wait()
        self.start()
        return {"kind": "fault", "text": f"hangs for more than {SECONDS_PER_CASE} seconds"}

    def ask(self, task):
        self.send(task)
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            return self.receive() if selector.select(SECONDS_PER_CASE) else self.give_up()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def run_all(tasks, jobs):
    """Pairs of task and answer, as they come."""
    tasks, workers = iter(tasks), [Worker() for _ in range(jobs)]

    def feed(worker):
        task = next(tasks, None)
        if task is not None:
            worker.send(task)

    for worker in workers:
        feed(worker)
    while busy := [worker for worker in workers if worker.task is not None]:
        with selectors.DefaultSelector() as selector:
            for worker in busy:
                selector.register(worker.process.stdout, selectors.EVENT_READ, worker)
            ready = [key.data for key, _ in selector.select(1)]
        for worker in busy:
            task = worker.task
            if worker in ready:
                answer = worker.receive()
            elif time.monotonic() > worker.deadline:
                answer = worker.give_up()
            else:
                continue
            feed(worker)
            yield task, answer
    for worker in workers:
        worker.stop()


def work():
    """The worker's side: tasks in, answers out."""
    limit = GIBIBYTES_PER_PROCESS << 30
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    from generator import work_on

    # Reproducers of mlc's faults are written into the current folder.
    folder = tempfile.TemporaryDirectory()
    os.chdir(folder.name)
    for line in sys.stdin:
        try:
            answer = work_on.answer(json.loads(line))
        except Exception:
            answer = {"kind": "broken", "text": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def shrink(task, answer):
    """The smallest variant of the case that is still wrong, with its answer."""
    worker = Worker()
    try:
        while True:
            for edit in answer.get("edits", []):
                smaller = {**task, "edits": edit, "interpret": answer["text"].startswith(("interpreted", "mlc-"))}
                found = worker.ask(smaller)
                if found["kind"] == "fault":
                    task, answer = smaller, found
                    break
            else:
                return task, answer
    finally:
        worker.stop()


def report(task, answer, keep):
    worker = Worker()
    shown = worker.ask({**task, "show": str(keep) if keep else ""})
    worker.stop()
    print(f"FAULT, seed {task['seed']}: {answer['text'].strip()}\n{shown['text']}\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, help="of the first case; by default the clock's")
    parser.add_argument("--op", help="what all cases begin with")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the models with faults")
    parser.add_argument("--interpret", type=int, default=4, help="ask the interpreter too, in one of so many cases")
    parser.add_argument("--mutate", action="store_true", help="make the models wrong; mlc is to refuse or to run them")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return work()
    seed = options.seed if options.seed is not None else int(time.time())
    print(f"seeds {seed} to {seed + options.count - 1}", flush=True)
    common = {"op": options.op, "mutate": options.mutate}
    seeds = range(seed, seed + options.count)
    tasks = ({**common, "seed": s, "interpret": s % options.interpret == 0} for s in seeds)
    return summarize(run_all(tasks, options.jobs), options.keep)


def summarize(answers, keep):
    kinds, causes, runs = collections.Counter(), collections.Counter(), 0
    for task, answer in answers:
        kinds[answer["kind"]] += 1
        runs += answer.get("runs", 0)
        if answer["kind"] == "refused":
            causes[answer["text"]] += 1
        elif answer["kind"] == "broken":
            print(f"the generator fails, seed {task['seed']}: {answer['text']}", flush=True)
        elif answer["kind"] == "fault":
            report(*shrink(task, answer), keep)
    for cause, count in causes.most_common():
        print(f"{count:6} refused: {cause}")
    passed, refused, none, faults = (kinds[kind] for kind in ("passed", "refused", "none", "fault"))
    print(f"{passed} passed with {runs} runs, {refused} refused, {none} not drawn, {faults} faults")
    return 1 if kinds["fault"] or kinds["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
