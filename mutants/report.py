"""What `make mutants` prints at its end."""

from collections import Counter
from collections.abc import Sequence

from mutants.explanations import as_entry
from mutants.mutations import Key, Mutant
from mutants.worker import Verdict

LEAST_PERCENT_KILLED = 95
PROGRESS_LINES = 40
LIST = "docs/mutants.md"

type Verdicts = Sequence[tuple[Mutant, Verdict]]


def report(verdicts: Verdicts, explained: set[Key], *, whole: bool) -> tuple[str, list[str]]:
    """Return the figures with the survivors, and what is wrong.

    Parameters
    ----------
    verdicts : sequence of (Mutant, Verdict)
        What became of each.
    explained : set of Key
        Mutants of docs/mutants.md.
    whole : bool
        Whether all modules were tested: LEAST_PERCENT_KILLED is of all of them.
    """
    survivors = [mutant for mutant, verdict in verdicts if verdict is Verdict.SURVIVED]
    modules = {mutant.module for mutant, _ in verdicts}
    listed = {key for key in explained if whole or key[0] in modules}
    rows = [_row(module, [each for each in verdicts if each[0].module == module]) for module in sorted(modules)]
    rows.append(_row("all", verdicts))
    places = [
        f"{each.place} ({'explained' if each.key in listed else 'NOT EXPLAINED'})\n{as_entry(each)}"
        for each in survivors
    ]
    table = _table([("", "mutants", "killed", "timed out", "survived", "% killed", "not imported"), *rows])
    return "\n\n".join([*places, table]), _wrong(verdicts, survivors, listed, whole=whole)


def progress(done: int, of: int, seconds: float) -> list[str]:
    """Return the line that tells how long it takes to the end, where it is time for one."""
    if done % (of // PROGRESS_LINES or 1):
        return []
    return [f"{done} of {of}, about {seconds / done * (of - done) / 60:.0f} minutes left"]


def _wrong(verdicts: Verdicts, survivors: list[Mutant], listed: set[Key], *, whole: bool) -> list[str]:
    unexplained = sum(each.key not in listed for each in survivors)
    wrong = [f"{unexplained} survivors are not explained in {LIST}"] if unexplained else []
    for module, scope, change in sorted(listed - {each.key for each in survivors}):
        text = "\n".join([f"{LIST} explains what does not survive: {module}, {scope}", *change])
        wrong.append(text)
    if whole and _percent(_counted(verdicts)) < LEAST_PERCENT_KILLED:
        wrong.append(f"fewer than {LEAST_PERCENT_KILLED} % of the mutants were killed")
    return wrong


def _counted(verdicts: Verdicts) -> Counter[Verdict]:
    return Counter(verdict for _, verdict in verdicts)


def _percent(counted: Counter[Verdict]) -> float:
    killed = counted[Verdict.KILLED] + counted[Verdict.TIMED_OUT]
    return 100 * killed / ((killed + counted[Verdict.SURVIVED]) or 1)


def _row(name: str, verdicts: Verdicts) -> tuple[str, ...]:
    counted = _counted(verdicts)
    killed, timed_out, survived = (counted[each] for each in (Verdict.KILLED, Verdict.TIMED_OUT, Verdict.SURVIVED))
    figures = (killed + timed_out + survived, killed, timed_out, survived)
    return (name, *map(str, figures), f"{_percent(counted):.1f}", str(counted[Verdict.INVALID]))


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    )
