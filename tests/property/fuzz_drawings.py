"""Ten thousand appearances for the check of drawings: what it accepts must look like its value in two viewers.

    python tests/property/fuzz_drawings.py [COUNT [SEED]]

Prints what was accepted but looks different, with its seed; exit code 1 when there is any.
"""

from __future__ import annotations

import random
import sys
import time

from support.drawings import trial, visible_differences

_TOGETHER = 30  # forms whose pictures are made in one go


def main(count: int, seed: int) -> int:
    began, drawn, accepted, found, number = time.monotonic(), 0, 0, 0, 0
    while drawn < count:
        seeds = [f"{seed}-{number + more}" for more in range(_TOGETHER)]
        trials = [trial(random.Random(name)) for name in seeds]
        number += _TOGETHER
        drawn += sum(one_trial.drawn for one_trial in trials)
        accepted += sum(len(one_trial.accepted) for one_trial in trials)
        for viewer, one_trial, drawing in visible_differences(trials):
            found += 1
            name = seeds[trials.index(one_trial)]
            sys.stdout.write(
                f"{viewer}, seed {name}, {drawing.field}: {drawing.value!r} believed of {drawing.content!r}\n"
            )
    took = time.monotonic() - began
    sys.stdout.write(f"{drawn} drawings, {accepted} accepted, {found} looked different, {took:.0f} s, seed {seed}\n")
    return 1 if found else 0


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(arguments or [10_000]), *([] if len(arguments) > 1 else [random.SystemRandom().randrange(10**6)])))
