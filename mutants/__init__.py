"""Mutation tests of functions/: a small change of the code must make a test fail, or docs/mutants.md explain it.

`operators` (what is changed) -> `mutations` (the changed sources) -> `worker` (runs the tests on one, in a copy of the
project) -> `report` (figures, and what `explanations` say of the survivors). `make mutants` runs it all.
"""
