// The visitor's camera: opens it, takes pictures, and says in plain words why it cannot.

const LONGER_SIDE = 640;
const JPEG_QUALITY = 0.85;

const REASONS = {
  NotAllowedError: "The browser may not use the camera. Allow it beside the address and try again.",
  NotFoundError: "No camera was found. Plug one in and try again.",
  OverconstrainedError: "This camera is gone. Choose another one.",
  NotReadableError: "The camera is in use by another program. Close that and try again.",
  AbortError: "The camera stopped while it was being opened. Try again.",
};

export class Webcam {
  #video;
  #stream = null;
  #canvas = document.createElement("canvas");

  constructor(video) {
    this.#video = video;
  }

  get isOpen() {
    return this.#stream !== null;
  }

  // Opens a camera and shows it. onEnded is called when the camera goes away by itself.
  async open(deviceId, onEnded) {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Error("A camera works on https:// or http://localhost addresses only.");
    }
    this.close();
    const wanted = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" };
    if (deviceId) wanted.deviceId = { exact: deviceId };
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch (error) {
      throw new Error(REASONS[error.name] ?? `The camera cannot be opened: ${error.message}.`);
    }
    this.#stream.getVideoTracks()[0].addEventListener("ended", onEnded);
    this.#video.srcObject = this.#stream;
    await this.#video.play();
  }

  close() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }

  // Lists the cameras; names are known only after one was allowed.
  async list() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput");
  }

  // Gives the present picture as JPEG, not mirrored: left and right hands differ. Null before the
  // first one.
  async picture() {
    const { videoWidth, videoHeight } = this.#video;
    if (!videoWidth) return null;
    const scale = Math.min(1, LONGER_SIDE / Math.max(videoWidth, videoHeight));
    this.#canvas.width = Math.round(videoWidth * scale);
    this.#canvas.height = Math.round(videoHeight * scale);
    const context = this.#canvas.getContext("2d");
    context.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    return new Promise((give) => this.#canvas.toBlob(give, "image/jpeg", JPEG_QUALITY));
  }
}
