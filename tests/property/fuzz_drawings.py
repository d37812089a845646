"""Ten thousand appearances before the check of drawings: what it believes must look like its value in two viewers.

    python tests/property/fuzz_drawings.py [COUNT [SEED]]

Prints what was believed and looks otherwise, with the seed that makes it again; exit 1 when there is any.
"""

from __future__ import annotations

import random
import sys
import time

from support.drawings import seen_otherwise, trial

_TOGETHER = 30  # forms whose pictures are made in one go


def main(count: int, seed: int) -> int:
    began, drawn, believed, found, number = time.monotonic(), 0, 0, 0, 0
    while drawn < count:
        seeds = [f"{seed}-{number + more}" for more in range(_TOGETHER)]
        trials = [trial(random.Random(name)) for name in seeds]
        number += _TOGETHER
        drawn += sum(made.drawn for made in trials)
        believed += sum(len(made.believed) for made in trials)
        for viewer, made, wrong in seen_otherwise(trials):
            found += 1
            name = seeds[trials.index(made)]
            sys.stdout.write(f"{viewer}, seed {name}, {wrong.field}: {wrong.value!r} believed of {wrong.content!r}\n")
    took = time.monotonic() - began
    sys.stdout.write(f"{drawn} drawings, {believed} believed, {found} looked otherwise, {took:.0f} s, seed {seed}\n")
    return 1 if found else 0


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(arguments or [10_000]), *([] if len(arguments) > 1 else [random.SystemRandom().randrange(10**6)])))
