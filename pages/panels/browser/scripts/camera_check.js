// Finds out in the browser why no camera picture comes. Sends {code, detail, number} to the page.
const PATIENCE_MS = 12000;
const GATHER_MS = 6000;

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.host || parentElement;
  const state = (host.aslCheck ??= { asked: 0, started: 0, told: "", busy: false });
  state.data = data;
  state.tell = (found) => setStateValue("finding", found);
  if (data.asked > state.asked) {
    state.asked = data.asked;
    report(state, "asked");
  }
  state.timer ??= setInterval(() => {
    if (!host.isConnected) return clearInterval(state.timer);
    watch(state);
  }, 500);
}

// The video's own frame shows what it got: an error, a running picture, or neither for too long.
function watch(state) {
  if (!state.data.watches) return;
  const inner = innerVideo();
  if (!inner) return;
  const error = inner.querySelector(".MuiAlert-standardError .MuiAlert-message");
  const runs = isRunning(inner);
  const wanted = [...inner.querySelectorAll("button")].some((b) => /^stop$/i.test(b.textContent));
  if (runs || (!wanted && !error)) {
    state.started = 0;
    // A picture that came after all answers the question.
    if (runs && state.told) state.tell(null);
    state.told = "";
    return;
  }
  state.started ||= Date.now();
  // The browser's own words, such as "NotAllowedError", help nobody; the check says it plainly.
  if (error) error.textContent = "The camera did not start.";
  const isLate = Date.now() - state.started > PATIENCE_MS;
  const reason = error ? "error" : isLate ? "no picture" : "";
  if (reason && reason !== state.told) {
    state.told = reason;
    report(state, "watched");
  }
}

function isRunning(inner) {
  const video = inner?.querySelector("video");
  return Boolean(video && video.readyState >= 2 && video.currentTime > 0);
}

function innerVideo() {
  for (const frame of document.querySelectorAll("iframe")) {
    try {
      if (/webrtc/.test(frame.title + frame.src)) return frame.contentDocument;
    } catch {
      // A frame of another origin is not ours.
    }
  }
  return null;
}

async function report(state, why) {
  if (state.busy) return;
  state.busy = true;
  try {
    const runs = why === "asked" && isRunning(innerVideo());
    const found = runs ? { code: "playing", detail: "" } : await findCause(state.data.servers);
    // Nobody has waited for a picture yet: then a firewall is no more than a possibility.
    if (why === "asked" && found.code === "network_no_turn") found.code = "ready";
    state.tell({ ...found, number: Date.now() });
  } finally {
    state.busy = false;
  }
}

async function findCause(servers) {
  const secure = window.isSecureContext;
  if (!navigator.mediaDevices?.getUserMedia) {
    return { code: secure ? "no_media_devices" : "not_secure", detail: location.host };
  }
  const camera = await tryCamera();
  if (camera) return camera;
  if (!("RTCPeerConnection" in window)) return { code: "no_webrtc", detail: "" };
  return tryNetwork(servers);
}

async function tryCamera() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    stream.getTracks().forEach((track) => track.stop());
    return null;
  } catch (error) {
    const codes = {
      NotAllowedError: "refused",
      SecurityError: "refused",
      NotFoundError: "no_camera",
      DevicesNotFoundError: "no_camera",
      NotReadableError: "in_use",
      TrackStartError: "in_use",
      AbortError: "in_use",
      OverconstrainedError: "no_camera",
    };
    const code = codes[error.name] || "other";
    return { code, detail: code === "other" ? `${error.name}: ${error.message}` : "" };
  }
}

// What addresses can this browser be reached at? None: WebRTC is blocked. No "relay" although a
// TURN server is set: it does not answer, or refuses the password.
async function tryNetwork(servers) {
  const kinds = new Set();
  const peer = new RTCPeerConnection({ iceServers: servers });
  try {
    peer.createDataChannel("check");
    await new Promise((done) => {
      const timer = setTimeout(done, GATHER_MS);
      peer.onicecandidate = ({ candidate }) => {
        if (candidate) kinds.add(candidate.type);
        else done(clearTimeout(timer));
      };
      peer.createOffer().then((offer) => peer.setLocalDescription(offer)).catch(done);
    });
  } finally {
    peer.close();
  }
  const turn = servers.some((server) => [server.urls].flat().some((url) => /^turns?:/.test(url)));
  if (!kinds.size) return { code: "webrtc_blocked", detail: "" };
  if (turn && !kinds.has("relay")) return { code: "turn_silent", detail: "" };
  return { code: turn ? "network" : "network_no_turn", detail: [...kinds].join(", ") };
}
