"""The local cloud: an AWS emulator, and what it lacks for this project. For development only, never deployed.

The commands are `run` (`make run`), `logs` (`make logs`) and `sam_local` (`make invoke`, `make start-api`). `product`
starts everything in this order:

1. `emulator` runs MiniStack in this process. `server` serves it over HTTP, and `log_format` formats its log.
   `ministack` has its settings, and adds what it lacks: devices (`cognito`, which needs some `internals`),
   `request_ids`, `stable_ids`, `token_rotation`, `user_names` and fast `powers`. `access` decides which requests it
   gets, by what `hosts`, `browsers` and `execute_api` recognise.
2. `build` builds the template through `sam_cli`, and `deployment` deploys it, with the `origins` that the API allows.
   `gateway_responses` puts what MiniStack ignores in the template.
3. `demo` creates the demo user with the devices of `demo_devices`.
4. `page` serves the page as CloudFront does, `page_api` passes `/v1` on, and `session` writes the facts for clients.

`sam_local` uses `docker`, `events` and `sam_backend`. `transform` shows `make check` the template as SAM transforms it.
`asgi`, `files`, `folder`, `options` and `proxies` serve several of these.
"""
