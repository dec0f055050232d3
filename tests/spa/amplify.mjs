/**
 * Sign a user in with AWS Amplify, and print the user's devices before and after Amplify forgets one:
 *
 *     node amplify.mjs < settings.json
 *
 * The settings are those of spa/page/config.js, `username`, `password`, and `forget`, a device key or null.
 */

import { Amplify } from "aws-amplify";
import { fetchAuthSession, fetchDevices, forgetDevice, signIn } from "aws-amplify/auth";
import { json } from "node:stream/consumers";

const { userPoolId, userPoolClientId, cognitoEndpoint, username, password, forget } =
  /** @type {any} */ (await json(process.stdin));
Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint: cognitoEndpoint } } });

await signIn({ username, password });
const before = await fetchDevices();
if (forget) await forgetDevice({ device: { id: forget } });
const after = await fetchDevices();
const accessToken = (await fetchAuthSession()).tokens?.accessToken.toString();
process.stdout.write(JSON.stringify({ before, after, accessToken }));
