/** Forgets the user's other devices with the client, and prints what it did and which devices are left. */

import { DevicesClient } from "../../spa/client/index.js";

const { apiUrl, token } = JSON.parse(process.env.SESSION ?? "");
const client = new DevicesClient({ apiUrl, getAccessToken: async () => token });
const progress = /** @type {string[]} */ ([]);
const result = await client.forgetOthers({
  onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
  only: ({ name }) => name !== "Kept",
});
const devices = (await client.list()).map(({ name, current }) => ({ name, current }));
console.log(JSON.stringify({ result, progress, devices }));
