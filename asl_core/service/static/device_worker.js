// Finds the hand and asks the picture network, off the page's own thread.
//
// In:  { do: "load", manifest }, whose isKept tells whether the browser's cache has all files, and
//      { do: "frame", bitmap, number, time, wantsPicture, comparesHands }; without wantsPicture the
//      picture network is not asked, the last asks for the features by which hands are compared, too.
// Out: { is: "progress", done, all } in bytes on the wire, { is: "ready", loadMs },
//      { is: "found", found }, { is: "refused", sentence }.

import { boxAround, cut, frameLuma, handLuma } from "./hand_crop.js";

const MODEL_SCHEMA = 1;
const NO_PICTURE = { answers: null, features: null };
const READ_HERE = ["landmarker", "letters"]; // the other files are read by the libraries
let landmarker = null;
let letters = null; // { session, ort, model }
let canvas = null;
let light = null; // of the last frame whose pixels were read: { luma, handLuma }

self.onmessage = async ({ data }) => {
  try {
    if (data.do === "load") await load(data.manifest);
    else read(data);
  } catch (error) {
    self.postMessage({ is: "refused", sentence: sentenceOf(error) });
  }
};

async function load(manifest) {
  const started = performance.now();
  const { model, files } = manifest;
  if (model.schema_version !== MODEL_SCHEMA) {
    throw new Error(`the model has schema ${model.schema_version}, this page reads ${MODEL_SCHEMA}`);
  }
  const contents = fetchAll(files, manifest.isKept);
  await Promise.all([openLandmarker(files, contents, manifest), openLetters(files, contents, model)]);
  await warmUp(model);
  self.postMessage({ is: "ready", loadMs: performance.now() - started });
}

// Promises of all files, with progress in bytes on the wire; the browser's cache keeps them. The libraries
// fetch theirs themselves, so what is kept already need not be read twice.
function fetchAll(files, isKept) {
  const read = Object.entries(files).filter(([name]) => !isKept || READ_HERE.includes(name));
  const all = read.reduce((sum, [, file]) => sum + file.wire_bytes, 0);
  let done = 0;
  const fetched = read.map(([name, file]) => {
    const content = fetchOne(file, (share) => {
      done += share * file.wire_bytes;
      self.postMessage({ is: "progress", done: Math.min(done, all), all });
    });
    content.catch(() => {}); // whoever needs the file hears of it
    return [name, content];
  });
  return Object.fromEntries(fetched);
}

async function fetchOne(file, onShare) {
  const response = await fetch(file.url);
  if (!response.ok) throw new Error(`a file could not be loaded (${response.status})`);
  const content = new Uint8Array(file.bytes);
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length > content.length) throw new Error("a file is longer than announced");
    content.set(value, length);
    length += value.length;
    onShare(value.length / file.bytes);
  }
  if (length !== file.bytes) throw new Error("a file is shorter than announced");
  return content;
}

async function openLandmarker(files, contents, manifest) {
  const model = await contents.landmarker;
  await Promise.all([contents.vision, contents.vision_loader, contents.vision_wasm]);
  const { HandLandmarker } = await import(files.vision.url);
  const paths = { wasmLoaderPath: files.vision_loader.url, wasmBinaryPath: files.vision_wasm.url };
  const confidence = manifest.video_confidence;
  landmarker = await HandLandmarker.createFromOptions(paths, {
    baseOptions: { modelAssetBuffer: model, delegate: "CPU" },
    runningMode: "VIDEO",
    numHands: 1,
    minHandDetectionConfidence: manifest.video_palm_confidence,
    minHandPresenceConfidence: confidence,
    minTrackingConfidence: confidence,
    canvas: new OffscreenCanvas(1, 1),
  });
}

async function openLetters(files, contents, model) {
  const network = await contents.letters;
  if ((await sha256(network)) !== model.sha256) throw new Error("the model arrived damaged");
  await Promise.all([contents.runtime, contents.runtime_loader, contents.runtime_wasm]);
  const ort = await import(files.runtime.url);
  ort.env.wasm.numThreads = self.crossOriginIsolated ? threads() : 1;
  ort.env.wasm.wasmPaths = { mjs: files.runtime_loader.url, wasm: files.runtime_wasm.url };
  const session = await ort.InferenceSession.create(network, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  letters = { session, ort, model };
}

// The hand's detector keeps one core busy, the page and the camera another.
const threads = () => Math.min(Math.max(1, (navigator.hardwareConcurrency ?? 1) - 2), 4);

// The first reading pays for setting up; no frame of a hand should.
async function warmUp(model) {
  const { input_size: size } = model.preprocessing;
  await ask(new Uint8Array(size * size * 3));
}

async function read({ bitmap, ...asked }) {
  try {
    self.postMessage({ is: "found", found: await find(bitmap, asked) });
  } catch (error) {
    self.postMessage({ is: "refused", sentence: sentenceOf(error) });
  } finally {
    bitmap.close();
  }
}

async function find(bitmap, { number, time, wantsPicture = true, comparesHands = false }) {
  const started = performance.now();
  const { width, height } = bitmap;
  const result = landmarker.detectForVideo(bitmap, time * 1000);
  const detected = performance.now();
  const found = { number, time, width, height, hand: null, classifyMs: 0 };
  found.detectMs = detected - started;
  const [marks] = result.landmarks;
  const points = marks?.map(({ x, y, z }) => [x, y, z]);
  // Pixels are read for the picture and the light. Without a picture the light of the last frame will
  // do: the server asks for the next picture within half a second.
  const frame = wantsPicture || !marks || !light ? pixelsOf(bitmap) : null;
  if (frame) light = { luma: frameLuma(frame), handLuma: marks ? handLuma(frame, points) : null };
  Object.assign(found, light);
  if (!marks) return found;
  const { preprocessing, pad } = letters.model;
  const box = boxAround(points, width, height, preprocessing.crop_scale);
  const [side] = result.handedness[0];
  found.hand = { points, box, isLeft: side.categoryName === "Left", score: side.score, ...NO_PICTURE };
  if (wantsPicture) {
    const crop = cut(frame, box, preprocessing.input_size, pad);
    Object.assign(found.hand, await ask(crop, comparesHands));
  }
  found.classifyMs = performance.now() - detected;
  return found;
}

function pixelsOf(bitmap) {
  const { width, height } = bitmap;
  if (canvas?.width !== width || canvas?.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}

async function ask(crop, comparesHands = false) {
  const { session, ort, model } = letters;
  const size = model.preprocessing.input_size;
  const input = new ort.Tensor("uint8", crop, [1, size, size, 3]);
  const said = await session.run({ [model.input]: input });
  const features = comparesHands && model.features ? said[model.features].data : null;
  return { answers: said[model.output].data, features };
}

async function sha256(content) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Libraries tell long stories; a person gets their beginning.
const sentenceOf = (error) => String(error?.message ?? error).split("\n")[0].slice(0, 160);
