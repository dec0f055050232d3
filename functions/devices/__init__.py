"""The `devices` Lambda function: lists, remembers and forgets the devices of a signed-in Cognito user.

During init, `app` reads the `settings`, and `cognito_client` connects to Cognito. A request then takes one way through
these modules:

1. `app.lambda_handler` receives the event, `request` parses it, and `app` matches a route.
2. `auth` turns the Authorization header, which `request` found, into a `Caller`.
3. `request` reads the device key, the query or the body, in the forms that `inputs` defines.
4. `cognito` adds the token to the operation that the route chose. `cognito_transport` calls it through the client of
   `cognito_client`, within the limit of `deadlines`, and looks Cognito's exception up in the table of `problems`.
   `cognito_connection` opens connections, `cognito_response` limits what is read, and `cognito_reuse` decides when a
   connection carries another request.
5. `models` turns Cognito's device into the browser's device, with names and addresses from `sanitize`, which
   knows the kinds of `characters`.
6. `responses` adds the headers, turns a `ProblemError` into its response, and records the outcome with
   `observability`.
"""
