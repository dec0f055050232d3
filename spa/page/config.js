/** The page's settings for a deployment: config.json, in the folder of index.html. */

/**
 * @typedef {object} Config
 * @property {string} apiUrl The API's base URL: the stack's output ApiUrl, or `/v1` if page and API share an origin.
 * @property {string} userPoolId The output UserPoolId.
 * @property {string} userPoolClientId The output UserPoolClientId.
 * @property {string} [cognitoEndpoint] Cognito's URL; by default that of the pool's Region.
 * @property {boolean} [askToRemember] Whether the user pool remembers devices only on the user's prompt.
 */

const NEEDED = ["apiUrl", "userPoolId", "userPoolClientId"];

/**
 * Read config.json. config.example.json shows its form.
 *
 * @returns {Promise<Config>}
 */
export async function loadConfig() {
  const response = await fetch("config.json");
  if (!response.ok) throw new Error(`config.json cannot be read (${response.status}).`);
  const config = await response.json();
  const missing = NEEDED.filter((name) => typeof config[name] !== "string");
  if (missing.length) throw new Error(`config.json has no ${missing.join(", ")}.`);
  return config;
}
