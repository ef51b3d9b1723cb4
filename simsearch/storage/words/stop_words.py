"""English words that say nothing of what a question is about."""

from __future__ import annotations

_LIST = """
a about after again all also am an and any are aren as at be because been before being below between both but by
can cannot could couldn did didn do does doesn doing don down during each either few for from further get got had
has hasn have haven having he her here hers him his how i if in into is isn it its itself just let like ll may me
might more most must my myself need no nor not of off on once only or other our ours out over own please re s same
shall she should shouldn so some such t tell than that the their theirs them then there these they this those
through to too under until up upon us ve very was wasn we were what when where which while who whom whose why will
with within without won would wouldn you your yours
"""
STOP_WORDS = frozenset(_LIST.split())
