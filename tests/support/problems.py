"""The problems that the function returns."""

from devices import problems

PROBLEMS = [each for each in vars(problems).values() if isinstance(each, problems.Problem)]
