/** What the page needs to know of the deployment: config.json, beside the page. */

/**
 * @typedef {object} Config
 * @property {string} apiUrl The API's base URL, with the stage: the stack's output ApiUrl.
 * @property {string} userPoolId The output UserPoolId.
 * @property {string} userPoolClientId The output UserPoolClientId.
 * @property {string} [cognitoEndpoint] Where Cognito is, if not in the pool's Region.
 */

const NEEDED = ["apiUrl", "userPoolId", "userPoolClientId"];

/**
 * Reads config.json; config.example.json is what it looks like.
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
