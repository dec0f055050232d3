/** The client against an HTTP server that sends the responses that each test scripts. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, describe, it, mock } from "node:test";

import { DevicesClient, DevicesError } from "../../spa/client/devices-client.js";

/** @typedef {{ status?: number, headers?: Record<string, string>, body?: unknown, text?: string, hangUp?: boolean, cutOff?: boolean, stall?: boolean }} ScriptedResponse */

const DEVICE = { deviceKey: "us-east-1_a", name: "Phone", current: true };
/** @param {string[]} keys @param {string | null} nextToken */
const page = (keys, nextToken) => ({ body: { devices: keys.map((deviceKey) => ({ deviceKey })), nextToken } });
/** @param {number} status @param {string} slug @param {Record<string, string>} [headers] */
const problem = (status, slug, headers) => ({
  status,
  headers: { "Content-Type": "application/problem+json", ...headers },
  body: { type: `urn:problem-type:${slug}`, title: "Title", status, detail: "Why.", requestId: "request-1" },
});

/** @type {ScriptedResponse[]} */
let responses;
/** @type {{ method?: string, url?: string, token?: string, type?: string, body: string }[]} */
let requests;
/** @type {(request: number) => void} */
let onRequest;
/** @type {import("node:http").Server} */
let server;
/** @type {string} */
let apiUrl;

beforeEach(async () => {
  responses = [];
  requests = [];
  onRequest = () => {};
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { authorization, "content-type": type } = request.headers;
    requests.push({ method: request.method, url: request.url, token: authorization, type, body });
    const { status = 200, headers, body: data, text = JSON.stringify(data), hangUp, cutOff, stall } = responses.shift() ?? { status: 599 };
    if (hangUp) return request.socket.destroy();
    response.writeHead(status, headers);
    if (cutOff) response.write(text, () => request.socket.destroy());
    else if (stall) response.write(text);
    else response.end(text);
    onRequest(requests.length);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  apiUrl = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/v1`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** @param {Partial<ConstructorParameters<typeof DevicesClient>[0]>} [settings] */
const clientOf = (settings) => new DevicesClient({ apiUrl, getAccessToken: async () => "token-1", ...settings });

/** @param {Promise<unknown>} promise @returns {Promise<DevicesError>} */
async function failure(promise) {
  const error = await promise.then(() => assert.fail("It succeeded."), (reason) => reason);
  assert(error instanceof DevicesError, String(error));
  assert.equal(error.name, "DevicesError");
  return error;
}

describe("operations", () => {
  it("lists the devices of all list pages, each once", async () => {
    responses = [page(["a", "b"], "2/+"), page(["b", "c"], "3"), page(["d"], null)];
    assert.deepEqual((await clientOf().list()).map(({ deviceKey }) => deviceKey), ["a", "b", "c", "d"]);
    assert.deepEqual(requests.map(({ url }) => url), ["/v1/devices", "/v1/devices?nextToken=2%2F%2B", "/v1/devices?nextToken=3"]);
  });

  it("yields list pages of the requested size as they arrive", async () => {
    responses = [page(["a"], "2"), page(["b"], null)];
    const pages = clientOf({ apiUrl: `${apiUrl}//` }).pages({ limit: 1 });
    assert.deepEqual((await pages.next()).value, [{ deviceKey: "a" }]);
    assert.equal(requests.length, 1);
    assert.deepEqual((await pages.next()).value, [{ deviceKey: "b" }]);
    assert.equal((await pages.next()).done, true);
    assert.deepEqual(requests.map(({ url }) => url), ["/v1/devices?limit=1", "/v1/devices?limit=1&nextToken=2"]);
  });

  it("requests a list page only when the caller wants it", async () => {
    responses = [page(["a"], "2"), page(["b"], null)];
    for await (const devices of clientOf().pages()) {
      assert.equal(devices.length, 1);
      break;
    }
    assert.equal(requests.length, 1);
  });

  it("stops when the list repeats a nextToken", async () => {
    responses = [page(["a"], "2"), page(["b"], "3"), page(["c"], "2")];
    assert.equal((await failure(Array.fromAsync(clientOf().pages()))).type, "unreadable-answer");
    assert.equal(requests.length, 3);
  });

  it("gets a device", async () => {
    responses = [{ body: DEVICE }];
    assert.deepEqual(await clientOf().get("us-east-1_a"), DEVICE);
    assert.deepEqual(requests, [
      { method: "GET", url: "/v1/devices/us-east-1_a", token: "Bearer token-1", type: undefined, body: "" },
    ]);
  });

  for (const key of ["", ".", "..", "a_b/../..", "a_b?c", "device"]) {
    it(`rejects ${JSON.stringify(key)} as a device key and sends nothing`, async () => {
      assert.equal((await failure(clientOf().forget(key))).type, "invalid-request");
      assert.equal(requests.length, 0);
    });
  }

  it("remembers a device, and stops remembering it", async () => {
    responses = [{ status: 204 }, { status: 204 }];
    await clientOf().setRemembered("current", true);
    await clientOf().setRemembered("current", false);
    assert.deepEqual(requests.map(({ method, url, type, body }) => [method, url, type, JSON.parse(body)]), [
      ["PATCH", "/v1/devices/current", "application/json", { remembered: true }],
      ["PATCH", "/v1/devices/current", "application/json", { remembered: false }],
    ]);
  });

  it("forgets a device", async () => {
    responses = [{ status: 204 }];
    await clientOf().forget("us-east-1_a");
    assert.deepEqual(requests.map(({ method, url }) => [method, url]), [["DELETE", "/v1/devices/us-east-1_a"]]);
  });

  it("rejects a change whose response is not 204", async () => {
    responses = [{ text: "<html>Welcome to this network</html>" }];
    assert.equal((await failure(clientOf().forget("us-east-1_a"))).type, "unreadable-answer");
  });
});

