"""What the walks of a test run came to, told at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Tally:
    """What walks have come to."""

    models: int = 0
    walks: int = 0
    steps: int = 0
    refused: int = 0
    endless: int = 0
    flows: int = 0
    flows_taken: int = 0
    seconds: float = 0.0
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for name in ("models", "walks", "steps", "refused", "endless", "flows", "flows_taken", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.met.update(other.met)
        self.commands.update(other.commands)


FAILURES = Path("var") / "random"
"""Where the shrunk model of a failing walk is kept (not under version control)."""

_tallies: dict[str, Tally] = {}
_faults: list[tuple[str, int, str]] = []


def add(kind: str, tally: Tally) -> None:
    _tallies.setdefault(kind, Tally()).add(tally)


def of(kind: str) -> Tally:
    return _tallies.get(kind, Tally())


def found(fault: str, walk: int, how: str) -> None:
    """A planted fault showed itself in this walk."""
    _faults.append((fault, walk, how))


def lines() -> list[str]:
    """The figures of each kind of walk, how often each pair of elements was met, and which planted faults were found."""
    found: list[str] = []
    total = Tally()
    for kind, tally in _tallies.items():
        total.add(tally)
        seconds = tally.seconds or 1.0
        found.append(
            f"{kind}: {tally.models} models, {tally.walks} walks, {tally.steps} steps, {tally.flows_taken} of {tally.flows} flows "
            f"taken ({100 * tally.flows_taken / max(tally.flows, 1):.1f} %), {tally.refused} refused, {tally.endless} given up as "
            f"endless, {tally.seconds:.0f} s of processor ({tally.steps / seconds:.0f} steps/s)"
        )
    if total.commands:
        found.append("commands: " + ", ".join(f"{name} {times}" for name, times in total.commands.most_common()))
    if total.met:
        found.append(
            f"{len(total.met)} kinds of pairs of elements were met, {sum(total.met.values())} times; element by element:"
        )
        found += _table(total)
    if _faults:
        found.append(
            f"{len(_faults)} planted faults were found, the slowest after {max(walk for _, walk, _ in _faults)} walks:"
        )
        found += [f"  {fault}: in walk {walk} ({how[:110]})" for fault, walk, how in _faults]
    return found


def _table(total: Tally) -> list[str]:
    kinds = sorted({word for pair in total.met for word in pair})
    found = []
    for kind in kinds:
        after = sorted(((times, second) for (first, second), times in total.met.items() if first == kind), reverse=True)
        came = sum(times for (_, second), times in total.met.items() if second == kind)
        shown = ", ".join(f"{second} {times}" for times, second in after[:4])
        found.append(f"  {kind}: met {came} times, followed by {len(after)} kinds" + (f" ({shown})" if after else ""))
    return found
