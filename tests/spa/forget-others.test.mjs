/** Forgetting all devices but the current one. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";

import { clientOf, failure, problem, respond, sent } from "./scripted-api.mjs";

/** @typedef {import("./scripted-api.mjs").ScriptedResponse} ScriptedResponse */
/** @typedef {Parameters<ReturnType<typeof clientOf>["forgetOthers"]>[0]} ForgetOthersOptions */

const DONE = { status: 204 };
const GONE = problem(404, "device-not-found");
const FAILED = problem(502, "upstream-error");

/** @type {number[]} The milliseconds of the client's pauses. */
let pauses;

beforeEach(() => {
  const { setTimeout } = globalThis;
  pauses = [];
  // The pauses end at once.
  const sooner = (/** @type {() => void} */ done, ms = 0, /** @type {[]} */ ...rest) => {
    if (ms === 125) pauses.push(ms);
    return setTimeout(done, ms === 125 ? 0 : ms, ...rest);
  };
  mock.method(globalThis, "setTimeout", sooner);
});
afterEach(() => mock.restoreAll());

/** @param {string[]} keys @param {string} [current] */
const list = (keys, current) => ({
  body: { devices: keys.map((deviceKey) => ({ deviceKey, current: deviceKey === current })), nextToken: null },
});

/** @param {ScriptedResponse[]} scripted @param {ForgetOthersOptions} [options] */
async function forgetting(scripted, options) {
  /** @type {string[]} */
  const progress = [];
  respond(scripted);
  const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) => progress.push(`${done}/${total}`);
  const { forgotten, left } = await clientOf().forgetOthers({ onProgress, ...options });
  return { forgotten, left: left.map(({ device, error }) => [device.deviceKey, error.type]), progress, deleted: deleted() };
}

const deleted = () => sent().filter(({ method }) => method === "DELETE").map(({ url }) => url?.replace("/v1/devices/", ""));

