// The socket to the server: frames out as small messages, answers back, and back again after a loss.

import { SCHEMA, encodeFrame } from "./device_message.js";

const MOST_UNANSWERED = 2; // until an answer says otherwise
const AGAIN_MS = [300, 1000, 2000, 5000];
const FIRST_OF_OURS = 4000;
const UNKNOWN_VISIT = 4401;
const OLD_PAGE = 4406;
const TAKEN_OVER = 4409;

export class DeviceSocket {
  #options;
  #socket = null;
  #unanswered = 0;
  #atOnce = MOST_UNANSWERED;
  #isOpen = false;
  #failures = 0;
  #timer = null;
  #featureCount = 0;
  #wantsPicture = true;

  // options: { url, hello(): object, onAnswer(answer), onState(state, sentence) }. A state is "open",
  // "lost" or "closed" for a reason (it tries again), "ended" (the visit is not known any more),
  // "refused" or "taken".
  constructor(options) {
    this.#options = options;
  }

  get isOpen() {
    return this.#isOpen;
  }

  // How many features of a hand the server asks for beside the letters, 0 for none.
  get featureCount() {
    return this.#featureCount;
  }

  // Whether the server wants the next frame read with the picture network, as its last answer says.
  get wantsPicture() {
    return this.#wantsPicture;
  }

  open() {
    this.close();
    this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#isOpen = false;
    socket?.close();
  }

  // Sends what was found in a frame; false where the server still owes answers, or is not there.
  send(found) {
    if (!this.#isOpen || this.#unanswered >= this.#atOnce) return false;
    const message = encodeFrame(found, this.#featureCount);
    if (!message) return false; // found before the server had asked for more
    this.#socket.send(message);
    this.#unanswered += 1;
    return true;
  }

  command(name, more = {}) {
    if (!this.#isOpen) return;
    this.#socket.send(JSON.stringify({ do: name, ...more }));
    this.#unanswered += 1;
  }

  #connect() {
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    this.#unanswered = 0;
    this.#atOnce = MOST_UNANSWERED;
    this.#wantsPicture = true;
    let isGreeted = false;
    socket.onopen = () => socket.send(JSON.stringify({ schema_version: SCHEMA, ...this.#options.hello() }));
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      if (!isGreeted) {
        isGreeted = true;
        this.#isOpen = true;
        this.#featureCount = JSON.parse(data).features;
        this.#failures = 0;
        this.#options.onState("open", "");
        return;
      }
      this.#unanswered -= 1;
      const answer = JSON.parse(data);
      this.#atOnce = answer.at_once;
      this.#wantsPicture = answer.picture;
      this.#options.onAnswer(answer);
    };
    socket.onclose = ({ code, reason }) => {
      if (socket === this.#socket) this.#lost(code, reason);
    };
  }

  #lost(code, reason) {
    this.#isOpen = false;
    const [state, again] =
      { [UNKNOWN_VISIT]: ["ended", true], [OLD_PAGE]: ["refused", false], [TAKEN_OVER]: ["taken", false] }[
        code
      ] ?? [code >= FIRST_OF_OURS ? "closed" : "lost", true];
    this.#options.onState(state, reason);
    if (!again) return;
    const wait = AGAIN_MS[Math.min(this.#failures, AGAIN_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#connect(), wait);
  }
}
