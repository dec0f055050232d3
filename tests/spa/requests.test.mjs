/** How the client sends requests: tokens, waits, times, redirects and aborts. */

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, it, mock } from "node:test";

import { DEVICE, clientOf, failure, problem, respond, sent } from "./scripted-api.mjs";

/** @typedef {import("./scripted-api.mjs").ScriptedResponse} ScriptedResponse */

describe("a request", () => {
  for (const status of [301, 302, 303, 307, 308]) {
    for (const [method, change] of /** @type {[string, (client: ReturnType<typeof clientOf>) => Promise<unknown>][]} */ ([
      ["GET", (client) => client.get("us-east-1_a")],
      ["PATCH", (client) => client.setRemembered("us-east-1_a", true)],
      ["DELETE", (client) => client.forget("us-east-1_a")],
    ])) {
      it(`of ${method} does not follow a redirect with ${status}`, async () => {
        respond([{ status, headers: { Location: "/v1/devices/us-east-1_b" } }, { status: 204 }]);
        const error = await failure(change(clientOf()));
        assert.deepEqual([error.type, error.status], ["network-error", undefined]);
        assert.match(error.message, /redirect/);
        assert.deepEqual(sent().map(({ url }) => url), ["/v1/devices/us-east-1_a"]);
      });
    }
  }
});

describe("the time of a request", () => {
  for (const [where, scripted] of /** @type {[string, ScriptedResponse][]} */ ([
    ["before the response", { silent: true }],
    ["in a response's body", { text: '{"devices":', stall: true }],
    ["in an error's body", { status: 500, text: '{"type":', stall: true }],
  ])) {
    it(`ends ${where}`, async () => {
      respond([scripted]);
      const { signal } = new AbortController();
      const error = await failure(clientOf({ timeout: 0.1 }).get("current", { signal }));
      assert.deepEqual([error.type, error.message], ["network-error", "The API did not respond within 0.1 s."]);
    });
  }

  for (const timeout of [0, -1, NaN]) {
    it(`is not ${timeout}`, () => {
      assert.throws(() => clientOf({ timeout }), { name: "RangeError", message: /timeout must be a number/ });
    });
  }

  for (const [timeout, delay] of /** @type {[number | undefined, number][]} */ ([[undefined, 30_000], [5, 5_000], [Infinity, 2 ** 31 - 1]])) {
    it(`is ${delay} ms if the app sets ${timeout}, and its timer ends with the request`, async (context) => {
      const started = context.mock.method(globalThis, "setTimeout");
      const stopped = context.mock.method(globalThis, "clearTimeout");
      respond([{ body: DEVICE }]);
      assert.deepEqual(await clientOf({ timeout }).get("current"), DEVICE);
      const timer = started.mock.calls.find(({ arguments: [, ms] }) => ms === delay);
      assert(timer);
      assert(stopped.mock.calls.some(({ arguments: [id] }) => id === timer.result));
    });
  }
});

