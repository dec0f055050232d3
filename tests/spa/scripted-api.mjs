/** An HTTP server that sends the responses that each test scripts, and clients of it. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach } from "node:test";

import { DevicesClient, DevicesError } from "../../spa/client/index.js";

/** @typedef {{ status?: number, headers?: Record<string, string>, body?: unknown, text?: string, hangUp?: boolean, cutOff?: boolean, stall?: boolean, silent?: boolean }} ScriptedResponse */
/** @typedef {{ method?: string, url?: string, token?: string, type?: string, caching?: string, body: string }} SentRequest */

export const DEVICE = { deviceKey: "us-east-1_a", name: "Phone", current: true };

/** @param {string[]} keys @param {string | null} nextToken */
export const page = (keys, nextToken) => ({ body: { devices: keys.map((deviceKey) => ({ deviceKey })), nextToken } });

/** @param {number} status @param {string} slug @param {Record<string, string>} [headers] */
export const problem = (status, slug, headers) => ({
  status,
  headers: { "Content-Type": "application/problem+json", ...headers },
  body: { type: `urn:problem-type:${slug}`, title: "Title", status, detail: "Why.", requestId: "request-1" },
});

/** @type {ScriptedResponse[]} */
let responses;
/** @type {SentRequest[]} */
let requests;
/** @type {(request: number) => void} */
let onRequest;
/** @type {import("node:http").Server} */
let server;

beforeEach(async () => {
  responses = [];
  requests = [];
  onRequest = () => {};
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { authorization, "content-type": type, "cache-control": caching } = request.headers;
    requests.push({ method: request.method, url: request.url, token: authorization, type, caching, body });
    const { status = 200, headers, body: data, text = JSON.stringify(data), ...fault } = responses.shift() ?? { status: 599 };
    if (fault.hangUp) return request.socket.destroy();
    if (!fault.silent) {
      response.writeHead(status, headers);
      if (fault.cutOff) response.write(text, () => request.socket.destroy());
      else if (fault.stall) response.write(text);
      else response.end(text);
    }
    onRequest(requests.length);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/**
 * Script the responses to the next requests; later requests get status 599.
 *
 * @param {ScriptedResponse[]} scripted
 * @param {(request: number) => void} [called] Called after each response, with the number of requests so far.
 */
export function respond(scripted, called = () => {}) {
  responses = scripted;
  onRequest = called;
}

/** Return the requests that the server received in this test. */
export const sent = () => requests;

/** Return the server's base URL with the API's stage. */
export const apiUrl = () => `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/v1`;

/** @param {Partial<ConstructorParameters<typeof DevicesClient>[0]>} [settings] */
export const clientOf = (settings) =>
  new DevicesClient({ apiUrl: apiUrl(), getAccessToken: async () => "token-1", ...settings });

/** @param {Promise<unknown>} promise @returns {Promise<DevicesError>} */
export async function failure(promise) {
  const error = await promise.then(() => assert.fail("It succeeded."), (reason) => reason);
  assert(error instanceof DevicesError, String(error));
  assert.equal(error.name, "DevicesError");
  return error;
}
