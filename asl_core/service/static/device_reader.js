// The worker that reads frames, with libraries and models in it. A page has one, which outlives a part
// of the page that is made anew: loading takes seconds.
//
//   const { worker, manifest } = await openReader({ base, model }, onProgress);
//   await prepareReader({ base, model });
//
// base: address of the service, with a slash at its end; model: name of a run, or null for the
// service's own. onProgress({ done, all }) hears of bytes on the wire while something is loaded.

const MANIFEST_SCHEMA = 1;
const LOADED = "asl-device-files"; // in the browser's store: the files that it has loaded before

let current = null; // { digest, worker, ready, onProgress }

// Loads what is not loaded yet; another model takes the place of the one before.
export async function openReader(place, onProgress) {
  const manifest = await fetchManifest(place);
  return { manifest, worker: await workerOf(manifest, onProgress) };
}

// Loads it beforehand, unless this browser would have to fetch anything for it.
export async function prepareReader(place) {
  if (!loadedBefore()) return;
  const manifest = await fetchManifest(place);
  manifest.isKept = await areKept(manifest);
  if (manifest.isKept) await workerOf(manifest, () => {});
}

async function fetchManifest({ base, model }) {
  const address = new URL("device-files.json", base);
  if (model) address.searchParams.set("model", model);
  const response = await fetch(address);
  const manifest = await response.json();
  if (!response.ok) throw new Error(withoutDot(manifest.error ?? `the server answered ${response.status}`));
  if (manifest.schema_version !== MANIFEST_SCHEMA) throw new Error("the page is older than the server; reload it");
  for (const file of Object.values(manifest.files)) file.url = new URL(file.path, base).href;
  return manifest;
}

// Whether the browser has loaded all files before and its cache still holds them.
async function areKept(manifest) {
  if (loadedBefore() !== namesOf(manifest)) return false;
  const held = await Promise.all(Object.values(manifest.files).map(isHeld));
  return held.every(Boolean);
}

const namesOf = ({ files }) => Object.values(files).map(({ path }) => path).join(" ");

function loadedBefore() {
  try {
    return localStorage.getItem(LOADED);
  } catch {
    return null;
  }
}

function noteLoaded(manifest) {
  try {
    localStorage.setItem(LOADED, namesOf(manifest));
  } catch {
    // Without a store the next visit is not prepared.
  }
}

// Whether the browser's cache still holds a file.
async function isHeld({ url }) {
  try {
    const response = await fetch(url, { cache: "only-if-cached", mode: "same-origin" });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function workerOf(manifest, onProgress) {
  const { sha256: digest } = manifest.model;
  if (current?.digest !== digest) {
    current?.worker.terminate();
    const worker = new Worker(new URL("device_worker.js", import.meta.url), { type: "module" });
    const opening = { digest, worker, onProgress };
    current = opening;
    const opened = loaded(worker, manifest, (progress) => opening.onProgress(progress));
    opening.ready = opened.catch((error) => {
      worker.terminate();
      if (current === opening) current = null;
      throw error;
    });
  }
  const { worker, ready } = current;
  current.onProgress = onProgress;
  await ready;
  noteLoaded(manifest);
  return worker;
}

// Only here is the cache asked: a browser that keeps too little complains of each miss.
function loaded(worker, manifest, onProgress) {
  return new Promise((done, fail) => {
    worker.onerror = ({ message }) => fail(new Error(message || "the worker did not start"));
    worker.onmessage = ({ data }) => {
      if (data.is === "progress") onProgress(data);
      else if (data.is === "ready") done();
      else fail(new Error(withoutDot(data.sentence)));
    };
    const load = async () => {
      manifest.isKept ??= await areKept(manifest);
      worker.postMessage({ do: "load", manifest });
    };
    load().catch(fail);
  });
}

export const withoutDot = (sentence) => String(sentence).replace(/\.$/, "");
