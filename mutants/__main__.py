"""What `make mutants` runs: tests each mutant of functions/, and says which survive."""

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from mutants import worker
from mutants.explanations import ExplanationError, as_entry, explained
from mutants.mutations import Mutant, mutants
from mutants.report import LIST, Verdicts, progress, report


def main(arguments: list[str] | None = None) -> int:
    """Run; return the exit code."""
    asked = _options(arguments)
    project: Path = asked.project.resolve()
    functions = project / "functions"
    modules = asked.module or sorted(str(each.relative_to(functions)) for each in functions.rglob("*.py"))
    directory = project / ".mutants"
    directory.mkdir(exist_ok=True)
    copies = Path(tempfile.mkdtemp(dir=directory))
    try:
        listed = explained(project / LIST)
        pool = ProcessPoolExecutor(
            asked.workers, multiprocessing.get_context("spawn"), initializer=worker.start, initargs=(project, copies)
        )
        verdicts = _verdicts(pool, [each for module in modules for each in mutants(functions, module)])
        text, wrong = report(verdicts, listed, whole=not asked.module)
    except KeyboardInterrupt:
        _say("stopped; the code was not touched")
        return 130
    except worker.BaselineError as error:
        _say(f"{error}\nerror: these tests fail on the code as it is; mend them first")
        return 1
    except (ExplanationError, BrokenProcessPool, OSError) as error:
        _say(f"error: {error}")
        return 1
    finally:
        shutil.rmtree(copies, ignore_errors=True)
    print(text)
    for each in wrong:
        _say(f"error: {each}")
    return 1 if wrong else 0


def _verdicts(pool: ProcessPoolExecutor, found: list[Mutant]) -> Verdicts:
    verdicts = []
    with pool:
        try:
            _say(f"{len(found)} changes; first the tests on the code as it is")
            timeouts = pool.submit(worker.baseline).result()
            started = time.monotonic()
            for future in as_completed([pool.submit(worker.judge, mutant, timeouts) for mutant in found]):
                mutant, verdict = future.result()
                verdicts.append((mutant, verdict))
                if verdict in {worker.Verdict.SURVIVED, worker.Verdict.TIMED_OUT}:
                    _say(f"{verdict}: {mutant.place}\n{as_entry(mutant)}")
                for line in progress(len(verdicts), len(found), time.monotonic() - started):
                    _say(line)
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return sorted(verdicts, key=lambda each: (each[0].module, each[0].line))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # standard output is for the report


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutants", description="Test the tests of functions/.")
    parser.add_argument("--project", type=Path, default=Path(), help=argparse.SUPPRESS)
    parser.add_argument("--module", action="append", metavar="devices/auth.py", help="only this one, below functions/")
    parser.add_argument(
        "--workers", type=int, choices=range(1, 65), default=2 * (os.cpu_count() or 1), metavar="N",
        help="processes that test, 1 to 64 (default: two for each processor, for tests often wait)",
    )  # fmt: skip
    asked = parser.parse_args(arguments)
    for module in asked.module or []:
        if not (asked.project / "functions" / module).is_file():
            parser.error(f"there is no functions/{module}: give a path such as devices/auth.py")
    return asked


if __name__ == "__main__":
    sys.exit(main())
