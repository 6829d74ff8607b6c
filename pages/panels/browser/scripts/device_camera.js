// Mounts the camera that this browser reads itself; its code is the service's, as on /camera.
export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.host || parentElement;
  const state = (host.aslDevice ??= { camera: null, running: false, code: "" });
  // A session that began anew, as after a restart of the server, knows nothing of this camera.
  const isNew = state.data && state.data.token !== data.token;
  state.data = data;
  state.set = setStateValue;
  if (isNew && (state.running || state.code)) send(state);
  state.camera?.update({ model: data.model, token: data.token, mirrored: data.mirrored });
  state.opening ??= open(state, parentElement);
  state.timer ??= setInterval(() => {
    if (host.isConnected) return;
    clearInterval(state.timer);
    state.camera?.close();
  }, 300);
}

async function open(state, parentElement) {
  const base = new URL(".", location.href).href;
  const { mountCamera } = await import(new URL("service-files/device_camera.js", base).href);
  const root = parentElement.querySelector(".place");
  state.camera = mountCamera(root, {
    base,
    model: state.data.model,
    token: state.data.token,
    mirrored: state.data.mirrored,
    onRunning: (running) => tell(state, "running", running),
    onTrouble: (code) => tell(state, "code", code),
  });
  // For measurements: the page's own clock is the only one that sees both ends.
  window.aslDeviceCamera = state.camera;
}

function tell(state, name, value) {
  if (state[name] === value) return;
  state[name] = value;
  send(state);
}

const send = (state) => state.set("camera", { running: state.running, code: state.code });
