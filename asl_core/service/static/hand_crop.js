// Cuts the square around a hand as asl_core/hands/crop.py does; tests compare the two.

const LUMA = [0.299, 0.587, 0.114];
const STEP = 16; // every 16th pixel each way tells a frame's brightness well enough

// points: 21 × [x, y, z] in 0-1 of a frame of width by height pixels.
export function boxAround(points, width, height, scale) {
  const across = points.map(([x]) => Math.fround(Math.fround(x) * width));
  const down = points.map(([, y]) => Math.fround(Math.fround(y) * height));
  const [left, right] = [Math.min(...across), Math.max(...across)];
  const [top, bottom] = [Math.min(...down), Math.max(...down)];
  const longer = Math.fround(Math.max(Math.fround(right - left), Math.fround(bottom - top)));
  const side = Math.max(1, roundEven(longer * scale));
  const middle = (low, high) => Math.fround(Math.fround(low + high) / 2);
  return {
    left: roundEven(middle(left, right) - side / 2),
    top: roundEven(middle(top, bottom) - side / 2),
    side,
  };
}

// Python's round: a half goes to the even neighbour.
export function roundEven(value) {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

// frame: ImageData; gives RGB bytes, size × size × 3. What lies beyond the frame has the colour pad.
export function cut(frame, box, size, pad) {
  const weights = box.side > size ? areaWeights(box.side, size) : linearWeights(box.side, size);
  const rows = narrowed(frame, box, size, pad, weights);
  const out = new Uint8Array(size * size * 3);
  const width = size * 3;
  const sums = new Float64Array(width);
  for (let y = 0; y < size; y += 1) {
    sums.fill(0);
    for (let k = weights.starts[y]; k < weights.starts[y + 1]; k += 1) {
      const from = weights.sources[k] * width;
      const weight = weights.shares[k];
      for (let x = 0; x < width; x += 1) sums[x] += weight * rows[from + x];
    }
    for (let x = 0; x < width; x += 1) out[y * width + x] = Math.min(255, Math.round(sums[x]));
  }
  return out;
}

// The square made narrower, or wider, but as high as it is: float32, side × size × 3.
function narrowed(frame, box, size, pad, weights) {
  const { data, width, height } = frame;
  const { starts, sources, shares } = weights;
  const rows = new Float32Array(box.side * size * 3);
  let to = 0;
  for (let y = 0; y < box.side; y += 1) {
    const row = box.top + y;
    const isInside = row >= 0 && row < height;
    for (let x = 0; x < size; x += 1, to += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = starts[x]; k < starts[x + 1]; k += 1) {
        const column = box.left + sources[k];
        const share = shares[k];
        if (isInside && column >= 0 && column < width) {
          const at = 4 * (row * width + column);
          red += share * data[at];
          green += share * data[at + 1];
          blue += share * data[at + 2];
        } else {
          red += share * pad[0];
          green += share * pad[1];
          blue += share * pad[2];
        }
      }
      rows[to] = red;
      rows[to + 1] = green;
      rows[to + 2] = blue;
    }
  }
  return rows;
}

// Which sources, with which shares, make each of `size` pixels: those of pixel n lie in
// starts[n]..starts[n + 1].
function areaWeights(side, size) {
  const scale = side / size;
  const table = { starts: [0], sources: [], shares: [] };
  for (let n = 0; n < size; n += 1) {
    const [from, to] = [n * scale, Math.min((n + 1) * scale, side)];
    for (let source = Math.floor(from); source < Math.ceil(to - 1e-9); source += 1) {
      const share = (Math.min(source + 1, to) - Math.max(source, from)) / scale;
      table.sources.push(source);
      table.shares.push(share);
    }
    table.starts.push(table.sources.length);
  }
  return typed(table);
}

// Each pixel of a square looks into the table; plain arrays would take twice as long.
function typed({ starts, sources, shares }) {
  return {
    starts: Int32Array.from(starts),
    sources: Int32Array.from(sources),
    shares: Float64Array.from(shares),
  };
}

function linearWeights(side, size) {
  const scale = side / size;
  const table = { starts: [0], sources: [], shares: [] };
  for (let n = 0; n < size; n += 1) {
    const place = Math.min(Math.max((n + 0.5) * scale - 0.5, 0), side - 1);
    const source = Math.min(Math.floor(place), Math.max(side - 2, 0));
    const share = place - source;
    table.sources.push(source, Math.min(source + 1, side - 1));
    table.shares.push(1 - share, share);
    table.starts.push(table.sources.length);
  }
  return typed(table);
}

const lumaAt = (data, at) => LUMA[0] * data[at] + LUMA[1] * data[at + 1] + LUMA[2] * data[at + 2];

// Mean luma of the frame, 0-255.
export function frameLuma({ data, width, height }) {
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y += STEP) {
    for (let x = 0; x < width; x += STEP) {
      sum += lumaAt(data, 4 * (y * width + x));
      count += 1;
    }
  }
  return count ? sum / count : 0;
}

// Median luma of the hand's points within the frame; null where none is.
export function handLuma({ data, width, height }, points) {
  const values = points
    .map(([x, y]) => [Math.trunc(x * width), Math.trunc(y * height)])
    .filter(([x, y]) => x >= 0 && x < width && y >= 0 && y < height)
    .map(([x, y]) => lumaAt(data, 4 * (y * width + x)))
    .sort((one, other) => one - other);
  if (!values.length) return null;
  const half = values.length >> 1;
  return values.length % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}
