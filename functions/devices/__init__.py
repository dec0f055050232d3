"""The `devices` Lambda function: a signed-in Cognito user's remembered devices, for a page.

A request flows one way: `app` (routes) -> `requests` (what is asked for) -> `auth` (who asks) -> `cognito` (ask
Cognito, by `cognito_transport`, within `deadlines`) -> `models` (what is shown). Whatever goes wrong on the way is a
`problems.ProblemError`, and `observability` answers and records it.
"""
