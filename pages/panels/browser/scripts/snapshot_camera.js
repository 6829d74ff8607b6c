// Sends single pictures: the next only once the page has read the last, so that none pile up.
const LONGER_SIDE = 960;
const QUALITY = 0.85;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const host = parentElement.host || parentElement;
  const find = (name) => parentElement.querySelector(name);
  const state = (host.aslSnapshots ??= { number: 0, sent: 0, stream: null, last: 0 });
  const video = find("video");
  video.style.transform = data.mirrored ? "scaleX(-1)" : "";
  state.data = data;
  const send = (picture, byHand) => {
    state.number += 1;
    state.sent = Date.now();
    setTriggerValue("picture", { number: state.number, picture, by_hand: byHand });
  };
  // A reply that never comes, as over a broken line, must not end the pictures.
  const isFree = () => data_read(state) >= state.number || Date.now() - state.sent > 8000;

  find(".take").onclick = () => video.videoWidth && send(jpeg(video), true);
  find("input").onchange = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    try {
      send(jpeg(await createImageBitmap(file)), true);
    } catch {
      say(find, "This file is no picture that the browser can open.");
    }
  };
  if (!state.timer) {
    openCamera(state, find, host);
    state.timer = setInterval(() => {
      if (!host.isConnected) return close(state);
      const due = state.data.seconds && Date.now() - state.last >= state.data.seconds * 1000;
      if (due && video.videoWidth && isFree() && !document.hidden) {
        state.last = Date.now();
        host.aslSend(jpeg(video), false);
      }
    }, 100);
  }
  host.aslSend = send;
}

const data_read = (state) => state.data.read || 0;

function close(state) {
  clearInterval(state.timer);
  state.stream?.getTracks().forEach((track) => track.stop());
}

function say(find, sentence) {
  find("[role=status]").textContent = sentence;
}

async function openCamera(state, find, host) {
  const take = find(".take");
  take.disabled = true;
  if (!navigator.mediaDevices?.getUserMedia) {
    find("video").hidden = true;
    take.hidden = true;
    say(find, "The browser gives no live camera here. Take or choose a picture instead.");
    return;
  }
  try {
    state.stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" },
    });
    if (!host.isConnected) return close(state);
    const video = find("video");
    video.srcObject = state.stream;
    await video.play();
    take.disabled = false;
  } catch (error) {
    find("video").hidden = true;
    take.hidden = true;
    say(find, `No camera picture (${error.name}). Take or choose a picture instead.`);
  }
}

function jpeg(source) {
  const width = source.videoWidth || source.width;
  const height = source.videoHeight || source.height;
  const scale = Math.min(1, LONGER_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", QUALITY);
}
