/** What the package exports. */

/** @typedef {import("./devices-client.js").Device} Device */
/** @typedef {import("./devices-error.js").ErrorType} ErrorType */
/** @typedef {import("./device-name.js").DeviceName} DeviceName */
/** @typedef {import("./device-name.js").Kind} Kind */
/** @typedef {import("./forget-others.js").ForgetOthersOptions} ForgetOthersOptions */
/** @typedef {import("./forget-others.js").ForgetOthersResult} ForgetOthersResult */
/** @typedef {import("./requests.js").GetAccessToken} GetAccessToken */
/** @typedef {import("./requests.js").Options} Options */

export { deviceName } from "./device-name.js";
export { DevicesClient } from "./devices-client.js";
export { DevicesError } from "./devices-error.js";
