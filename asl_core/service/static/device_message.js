// Writes what was found in a frame as asl_core/live/device_message.py reads it. No pixels.

export const SCHEMA = 3;
const HEADER_BYTES = 40;
const HAND = 1;
const LEFT = 2;
const NO_PICTURE = 4;

// found: { number, time (s), width, height, luma, handLuma, detectMs, classifyMs, hand }; hand is null
// or { points: 21 × [x, y, z], isLeft, score, answers: Float32Array of log-probabilities, or null where
// the picture was left out, features: Float32Array or null }. The server asks for `featureCount`
// features; null where the hand has others.
export function encodeFrame(found, featureCount) {
  const { hand } = found;
  const features = featureCount ? (hand?.features ?? []) : [];
  if (hand && features.length !== featureCount) return null;
  const answers = hand?.answers ?? [];
  const count = hand ? 63 + answers.length + featureCount : 0;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + 4 * count));
  view.setUint8(0, SCHEMA);
  view.setUint8(1, hand ? HAND | (hand.isLeft ? LEFT : 0) | (hand.answers ? 0 : NO_PICTURE) : 0);
  view.setUint16(2, found.width, true);
  view.setUint16(4, found.height, true);
  view.setUint32(8, found.number, true);
  view.setFloat64(12, found.time, true);
  const figures = [hand?.score ?? 0, found.luma, found.handLuma ?? -1, found.detectMs, found.classifyMs];
  figures.forEach((figure, place) => view.setFloat32(20 + 4 * place, figure, true));
  if (hand) {
    const values = [...hand.points.flat(), ...answers, ...features];
    values.forEach((value, place) => view.setFloat32(HEADER_BYTES + 4 * place, value, true));
  }
  return view.buffer;
}
