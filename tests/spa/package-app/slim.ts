/** An app that needs the client alone. */

import { DevicesClient } from "cognito-device-api-client";

const client = new DevicesClient({ apiUrl: "/v1", getAccessToken: async () => "token-1" });
document.body.textContent = String((await client.list()).length);