describe("forgetOthers", () => {
  it("forgets all devices but the current one, of all list pages", async () => {
    const first = list(["a_1", "a_2"], "a_2").body;
    assert.deepEqual(await forgetting([{ body: { ...first, nextToken: "2" } }, list(["a_3", "a_4"]), DONE, DONE, DONE]), {
      forgotten: 3,
      left: [],
      progress: ["0/3", "1/3", "2/3", "3/3"],
      deleted: ["a_1", "a_3", "a_4"],
    });
  });

  it("pauses between two changes, so that Cognito does not throttle the user", async () => {
    await forgetting([list(["a_1", "a_2", "a_3"]), DONE, GONE, DONE]);
    assert.deepEqual(pauses, [125, 125]);
  });

  it("forgets all devices if none is current", async () => {
    const { forgotten, deleted } = await forgetting([list(["a_1", "a_2"]), DONE, DONE]);
    assert.deepEqual([forgotten, deleted], [2, ["a_1", "a_2"]]);
  });

  it("forgets only the devices that the caller wants, and never the current one", async () => {
    const only = (/** @type {{ deviceKey: string }} */ { deviceKey }) => deviceKey !== "a_1";
    const { progress, deleted } = await forgetting([list(["a_1", "a_2", "a_3"], "a_3"), DONE], { only });
    assert.deepEqual([progress, deleted], [["0/1", "1/1"], ["a_2"]]);
  });

  it("forgets nothing if `only` returns a promise", async () => {
    const only = /** @type {any} */ (async () => false);
    assert.deepEqual((await forgetting([list(["a_1", "a_2"]), DONE, DONE], { only })).deleted, []);
  });

  it("changes nothing if there is no other device", async () => {
    assert.deepEqual(await forgetting([list(["a_1"], "a_1")]), { forgotten: 0, left: [], progress: ["0/0"], deleted: [] });
  });

  it("works without options", async () => {
    respond([list(["a_1"]), DONE]);
    assert.deepEqual(await clientOf().forgetOthers(), { forgotten: 1, left: [] });
  });

  it("counts a device that is gone as forgotten", async () => {
    assert.deepEqual(await forgetting([list(["a_1", "a_2"]), GONE, DONE]), {
      forgotten: 2,
      left: [],
      progress: ["0/2", "1/2", "2/2"],
      deleted: ["a_1", "a_2"],
    });
  });

  it("goes on after failures, and returns what is left", async () => {
    const scripted = [FAILED, { hangUp: true }, DONE, { text: "<html>" }, FAILED];
    assert.deepEqual(await forgetting([list(["a_1", "a_2", "a_3", "a_4", "a_5"]), ...scripted]), {
      forgotten: 1,
      left: [["a_1", "upstream-error"], ["a_2", "network-error"], ["a_4", "unreadable-answer"], ["a_5", "upstream-error"]],
      progress: ["0/5", "1/5", "2/5", "3/5", "4/5", "5/5"],
      deleted: ["a_1", "a_2", "a_3", "a_4", "a_5"],
    });
  });

  it("stops after three failures in a row", async () => {
    const scripted = [DONE, FAILED, FAILED, FAILED];
    assert.deepEqual(await forgetting([list(["a_1", "a_2", "a_3", "a_4", "a_5", "a_6"]), ...scripted]), {
      forgotten: 1,
      left: ["a_2", "a_3", "a_4", "a_5", "a_6"].map((key) => [key, "upstream-error"]),
      progress: ["0/6", "1/6", "2/6", "3/6"],
      deleted: ["a_1", "a_2", "a_3", "a_4"],
    });
  });

  it("waits after a 429, and tells the caller", async () => {
    const onWait = mock.fn();
    const busy = problem(429, "too-many-requests", { "Retry-After": "0" });
    const { forgotten, deleted } = await forgetting([busy, list(["a_1", "a_2"]), busy, DONE, busy, DONE], { onWait });
    assert.deepEqual([forgotten, deleted], [2, ["a_1", "a_1", "a_2", "a_2"]]);
    assert.equal(onWait.mock.callCount(), 3);
  });

  for (const type of ["invalid-token", "missing-token", "user-not-found"]) {
    it(`rejects at ${type}, which ends the session`, async () => {
      const ended = problem(401, type);
      assert.equal((await failure(forgetting([list(["a_1", "a_2"]), ended, ended, DONE]))).type, type);
      assert.equal(deleted().at(-1), "a_1");
    });
  }

  it("rejects if getAccessToken throws", async () => {
    const thrown = new Error("The session is over.");
    respond([list(["a_1", "a_2"])]);
    const tokens = ["token-1"];
    const getAccessToken = () => Promise.resolve(tokens.pop() ?? Promise.reject(thrown));
    await assert.rejects(clientOf({ getAccessToken }).forgetOthers(), thrown);
    assert.equal(sent().length, 1);
  });

  it("rejects if the list cannot be read", async () => {
    assert.equal((await failure(forgetting([FAILED]))).type, "upstream-error");
  });

  for (const [when, done] of /** @type {[string, number][]} */ ([["before the first device", 0], ["in a pause", 1], ["after the last device", 2]])) {
    it(`stops at an abort ${when}`, async () => {
      // Even if the reason is like a failure of one device.
      const reason = await failure(clientOf().get(""));
      const controller = new AbortController();
      const onProgress = (/** @type {{ done: number }} */ progress) => void (progress.done === done && controller.abort(reason));
      respond([list(["a_1", "a_2"]), DONE, DONE]);
      const forgetting = clientOf().forgetOthers({ signal: controller.signal, onProgress });
      await (done === 2 ? forgetting : assert.rejects(forgetting, reason));
      assert.equal(deleted().length, done);
    });
  }

  it("stops at an abort during a request", async () => {
    const reason = await failure(clientOf().get(""));
    const controller = new AbortController();
    respond([list(["a_1", "a_2"]), { silent: true }], (count) => void (count === 2 && controller.abort(reason)));
    await assert.rejects(clientOf().forgetOthers({ signal: controller.signal }), reason);
    assert.deepEqual(deleted(), ["a_1"]);
  });
});