describe("an invalid token", () => {
  it("is refreshed once, and the request is repeated", async () => {
    /** @type {unknown[]} */
    const asked = [];
    const { signal } = new AbortController();
    respond([problem(401, "invalid-token"), { body: DEVICE }]);
    const client = clientOf({
      getAccessToken: async (how) => {
        asked.push(how);
        return `token-${asked.length}`;
      },
    });
    assert.deepEqual(await client.get("current", { signal }), DEVICE);
    assert.deepEqual(asked, [{ refresh: false, signal }, { refresh: true, signal }]);
    assert.deepEqual(sent().map(({ token }) => token), ["Bearer token-1", "Bearer token-2"]);
  });

  it("is an error if the new token is invalid, too", async () => {
    respond([problem(401, "invalid-token"), problem(401, "invalid-token"), { body: DEVICE }]);
    assert.equal((await failure(clientOf().get("current"))).type, "invalid-token");
    assert.equal(sent().length, 2);
  });

  it("is not refreshed because of another 401", async () => {
    respond([problem(401, "user-not-found"), { body: DEVICE }]);
    assert.equal((await failure(clientOf().get("current"))).type, "user-not-found");
    assert.equal(sent().length, 1);
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
    mock.method(Math, "random", () => 0);
  });
  afterEach(() => mock.restoreAll());

  /** @param {ScriptedResponse[]} scripted */
  async function waits(scripted) {
    /** @type {number[]} */
    const seconds = [];
    respond(scripted);
    const onWait = (/** @type {number} */ asked) => {
      isNext = true;
      seconds.push(asked);
    };
    const result = await clientOf().get("current", { onWait }).catch((error) => error.type);
    return { seconds, result, tries: sent().length };
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

  it("waits up to half as long again, so that browsers do not return together", async () => {
    const busy = problem(429, "too-many-requests", { "Retry-After": "4" });
    const draws = [0.5, 0.25, 1 - Number.EPSILON];
    mock.method(Math, "random", () => draws.shift());
    const { seconds } = await waits([busy, busy, busy, { body: DEVICE }]);
    assert.deepEqual(seconds.map((each) => each.toFixed(6)), ["5.000000", "4.500000", "6.000000"]);
  });

  it("gives up after three waits", async () => {
    const busy = problem(429, "too-many-requests", { "Retry-After": "1" });
    const { seconds, result, tries } = await waits([busy, busy, busy, busy, { body: DEVICE }]);
    assert.deepEqual([seconds, result, tries], [[1, 1, 1], "too-many-requests", 4]);
  });

  it("gives up after three waits even if the token expires meanwhile", async () => {
    const busy = problem(429, "too-many-requests", { "Retry-After": "1" });
    const { seconds, result, tries } = await waits([busy, busy, busy, problem(401, "invalid-token"), busy, { body: DEVICE }]);
    assert.deepEqual([seconds, result, tries], [[1, 1, 1], "too-many-requests", 5]);
  });

  it("does not wait for more than 30 seconds", async () => {
    const busy = problem(429, "too-many-requests", { "Retry-After": "31" });
    assert.deepEqual(await waits([busy, { body: DEVICE }]), { seconds: [], result: "too-many-requests", tries: 1 });
  });

  it("waits without onWait", async () => {
    respond([problem(429, "too-many-requests", { "Retry-After": "0" }), { body: DEVICE }]);
    assert.deepEqual(await clientOf().get("current"), DEVICE);
  });
});

describe("an abort", () => {
  const reason = new Error("The user has left.");

  it("before the request sends nothing", async () => {
    await assert.rejects(clientOf().get("current", { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(sent().length, 0);
  });

  for (const [when, scripted] of /** @type {[string, ScriptedResponse][]} */ ([
    ["the wait for a response", { silent: true }],
    ["a response's body", { text: '{"devices":', stall: true }],
    ["an error's body", { status: 500, text: '{"type":', stall: true }],
  ])) {
    it(`during ${when} ends the request`, async () => {
      const controller = new AbortController();
      respond([scripted], () => setTimeout(() => controller.abort(reason), 50));
      await assert.rejects(clientOf().get("current", { signal: controller.signal }), reason);
    });
  }

  it("during a wait ends the request", async () => {
    const controller = new AbortController();
    respond([problem(429, "too-many-requests", { "Retry-After": "30" })]);
    const onWait = () => void setImmediate(() => controller.abort(reason));
    await assert.rejects(clientOf().get("current", { signal: controller.signal, onWait }), reason);
  });

  it("right before a wait ends the request", async () => {
    const controller = new AbortController();
    respond([problem(429, "too-many-requests", { "Retry-After": "30" })]);
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

  it("after getAccessToken threw at once changes nothing", async () => {
    const controller = new AbortController();
    const thrown = new Error("The session is over.");
    const getAccessToken = () => {
      throw thrown;
    };
    await assert.rejects(clientOf({ getAccessToken }).get("current", { signal: controller.signal }), thrown);
    assert.deepEqual(getEventListeners(controller.signal, "abort"), []);
  });

  it("that never happens changes nothing", async () => {
    const { signal } = new AbortController();
    respond([problem(429, "too-many-requests", { "Retry-After": "0" }), { body: DEVICE }]);
    assert.deepEqual(await clientOf().get("current", { signal }), DEVICE);
    // Otherwise a page with one signal for its whole life would collect listeners.
    assert.deepEqual(getEventListeners(signal, "abort"), []);
  });
});
