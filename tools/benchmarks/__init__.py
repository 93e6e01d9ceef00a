"""How fast the portal is beside floors measured in the same run (`make bench`).

One module per area stands in this package. A function marked `@benchmark` yields Figures:

    @benchmark
    def searching() -> Iterator[Figure]:
        ours, bare = timing.in_turn(ask_the_portal, ask_plain_sql)
        yield Figure("search among 10,000 texts", ours, "ms", floor=bare, goal="<= 1.5")

It runs inside Django as the application's role, alone in a process, on an empty migrated database
of its own; raising marks it as failed. `frame.timing` measures in turn, `frame.web` serves the
portal (or another application) with the portal's web server and sends requests, `frame.people`
makes and signs in people. A module added here is found by its name.
"""

from tools.benchmarks.frame.figures import BENCHMARKS, Figure, benchmark

__all__ = ["BENCHMARKS", "Figure", "benchmark"]
