"""The other ways: each module is a whole Lambda function, deployed with `view.py` beside it."""
