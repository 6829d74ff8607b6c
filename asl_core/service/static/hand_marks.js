// Draws the hand that was read over the preview.

const BONES = [
  [0, 1], [1, 2], [2, 3], [3, 4], [0, 5], [5, 6], [6, 7], [7, 8], [5, 9], [9, 10], [10, 11],
  [11, 12], [9, 13], [13, 14], [14, 15], [15, 16], [13, 17], [17, 18], [18, 19], [19, 20], [0, 17],
];

// answer: what /predict gave, or null to draw nothing.
export function drawHand(canvas, answer) {
  const context = canvas.getContext("2d");
  if (!answer?.hand) {
    context.clearRect(0, 0, canvas.width, canvas.height);
    return;
  }
  canvas.width = answer.picture.width;
  canvas.height = answer.picture.height;
  const points = answer.hand.landmarks.map(([x, y]) => [x * canvas.width, y * canvas.height]);
  const unit = canvas.width / 320;
  context.lineCap = "round";
  for (const [colour, width] of [["rgb(0 0 0 / 55%)", 4 * unit], ["#f5f6ff", 2 * unit]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const [from, to] of BONES) {
      context.moveTo(...points[from]);
      context.lineTo(...points[to]);
    }
    context.stroke();
  }
  context.fillStyle = answer.certain ? "#2dd4bf" : "#f5b14a";
  for (const [x, y] of points) {
    context.beginPath();
    context.arc(x, y, 2.6 * unit, 0, 2 * Math.PI);
    context.fill();
  }
}