describe("errors", () => {
  it("have the response's status if the problem has none", async () => {
    const { body, ...response } = problem(504, "internal-error");
    responses = [{ ...response, body: { ...body, status: undefined } }]; // JSON leaves it out
    const { type, status, requestId } = await failure(clientOf().get("current"));
    assert.deepEqual([type, status, requestId], ["internal-error", 504, "request-1"]);
  });

  it("have the problem's type, status, request ID and text", async () => {
    responses = [problem(404, "device-not-found")];
    const { type, status, requestId, retryAfter, message } = await failure(clientOf().get("current"));
    assert.deepEqual(
      { type, status, requestId, retryAfter, message },
      { type: "device-not-found", status: 404, requestId: "request-1", retryAfter: undefined, message: "Title: Why." },
    );
  });

  for (const scripted of [
    { status: 503, text: "<html>" },
    { status: 502, text: "" },
    { status: 500, text: "null" },
    { status: 403, body: { message: "Forbidden" } },
    { status: 400, body: { type: "about:blank", title: "Title", detail: "Why." } },
    { status: 400, body: { type: "urn:problem-type:forbidden" } },
    { text: "<html>" },
    { text: "" },
    { text: "null" },
    { body: { deviceKey: 1 } },
  ]) {
    it(`are unreadable-answer for ${scripted.status ?? 200} ${scripted.text ?? JSON.stringify(scripted.body)}`, async () => {
      responses = [scripted];
      const error = await failure(clientOf().get("current"));
      assert.deepEqual([error.type, error.status], ["unreadable-answer", scripted.status ?? 200]);
    });
  }

  for (const body of [{}, { devices: {} }, { devices: [{}] }, { devices: [null] }, { devices: [] }]) {
    it(`are unreadable-answer for the list ${JSON.stringify(body)}`, async () => {
      responses = [{ body }];
      assert.equal((await failure(clientOf().list())).type, "unreadable-answer");
    });
  }

  for (const scripted of [{ hangUp: true }, { text: '{"deviceKey":', cutOff: true }]) {
    it(`are network-error without a ${scripted.hangUp ? "" : "complete "}response, with the cause`, async () => {
      responses = [scripted];
      const error = await failure(clientOf().get("current"));
      assert.deepEqual([error.type, error.status, error.cause instanceof TypeError], ["network-error", undefined, true]);
    });
  }

  it("are not made from what getAccessToken throws", async () => {
    const thrown = new Error("The session is over.");
    await assert.rejects(clientOf({ getAccessToken: () => Promise.reject(thrown) }).get("current"), thrown);
    assert.equal(requests.length, 0);
  });
});

describe("an invalid token", () => {
  it("is refreshed once, and the request is repeated", async () => {
    /** @type {unknown[]} */
    const asked = [];
    const { signal } = new AbortController();
    responses = [problem(401, "invalid-token"), { body: DEVICE }];
    const client = clientOf({
      getAccessToken: async (how) => {
        asked.push(how);
        return `token-${asked.length}`;
      },
    });
    assert.deepEqual(await client.get("current", { signal }), DEVICE);
    assert.deepEqual(asked, [{ refresh: false, signal }, { refresh: true, signal }]);
    assert.deepEqual(requests.map(({ token }) => token), ["Bearer token-1", "Bearer token-2"]);
  });

  it("is an error if the new token is invalid, too", async () => {
    responses = [problem(401, "invalid-token"), problem(401, "invalid-token"), { body: DEVICE }];
    assert.equal((await failure(clientOf().get("current"))).type, "invalid-token");
    assert.equal(requests.length, 2);
  });

  it("is not refreshed because of another 401", async () => {
    responses = [problem(401, "user-not-found"), { body: DEVICE }];
    assert.equal((await failure(clientOf().get("current"))).type, "user-not-found");
    assert.equal(requests.length, 1);
  });
});

