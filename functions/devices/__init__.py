"""The `devices` Lambda function: lists, remembers and forgets the devices of a signed-in Cognito user.

A request takes one way, down through these modules:

1. `app` receives the event and matches a route.
2. `request` parses the event: Authorization header, device key, query, body.
3. `auth` turns the Authorization header into a `Caller`.
4. `cognito` describes the operation; `cognito_transport` sends it before the deadline.
5. `models` turns Cognito's device into the browser's device.
6. `responses` adds the headers, turns a `ProblemError` into its problem, and records the outcome.
"""
