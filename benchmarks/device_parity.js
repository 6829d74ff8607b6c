// Asks the worker of the browser's own camera about single pictures; see device_parity.py.
async ({ base }) => {
  const { boxAround, cut } = await import(new URL("service-files/hand_crop.js", base).href);
  const manifest = await (await fetch(new URL("device-files.json", base))).json();
  for (const file of Object.values(manifest.files)) file.url = new URL(file.path, base).href;
  const worker = new Worker(new URL("service-files/device_worker.js", base), { type: "module" });
  const heard = (wanted) =>
    new Promise((done, fail) => {
      worker.onmessage = ({ data }) => {
        if (data.is === wanted) done(data);
        else if (data.is === "refused") fail(new Error(data.sentence));
      };
    });
  const ready = heard("ready");
  worker.postMessage({ do: "load", manifest });
  const { loadMs } = await ready;
  let number = 0;
  const ask = async (bitmap) => {
    const answer = heard("found");
    number += 1;
    worker.postMessage({ do: "frame", bitmap, number, time: number / 10 }, [bitmap]);
    return (await answer).found;
  };
  const exact = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

  // An empty picture comes first, so that the hand is sought anew and not followed from the last.
  window.aslRead = async ({ png, width, height, wantsCrop }) => {
    await ask(await createImageBitmap(new ImageData(width, height)));
    const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
    const blob = new Blob([bytes], { type: "image/png" });
    const found = await ask(await createImageBitmap(blob, exact));
    if (!found.hand) return null;
    const { points, answers, isLeft, score } = found.hand;
    const result = { points, answers: [...answers], isLeft, score, crop: null };
    if (wantsCrop) {
      const bitmap = await createImageBitmap(blob, exact);
      const context = new OffscreenCanvas(width, height).getContext("2d", { alpha: false });
      context.drawImage(bitmap, 0, 0);
      const { crop_scale: scale, input_size: size } = manifest.model.preprocessing;
      const box = boxAround(points, width, height, scale);
      result.crop = [...cut(context.getImageData(0, 0, width, height), box, size, manifest.model.pad)];
    }
    return result;
  };
  return loadMs;
};
