// The camera that the visitor's own browser reads: the one front of the Live page and of /camera.
//
//   const camera = mountCamera(root, options); camera.update(options); camera.close();
//
// options: {
//   base: address of the service, with a slash at its end,
//   model: name of a run, or null for the service's own,
//   token: of the visit, or null for a visit of the socket's own,
//   words(), speed(): the words so far and the name of the speed, for a visit of its own,
//   mirrored: whether the video is shown as in a mirror,
//   onAnswer(answer), onRunning(isRunning), onTrouble(code, sentence)
// }
// Codes of trouble: "old" browser, "assets" that cannot be had, "camera", "slow", "server", and "" once
// all is well again.

import { drawOverlay } from "./device_overlay.js";
import { openReader, prepareReader, withoutDot } from "./device_reader.js";
import { DeviceSocket } from "./device_socket.js";
import { Webcam } from "./webcam.js";

const LEAST_FPS = 8;
const PATIENCE_MS = 8000;
const FRAME_MS = 30;
const LONGEST_SIDE = 640;
const LONGEST_WORDS = 2000;
const MOST_LAGS = 1000;
const HTML = `
<div class="asl-device">
  <div class="view">
    <video playsinline muted aria-label="What your camera sees"></video>
    <canvas aria-hidden="true"></canvas>
    <p class="invitation"></p>
  </div>
  <p class="problem" role="alert" hidden></p>
  <div class="row">
    <button type="button" class="main start">Start</button>
    <select aria-label="Camera" hidden></select>
    <progress max="1" value="0" aria-label="Loading" hidden></progress>
    <span class="figures" role="status"></span>
  </div>
</div>`;
const INVITATION = "Press Start. Your camera is read in this browser; no picture leaves it.";

export function mountCamera(root, options) {
  return new DeviceCamera(root, options);
}

class DeviceCamera {
  #root;
  #options;
  #find;
  #webcam;
  #socket = null;
  #worker = null;
  #isRunning = false;
  #isLoading = false;
  #isBusy = false;
  #isWaiting = false;
  #number = 0;
  #found = null;
  #answer = null;
  #times = [];
  #started = 0;
  #lags = [];
  #startMs = null;
  #manifest = null;
  #taken = new Map();

