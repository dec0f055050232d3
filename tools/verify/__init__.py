"""The command of `make verify`: the tests of tests/e2e/stack, run against a stack that is already deployed."""
