import assert from "node:assert/strict";
import { test } from "node:test";

import { Camera } from "../../kiosk/static/camera.js";
import { lensesOf, zoomOf } from "../../kiosk/static/lens/lenses.js";

test("cameras go by the names that people know them by", () => {
  const devices = [
    { kind: "audioinput", deviceId: "m", label: "Microphone" },
    { kind: "videoinput", deviceId: "a", label: "HD Camera (04f2:b6d9)" },
    { kind: "videoinput", deviceId: "b", label: "" },
    // Before the camera was allowed, browsers tell that there is one, and nothing of it.
    { kind: "videoinput", deviceId: "", label: "" },
  ];
  assert.deepEqual(lensesOf(devices), [{ id: "a", name: "HD Camera" }, { id: "b", name: "Camera 2" }]);
});

test("a slider is there for a camera that can be zoomed, with steps of its own or ours", () => {
  assert.deepEqual(zoomOf({ zoom: { min: 1, max: 8, step: 0.5 } }), { min: 1, max: 8, step: 0.5 });
  assert.deepEqual(zoomOf({ zoom: { min: 0, max: 100, step: 0 } }), { min: 0, max: 100, step: 2 });
  for (const none of [undefined, {}, { zoom: { min: 1, max: 1 } }]) assert.equal(zoomOf(none), null);
});

test("zooming asks the camera that is open, and reads from it how near it looks", async () => {
  const camera = new Camera({});
  await camera.zoomTo(2);
  const wanted = [];
  camera.track = { applyConstraints: async (each) => wanted.push(each), getSettings: () => ({ zoom: 2 }) };
  await camera.zoomTo(2);
  assert.deepEqual(wanted, [{ advanced: [{ zoom: 2 }] }]);
  assert.equal(camera.zoomed, 2);
});

test("a light is offered by a camera that has one, and switched by asking it", async () => {
  const camera = new Camera({}), wanted = [];
  assert.equal(camera.hasTorch, false);
  const can = { torch: true, zoom: { min: 1, max: 4, step: 1 } };
  camera.track = { getCapabilities: () => can, getSettings: () => ({}), applyConstraints: async (each) => wanted.push(each) };
  assert.deepEqual([camera.hasTorch, zoomOf(camera.track.getCapabilities())], [true, can.zoom]);
  await camera.toggleTorch();
  await camera.toggleTorch();
  assert.deepEqual(wanted, [{ advanced: [{ torch: true }] }, { advanced: [{ torch: false }] }]);
  for (const none of [{}, { getCapabilities: () => ({}) }, { getCapabilities: () => ({ torch: false }) }]) {
    camera.track = none;
    assert.equal(camera.hasTorch, false);
  }
});
