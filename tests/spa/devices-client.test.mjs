/** The client's operations and errors. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { DEVICE, apiUrl, clientOf, failure, page, problem, respond, sent } from "./scripted-api.mjs";

describe("operations", () => {
  it("lists the devices of all list pages, each once", async () => {
    respond([page(["a", "b"], "2/+"), page(["b", "c"], "3"), page(["d"], null)]);
    assert.deepEqual((await clientOf().list()).map(({ deviceKey }) => deviceKey), ["a", "b", "c", "d"]);
    assert.deepEqual(sent().map(({ url }) => url), ["/v1/devices", "/v1/devices?nextToken=2%2F%2B", "/v1/devices?nextToken=3"]);
  });

  it("yields list pages of the requested size as they arrive", async () => {
    respond([page(["a"], "2"), page(["b"], null)]);
    const pages = clientOf({ apiUrl: `${apiUrl()}//` }).pages({ limit: 1 });
    assert.deepEqual((await pages.next()).value, [{ deviceKey: "a" }]);
    assert.equal(sent().length, 1);
    assert.deepEqual((await pages.next()).value, [{ deviceKey: "b" }]);
    assert.equal((await pages.next()).done, true);
    assert.deepEqual(sent().map(({ url }) => url), ["/v1/devices?limit=1", "/v1/devices?limit=1&nextToken=2"]);
  });

  it("requests a list page only when the caller wants it", async () => {
    respond([page(["a"], "2"), page(["b"], null)]);
    for await (const devices of clientOf().pages()) {
      assert.equal(devices.length, 1);
      break;
    }
    assert.equal(sent().length, 1);
  });

  it("stops when the list repeats a nextToken", async () => {
    respond([page(["a"], "2"), page(["b"], "3"), page(["c"], "2")]);
    assert.equal((await failure(clientOf().list())).type, "unreadable-answer");
    assert.equal(sent().length, 3);
  });

  it("lists 65 devices in list pages of 60", async () => {
    const keys = Array.from({ length: 65 }, (_, index) => `us-east-1_${index}`);
    respond([page(keys.slice(0, 60), "2"), page(keys.slice(60), null)]);
    assert.deepEqual((await clientOf().list()).map(({ deviceKey }) => deviceKey), keys);
  });

  it("gets a device", async () => {
    respond([{ body: DEVICE }]);
    assert.deepEqual(await clientOf().get("us-east-1_a"), DEVICE);
    assert.deepEqual(sent(), [
      { method: "GET", url: "/v1/devices/us-east-1_a", token: "Bearer token-1", type: undefined, caching: "no-cache", body: "" },
    ]);
  });

  it("stops after as many list pages as the caller allows", async () => {
    respond([page(["a"], "2"), page(["b"], "3"), page(["c"], null)]);
    const error = await failure(clientOf().list({ maxPages: 2 }));
    assert.deepEqual([error.type, error.message], ["unreadable-answer", "The list has more than 2 pages."]);
    assert.equal(sent().length, 2);
  });

  it("stops after 1000 list pages", async () => {
    respond(Array.from({ length: 1001 }, (_, index) => page([], `${index}`)));
    assert.equal((await failure(clientOf().list())).message, "The list has more than 1000 pages.");
    assert.equal(sent().length, 1000);
  });

  it("lists 200,000 devices", async () => {
    const keys = Array.from({ length: 200_000 }, (_, index) => `us-east-1_${index}`);
    respond([page(keys, null)]);
    assert.equal((await clientOf().list()).length, 200_000);
  });

  for (const key of ["a_b", "___", "__b", "a__", "us-east-1_a", `a_${"b".repeat(53)}`, "current"]) {
    it(`accepts ${key} as a device key`, async () => {
      respond([{ status: 204 }]);
      await clientOf().forget(key);
      assert.equal(sent()[0]?.url, `/v1/devices/${key}`);
    });
  }

  // A pattern that backtracks would need minutes for the last one.
  for (const key of [
    ...["", ".", "..", "a_b/../..", "a_b?c", "device", "_", "__", "_a", "a_", "a-b", "a_b\n", "\u00e9_b"],
    `a_${"b".repeat(54)}`,
    `${"_".repeat(2_000_000)}/`,
  ]) {
    it(`rejects ${JSON.stringify(key.slice(0, 60))} as a device key and sends nothing`, async () => {
      assert.equal((await failure(clientOf().forget(key))).type, "invalid-request");
      assert.equal(sent().length, 0);
    });
  }

  it("remembers a device, and stops remembering it", async () => {
    respond([{ status: 204 }, { status: 204 }]);
    await clientOf().setRemembered("current", true);
    await clientOf().setRemembered("current", false);
    assert.deepEqual(sent().map(({ method, url, type, body }) => [method, url, type, JSON.parse(body)]), [
      ["PATCH", "/v1/devices/current", "application/json", { remembered: true }],
      ["PATCH", "/v1/devices/current", "application/json", { remembered: false }],
    ]);
  });

  it("forgets a device", async () => {
    respond([{ status: 204 }]);
    await clientOf().forget("us-east-1_a");
    assert.deepEqual(sent().map(({ method, url }) => [method, url]), [["DELETE", "/v1/devices/us-east-1_a"]]);
  });

  it("rejects a change whose response is not 204", async () => {
    respond([{ text: "<html>Welcome to this network</html>" }]);
    assert.equal((await failure(clientOf().forget("us-east-1_a"))).type, "unreadable-answer");
  });
});

describe("errors", () => {
  it("have the response's status if the problem has none", async () => {
    const { body, ...response } = problem(504, "internal-error");
    respond([{ ...response, body: { ...body, status: undefined } }]); // JSON leaves it out
    const { type, status, requestId } = await failure(clientOf().get("current"));
    assert.deepEqual([type, status, requestId], ["internal-error", 504, "request-1"]);
  });

  it("have the problem's type, status, request ID and text", async () => {
    respond([problem(404, "device-not-found")]);
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
      respond([scripted]);
      const error = await failure(clientOf().get("current"));
      assert.deepEqual([error.type, error.status], ["unreadable-answer", scripted.status ?? 200]);
    });
  }

  it("are unreadable-answer where fetch has another SyntaxError than the app, as in Jest", async (context) => {
    context.mock.property(globalThis, "SyntaxError", /** @type {any} */ (class extends SyntaxError {}));
    respond([{ text: "<html>" }]);
    assert.equal((await failure(clientOf().get("current"))).type, "unreadable-answer");
  });

  for (const body of [{}, { devices: {} }, { devices: [{}] }, { devices: [null] }, { devices: [] }]) {
    it(`are unreadable-answer for the list ${JSON.stringify(body)}`, async () => {
      respond([{ body }]);
      assert.equal((await failure(clientOf().list())).type, "unreadable-answer");
    });
  }

  for (const scripted of [{ hangUp: true }, { text: '{"deviceKey":', cutOff: true }]) {
    it(`are network-error without a ${scripted.hangUp ? "" : "complete "}response, with the cause`, async () => {
      respond([scripted]);
      const error = await failure(clientOf().get("current"));
      assert.deepEqual([error.type, error.status, error.cause instanceof TypeError], ["network-error", undefined, true]);
    });
  }

  for (const token of [undefined, ""]) {
    it(`are missing-token if getAccessToken returns ${JSON.stringify(token)}`, async () => {
      const error = await failure(clientOf({ getAccessToken: async () => token }).get("current"));
      assert.deepEqual([error.type, error.status], ["missing-token", undefined]);
      assert.equal(sent().length, 0);
    });
  }

  it("are missing-token if getAccessToken returns no new token", async () => {
    respond([problem(401, "invalid-token"), { body: {} }]);
    const getAccessToken = async (/** @type {{ refresh: boolean }} */ { refresh }) => (refresh ? undefined : "token-1");
    assert.equal((await failure(clientOf({ getAccessToken }).get("current"))).type, "missing-token");
    assert.equal(sent().length, 1);
  });

  it("are not made from what getAccessToken throws", async () => {
    const thrown = new Error("The session is over.");
    await assert.rejects(clientOf({ getAccessToken: () => Promise.reject(thrown) }).get("current"), thrown);
    assert.equal(sent().length, 0);
  });
});
