"""The handlers of the other variants: each is a whole Lambda function, packaged with view.py beside it."""
