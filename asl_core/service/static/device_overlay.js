// Draws what was read over the mirrored video: hand, box, letter with its hold, words.
// The colours are those of asl_core/drawing/overlay.py.

const FINGERS = ["#fb923c", "#facc15", "#34d399", "#38bdf8", "#d896ff"];
const PALM = "#e2e8f0";
const RIM = "#0f172a";
const BOX = "#4f46e5";
const HELD = "#047857";
const DOUBT = "#525a68";
const UNSETTLED = "#a0aaba";
const CURSOR = "#34d399";

const BONES = [
  ...[0, 1, 2, 3, 4].flatMap((finger) =>
    [1, 2, 3].map((joint) => [4 * finger + joint, 4 * finger + joint + 1, FINGERS[finger]]),
  ),
  ...[[0, 1], [1, 5], [5, 9], [9, 13], [13, 17], [17, 0]].map(([from, to]) => [from, to, PALM]),
];

// found: what the worker found in a frame; answer: what the server made of it, or of one before.
// Both may be null. mirrored: whether the video beneath is shown as in a mirror.
export function drawOverlay(canvas, found, answer, mirrored) {
  const context = canvas.getContext("2d");
  if (!found) {
    context.clearRect(0, 0, canvas.width, canvas.height);
    return;
  }
  const { width, height, hand } = found;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.clearRect(0, 0, width, height);
  const strip = answer && (answer.text || answer.unsettled) ? Math.round(height / 9) : 0;
  if (hand) drawHand(context, hand, answer, mirrored, width, height - strip);
  if (strip) drawWords(context, answer, width, height, strip);
}

function drawHand(context, hand, answer, mirrored, width, height) {
  const across = (x) => (mirrored ? width - x : x);
  const full = context.canvas.height;
  const points = hand.points.map(([x, y]) => [across(x * width), y * full]);
  const { side, top } = hand.box;
  const left = mirrored ? width - hand.box.left - side : hand.box.left;
  const line = Math.max(1, side / 110);
  const isHeld = Boolean(answer?.letter) && answer.held >= 1;
  for (const [colour, extra] of [["#ffffff", 2], [isHeld ? HELD : BOX, 0]]) {
    context.strokeStyle = colour;
    context.lineWidth = 1.3 * line + extra;
    context.strokeRect(left, top, side, side);
  }
  context.lineCap = "round";
  for (const [extra, colourOf] of [[1.2 * line, () => RIM], [0, (colour) => colour]]) {
    for (const [from, to, colour] of BONES) {
      context.strokeStyle = colourOf(colour);
      context.lineWidth = 1.8 * line + extra;
      context.beginPath();
      context.moveTo(...points[from]);
      context.lineTo(...points[to]);
      context.stroke();
    }
    for (const [x, y] of points) {
      context.fillStyle = colourOf(PALM);
      context.beginPath();
      context.arc(x, y, 1.5 * line + extra / 2, 0, 2 * Math.PI);
      context.fill();
    }
  }
  if (answer?.letter) drawLetter(context, answer, { left, top, side }, width, height);
}

function drawLetter(context, answer, box, width, height) {
  const capital = Math.max(15, Math.min(width, context.canvas.height) / 12);
  const pad = capital * 0.35;
  const letter = answer.certain ? answer.letter : `${answer.letter}?`;
  const share = `${Math.round(100 * answer.confidence)}%`;
  context.textBaseline = "alphabetic";
  context.font = `600 ${1.35 * capital}px system-ui, sans-serif`;
  const letterWidth = context.measureText(letter).width;
  context.font = `${0.8 * capital}px system-ui, sans-serif`;
  const plate = letterWidth + context.measureText(share).width + 3 * pad;
  const tall = capital + 2 * pad;
  const left = Math.min(Math.max(box.left, 0), Math.max(width - plate, 0));
  const top = labelTop(box, tall, height);
  context.fillStyle = answer.certain ? BOX : DOUBT;
  context.fillRect(left, top, plate, tall);
  const filled = plate * Math.min(answer.held, 1);
  if (filled > 0) {
    context.fillStyle = HELD;
    context.fillRect(left, top, filled, tall);
    context.fillStyle = "#ffffff";
    context.fillRect(left + filled - 1, top, 1 + tall / 40, tall);
  }
  context.fillStyle = "#ffffff";
  context.fillText(share, left + letterWidth + 2 * pad, top + pad + capital);
  context.font = `600 ${1.35 * capital}px system-ui, sans-serif`;
  context.fillText(letter, left + pad, top + pad + capital);
}

// Above the box where there is room, else below it, else inside at its top.
function labelTop(box, tall, height) {
  if (box.top >= tall) return box.top - tall;
  if (box.top + box.side + tall <= height) return Math.max(box.top + box.side, 0);
  return Math.min(Math.max(box.top, 0), Math.max(height - tall, 0));
}

function drawWords(context, answer, width, height, strip) {
  context.fillStyle = "rgb(15 23 42 / 75%)";
  context.fillRect(0, height - strip, width, strip);
  const capital = strip * 0.46;
  const pad = 0.6 * capital;
  context.font = `600 ${1.35 * capital}px system-ui, sans-serif`;
  const room = width - 2 * pad - capital;
  let [text, unsettled] = [answer.text, answer.unsettled];
  while (text && context.measureText(`…${text}${unsettled}`).width > room) text = text.slice(1);
  if (text.length < answer.text.length) text = `…${text}`;
  const baseline = height - (strip - capital) / 2;
  context.fillStyle = "#ffffff";
  context.fillText(text, pad, baseline);
  const settled = context.measureText(text).width;
  context.fillStyle = UNSETTLED;
  context.fillText(unsettled, pad + settled, baseline);
  const end = pad + settled + context.measureText(unsettled).width + capital / 8;
  context.fillStyle = CURSOR;
  context.fillRect(end, baseline - capital, Math.max(2, capital / 8), capital);
}