  constructor(root, options) {
    this.#root = root;
    this.#options = options;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("device_camera.css", import.meta.url).href;
    const holder = document.createElement("div");
    holder.innerHTML = HTML;
    root.replaceChildren(link, ...holder.children);
    this.#find = (name) => root.querySelector(name);
    this.#webcam = new Webcam(this.#find("video"));
    this.#find(".invitation").textContent = INVITATION;
    this.#find(".start").addEventListener("click", () => this.toggle());
    this.#find("select").addEventListener("change", ({ target }) => this.start(target.value));
    this.update(options);
    const missing = whatIsMissing();
    if (missing) this.#trouble("old", missing);
    // Where all is in the browser's cache it gets ready while the person reads the page. What is wrong
    // is told when Start is pressed.
    else prepareReader(this.#place).catch(() => {});
  }

  get #place() {
    return { base: this.#options.base, model: this.#options.model };
  }

  get isRunning() {
    return this.#isRunning;
  }

  // For measurements: of the last frames that were answered their number, the milliseconds from
  // capture to the drawn answer, whether it has a letter, whether the picture was read, and the
  // detector's milliseconds; the pace, and how long it took from Start to the first frame.
  get figures() {
    return { lags: [...this.#lags], fps: this.#fps(), startMs: this.#startMs };
  }

  update(options) {
    const before = this.#options;
    this.#options = { ...before, ...options };
    this.#find(".view").classList.toggle("is-mirrored", Boolean(this.#options.mirrored));
    if (this.#isRunning && before.token !== this.#options.token) this.#openSocket();
    if (this.#isRunning && before.model !== this.#options.model) this.start();
  }

  toggle() {
    if (this.#isRunning) this.stop();
    else this.start();
  }

  async start(deviceId) {
    const pressed = performance.now();
    const missing = whatIsMissing();
    if (missing) {
      this.#trouble("old", missing);
      return;
    }
    this.stop();
    const button = this.#find(".start");
    button.disabled = true;
    const loading = this.#load();
    loading.catch(() => {}); // told below, once the camera is open
    try {
      await this.#webcam.open(deviceId, () => this.#giveUp("camera", "The camera was taken away. Start it again."));
    } catch (error) {
      this.#giveUp("camera", error.message);
      return;
    } finally {
      button.disabled = false;
    }
    this.#isRunning = true;
    button.textContent = "Stop";
    button.classList.remove("main");
    this.#find(".invitation").textContent = "";
    this.#trouble("", "");
    this.#listCameras(deviceId);
    try {
      await loading;
    } catch (error) {
      this.#giveUp("assets", `This source cannot be opened: ${error.message}.`);
      return;
    }
    if (!this.#isRunning) return;
    this.#openSocket();
    this.#started = performance.now();
    this.#startMs = this.#started - pressed;
    this.#times = [];
    this.#lags = [];
    this.#options.onRunning?.(true);
    this.#next();
  }

  stop() {
    const wasRunning = this.#isRunning;
    this.#isRunning = this.#isLoading = false;
    this.#webcam.close();
    this.#socket?.close();
    this.#socket = null;
    this.#found = this.#answer = null;
    this.#draw();
    this.#find("progress").hidden = true;
    this.#find(".figures").textContent = "";
    this.#find(".invitation").textContent = INVITATION;
    const button = this.#find(".start");
    button.textContent = "Start";
    button.classList.add("main");
    if (wasRunning) this.#options.onRunning?.(false);
  }

  close() {
    this.stop();
    if (this.#worker) this.#worker.onmessage = null;
    this.#worker = null;
  }

  command(name, more = {}) {
    this.#socket?.command(name, more);
  }

  #giveUp(code, sentence) {
    this.stop();
    this.#trouble(code, sentence);
  }

  #trouble(code, sentence) {
    const place = this.#find(".problem");
    place.hidden = !sentence;
    if (place.textContent !== sentence) place.textContent = sentence;
    this.#options.onTrouble?.(code, sentence);
  }

  // Loads libraries and models into the worker, with a bar of megabytes; again only for another model.
  async #load() {
    this.#isLoading = true;
    const { worker, manifest } = await openReader(this.#place, (progress) => this.#showProgress(progress));
    this.#manifest = manifest;
    this.#worker = worker;
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#isBusy = this.#isLoading = false;
    this.#find("progress").hidden = true;
    this.#find(".figures").textContent = "";
  }

  #showProgress({ done, all }) {
    if (!this.#isLoading) return;
    this.#find("progress").hidden = false;
    this.#find("progress").value = done / all;
    const [now, whole] = [done, all].map((bytes) => (bytes / 1e6).toFixed(1));
    this.#find(".figures").textContent =
      done < all ? `Loading ${now} of ${whole} MB, kept for the next visit` : "Getting ready …";
  }

  #openSocket() {
    this.#socket?.close();
    const address = new URL("device", this.#options.base);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new DeviceSocket({
      url: address.href,
      hello: () => ({
        model: this.#manifest.model.sha256,
        token: this.#options.token ?? null,
        words: this.#options.token ? "" : (this.#options.words?.() ?? "").slice(-LONGEST_WORDS),
        ...(this.#options.speed ? { speed: this.#options.speed() } : {}),
      }),
      onAnswer: (answer) => this.#show(answer),
      onState: (state, sentence) => this.#note(state, sentence),
    });
    this.#socket.open();
  }

  #note(state, sentence) {
    if (!this.#isRunning) return;
    if (state === "open") this.#trouble("", "");
    else if (state === "refused" || state === "taken") this.#giveUp("server", sentence);
    else if (state === "closed") this.#trouble("server", `The server says: ${sentence} Trying again.`);
    else this.#trouble("server", "The server does not answer. Trying again; your words stay.");
  }

  // One frame at a time goes to the worker: the newest, once the last was read.
  #next() {
    if (!this.#isRunning || this.#isWaiting) return;
    this.#isWaiting = true;
    const video = this.#find("video");
    nextFrame(video, async (now, { captureTime }) => {
      this.#isWaiting = false;
      if (!this.#isRunning) return;
      const last = this.#times.at(-1) ?? -Infinity;
      if (this.#isBusy || now - last < FRAME_MS) {
        this.#next();
        return;
      }
      this.#isBusy = true;
      this.#times = [...this.#times.filter((time) => time > now - 2000), now];
      await this.#read(video, captureTime ?? now);
      this.#next();
    });
  }

  async #read(video, taken) {
    const { videoWidth, videoHeight } = video;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(videoWidth, videoHeight));
    const smaller = { resizeWidth: Math.round(videoWidth * scale), resizeHeight: Math.round(videoHeight * scale) };
    try {
      const bitmap = await createImageBitmap(video, scale < 1 ? smaller : {});
      this.#number += 1;
      this.#taken.set(this.#number, { taken });
      const message = {
        do: "frame",
        bitmap,
        number: this.#number,
        time: performance.now() / 1000,
        wantsPicture: this.#socket?.wantsPicture ?? true,
        comparesHands: this.#socket?.featureCount > 0,
      };
      this.#worker.postMessage(message, [bitmap]);
    } catch {
      this.#isBusy = false; // the video was closed between two frames
    }
  }

  #hear(message) {
    this.#isBusy = false;
    if (!this.#isRunning) return;
    if (message.is === "refused") {
      this.#trouble("assets", `A frame could not be read: ${withoutDot(message.sentence)}.`);
      return;
    }
    // What a camera before this one had asked for may still come.
    if (message.is !== "found" || !this.#taken.has(message.found.number)) return;
    this.#found = message.found;
    const { number, hand, detectMs } = message.found;
    Object.assign(this.#taken.get(number), { hasPicture: Boolean(hand?.answers), detectMs });
    if (!this.#socket?.send(message.found)) this.#taken.delete(message.found.number);
    this.#draw();
    this.#watchPace();
  }

  #show(answer) {
    this.#answer = answer;
    this.#draw();
    const { taken, ...read } = this.#taken.get(answer.number) ?? {};
    this.#taken.delete(answer.number);
    if (taken !== undefined) {
      const lag = { number: answer.number, ms: performance.now() - taken, hasLetter: Boolean(answer.letter), ...read };
      this.#lags = [...this.#lags.slice(1 - MOST_LAGS), lag];
    }
    if (answer.error) this.#trouble("server", answer.error);
    this.#options.onAnswer?.(answer, this.#found);
  }

  #draw() {
    drawOverlay(this.#find("canvas"), this.#found, this.#answer, this.#options.mirrored);
  }

  #fps() {
    const count = this.#times.length - 1;
    return count > 0 ? (1000 * count) / (this.#times.at(-1) - this.#times[0]) : 0;
  }

  #watchPace() {
    const fps = this.#fps();
    const { detectMs, classifyMs } = this.#found;
    this.#find(".figures").textContent =
      `${Math.round(fps)} FPS · hand ${Math.round(detectMs)} ms · letter ${Math.round(classifyMs)} ms`;
    if (performance.now() - this.#started < PATIENCE_MS || document.hidden) return;
    this.#started = performance.now();
    if (fps < LEAST_FPS) {
      this.#trouble(
        "slow",
        `This device reads ${fps.toFixed(0)} frames in a second; spelling needs ${LEAST_FPS}. ` +
          "Another source may be better here.",
      );
    }
  }

  async #listCameras(chosen) {
    const cameras = await this.#webcam.list();
    const list = this.#find("select");
    list.hidden = cameras.length < 2;
    list.replaceChildren(
      ...cameras.map((camera, n) => new Option(camera.label || `Camera ${n + 1}`, camera.deviceId)),
    );
    if (chosen) list.value = chosen;
  }
}

// Older browsers do not tell when a new frame of the video is there; the screen's own pace is close.
function nextFrame(video, call) {
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(call);
  else requestAnimationFrame((now) => call(now, {}));
}

// A sentence where this browser cannot read its camera by itself, else "".
export function whatIsMissing() {
  const needs = {
    WebAssembly: typeof WebAssembly === "object",
    "workers that draw": typeof OffscreenCanvas === "function" && typeof Worker === "function",
    "secure addresses": window.isSecureContext,
  };
  const missing = Object.keys(needs).filter((name) => !needs[name]);
  if (!missing.length) return "";
  if (missing[0] === "secure addresses") {
    return "A camera works on https:// or http://localhost addresses only.";
  }
  return `This browser is too old to read the camera by itself: it has no ${missing.join(" and no ")}.`;
}