describe("too many requests", () => {
  const { setTimeout } = globalThis;
  let isNext = false;
  beforeEach(() => {
    // The client calls setTimeout right after onWait. Only this wait ends at once, because fetch uses timers, too.
    const sooner = (/** @type {() => void} */ done, ms = 0, /** @type {[]} */ ...rest) => {
      const started = setTimeout(done, isNext ? 0 : ms, ...rest);
      isNext = false;
      return started;
    };
    mock.method(globalThis, "setTimeout", sooner);
    mock.method(Date, "now", () => Date.UTC(2026, 2, 1, 12));
  });
  afterEach(() => mock.restoreAll());

  /** @param {ScriptedResponse[]} scripted */
  async function waits(scripted) {
    /** @type {number[]} */
    const seconds = [];
    responses = scripted;
    const onWait = (/** @type {number} */ asked) => {
      isNext = true;
      seconds.push(asked);
    };
    const result = await clientOf().get("current", { onWait }).catch((error) => error.type);
    return { seconds, result, tries: requests.length };
  }

  for (const [value, asked] of /** @type {[string | undefined, number][]} */ ([
    ["3", 3],
    ["0", 0],
    ["Sun, 01 Mar 2026 12:00:15 GMT", 15],
    ["Sun, 01 Mar 2026 11:59:59 GMT", 0],
    ["soon", 1],
    ["-5", 1],
    ["1.5", 1],
    ["try 5", 1],
    [undefined, 1],
  ])) {
    it(`waits ${asked} s after Retry-After: ${value}`, async () => {
      const busy = problem(429, "too-many-requests", value === undefined ? {} : { "Retry-After": value });
      assert.deepEqual(await waits([busy, { body: DEVICE }]), { seconds: [asked], result: DEVICE, tries: 2 });
    });
  }

  it("waits after a 429 without a problem", async () => {
    const busy = { status: 429, headers: { "Retry-After": "2" }, text: "busy" };
    assert.deepEqual(await waits([busy, { body: DEVICE }]), { seconds: [2], result: DEVICE, tries: 2 });
  });

  it("gives up after three waits", async () => {
    const busy = problem(429, "too-many-requests", { "Retry-After": "1" });
    const { seconds, result, tries } = await waits([busy, busy, busy, busy, { body: DEVICE }]);
    assert.deepEqual([seconds, result, tries], [[1, 1, 1], "too-many-requests", 4]);
  });

  it("does not wait for more than 30 seconds", async () => {
    const busy = problem(429, "too-many-requests", { "Retry-After": "31" });
    assert.deepEqual(await waits([busy, { body: DEVICE }]), { seconds: [], result: "too-many-requests", tries: 1 });
  });

  it("waits without onWait", async () => {
    responses = [problem(429, "too-many-requests", { "Retry-After": "0" }), { body: DEVICE }];
    assert.deepEqual(await clientOf().get("current"), DEVICE);
  });
});

describe("an abort", () => {
  const reason = new Error("The user has left.");

  it("before the request sends nothing", async () => {
    await assert.rejects(clientOf().get("current", { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(requests.length, 0);
  });

  for (const [when, scripted] of /** @type {[string, ScriptedResponse][]} */ ([
    ["a response's body", { text: '{"devices":', stall: true }],
    ["an error's body", { status: 500, text: '{"type":', stall: true }],
  ])) {
    it(`during ${when} ends the request`, async () => {
      const controller = new AbortController();
      responses = [scripted];
      onRequest = () => setTimeout(() => controller.abort(reason), 50);
      await assert.rejects(clientOf().get("current", { signal: controller.signal }), reason);
    });
  }

  it("during a wait ends the request", async () => {
    const controller = new AbortController();
    responses = [problem(429, "too-many-requests", { "Retry-After": "30" })];
    const onWait = () => void setImmediate(() => controller.abort(reason));
    await assert.rejects(clientOf().get("current", { signal: controller.signal, onWait }), reason);
  });

  it("right before a wait ends the request", async () => {
    const controller = new AbortController();
    responses = [problem(429, "too-many-requests", { "Retry-After": "30" })];
    const onWait = () => controller.abort(reason);
    await assert.rejects(clientOf().get("current", { signal: controller.signal, onWait }), reason);
  });

  it("during the wait for a token ends the request", async () => {
    const controller = new AbortController();
    const getAccessToken = () => {
      controller.abort(reason);
      return new Promise(() => {});
    };
    await assert.rejects(clientOf({ getAccessToken }).get("current", { signal: controller.signal }), reason);
  });

  it("that never happens changes nothing", async () => {
    responses = [problem(429, "too-many-requests", { "Retry-After": "0" }), { body: DEVICE }];
    assert.deepEqual(await clientOf().get("current", { signal: new AbortController().signal }), DEVICE);
  });
});
