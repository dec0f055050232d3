"""The problems that the function answers with."""

from devices import problems

PROBLEMS = [each for each in vars(problems).values() if isinstance(each, problems.Problem)]
