"""Scenario files (docs/scenarios.md): invented cases, walked by people of the demo authority with a clock that is moved.

`script` reads a file, `walk` does its steps through the same functions as a browser's, `expectations` looks at what came of it.
Which scenarios there are, and on which database they run, is their caller's affair.
"""
