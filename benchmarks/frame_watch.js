// Notes when each frame leaves the camera and when it is shown, and the brightness of the cells of
// its upper edge, which hold the frame's number. Times are of performance.now(), in milliseconds.
(() => {
  const CELLS = 40, STRIP_SHARE = 1 / 20;
  const watch = (window.frameWatch = { camera: [], shown: [] });
  const canvas = document.createElement("canvas");
  canvas.width = CELLS;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingEnabled = false;

  function cellsOf(video) {
    const strip = video.videoHeight * STRIP_SHARE;
    context.drawImage(video, 0, 0, video.videoWidth, strip, 0, 0, CELLS, 1);
    const pixels = context.getImageData(0, 0, CELLS, 1).data;
    return Array.from({ length: CELLS }, (_, cell) => pixels[4 * cell + 1]);
  }

  function follow(video, notes, timeOf) {
    const note = (now, frame) => {
      video.requestVideoFrameCallback(note);
      notes.push([timeOf(now, frame), frame.width, frame.height, cellsOf(video)]);
    };
    video.requestVideoFrameCallback(note);
  }

  const devices = navigator.mediaDevices;
  if (!devices || !devices.getUserMedia) return;
  const open = devices.getUserMedia.bind(devices);
  const own = new Set();
  devices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    const video = document.createElement("video");
    own.add(video);
    video.muted = true;
    video.srcObject = stream;
    video.style.cssText = "position:fixed;top:0;left:0;width:2px;height:2px;opacity:0.01";
    document.body.append(video);
    follow(video, watch.camera, (now, frame) => frame.captureTime ?? now);
    await video.play();
    return stream;
  };

  const followed = new WeakSet();
  setInterval(() => {
    for (const video of document.querySelectorAll("video")) {
      if (own.has(video) || followed.has(video)) continue;
      followed.add(video);
      follow(video, watch.shown, (now, frame) => frame.presentationTime ?? now);
    }
  }, 200);
})();
