/** A program for Node that prints the names of the devices. */

import { DevicesClient, deviceName } from "cognito-device-api-client";

const client = new DevicesClient({ apiUrl: process.env.API_URL, getAccessToken: async () => "token-1" });
console.log((await client.list()).map((device) => deviceName(device).name).join("\n"));
