// Draws a hand from its 21 landmarks, as asl_core/drawing/drawn_hand.py and relief.py do on the
// server: capsules and a cushion of which the nearest shows. tests/browser compares the two.
const FINGERS = [0, 1, 2, 3, 4].map((finger) => [1, 2, 3, 4].map((joint) => 4 * finger + joint));
const RADII = [
  [0.145, 0.14, 0.13, 0.11],
  [0.128, 0.118, 0.102, 0.085],
  [0.128, 0.12, 0.104, 0.086],
  [0.124, 0.114, 0.099, 0.082],
  [0.115, 0.1, 0.087, 0.073],
];
const ROOT_DEPTHS = [0.75, 0.35, 0.35, 0.35, 0.35];
const PALM_RADIUS = 0.135;
const PALM = [0, 1, 5, 9, 13, 17];
const KNUCKLES = [5, 9, 13, 17];
const LIGHT = [-0.38, -0.62, -0.69];
const SKIN = [226, 172, 140];
const SHADOW = [112, 60, 48];
const BACKGROUND = [206, 214, 222];
const FAR = 1e6;
const COARSE = 4;
const SUNK = 0.4;
const SHOWN = 0.5;

class HandPainter {
  constructor(size) {
    this.size = size;
    this.depth = new Float32Array(size * size);
    this.normalX = new Float32Array(size * size);
    this.normalY = new Float32Array(size * size);
    this.nearest = new Float32Array(size * size);
    this.spare = new Float32Array(size * size);
    this.picture = new ImageData(size, size);
    this.backdrop = backdrop(size);
  }

  // `points` are 21 triples in pixels, `unit` a palm length in pixels. Seen from behind, what is
  // sunk in the palm stays there: only from the front does a fist show its fingertips.
  paint(points, unit, isBehind) {
    this.depth.fill(FAR);
    this.box = [this.size, this.size, 0, 0];
    this.layPalm(points, unit);
    const joints = isBehind ? points : this.lifted(points, unit);
    FINGERS.forEach((finger, i) => this.layFinger(finger, RADII[i], ROOT_DEPTHS[i], joints, unit));
    this.shade(unit);
    return this.picture;
  }

  lifted(points, unit) {
    const lifted = points.map((point) => [...point]);
    FINGERS.forEach((finger, i) => {
      for (let k = 2; k < 4; k++) {
        const [x, y, z] = points[finger[k]].map(Math.trunc);
        if (x < 0 || y < 0 || x >= this.size || y >= this.size) continue;
        const surface = this.depth[y * this.size + x];
        const sunk = points[finger[k]][2] + SHOWN * RADII[i][k] * unit - surface;
        if (sunk > 0 && sunk < SUNK * unit) lifted[finger[k]][2] -= sunk;
      }
    });
    return lifted;
  }

  layFinger(finger, shares, rootDepth, points, unit) {
    const radii = shares.map((share) => share * unit);
    const joints = finger.map((index) => [...points[index]]);
    joints[0][2] += rootDepth * radii[0];
    const root = joints[0].map((value, axis) => (value + points[0][axis]) / 2);
    root[2] += 0.9 * radii[0];
    this.layCapsule(root, joints[0], radii[0], radii[0]);
    for (let i = 0; i < 3; i++) {
      this.layCapsule(joints[i], joints[i + 1], radii[i], radii[i + 1]);
      this.layCapsule(joints[i + 1], joints[i + 1], radii[i + 1], radii[i + 1]);
    }
  }

  layCapsule(start, end, firstRadius, lastRadius) {
    const reach = Math.max(firstRadius, lastRadius) + 1;
    const box = this.clipped(
      Math.min(start[0], end[0]) - reach,
      Math.min(start[1], end[1]) - reach,
      Math.max(start[0], end[0]) + reach,
      Math.max(start[1], end[1]) + reach,
    );
    const [run, fall, sink] = end.map((value, axis) => value - start[axis]);
    const square = Math.max(run * run + fall * fall, 1e-6);
    for (let row = box[1]; row < box[3]; row++) {
      const y = row - start[1];
      for (let column = box[0]; column < box[2]; column++) {
        const x = column - start[0];
        const share = Math.min(1, Math.max(0, (x * run + y * fall) / square));
        const radius = firstRadius + (lastRadius - firstRadius) * share;
        const nx = (x - share * run) / radius;
        const ny = (y - share * fall) / radius;
        const towardsEye = 1 - nx * nx - ny * ny;
        if (towardsEye <= 0) continue;
        this.lay(row, column, start[2] + share * sink - radius * Math.sqrt(towardsEye), nx, ny);
      }
    }
  }

  lay(row, column, depth, nx, ny) {
    const place = row * this.size + column;
    if (depth >= this.depth[place]) return;
    this.depth[place] = depth;
    this.normalX[place] = nx;
    this.normalY[place] = ny;
  }

  layPalm(points, unit) {
    const radius = PALM_RADIUS * unit;
    const shapes = palmShapes(points, unit);
    const corners = shapes.flat();
    const xs = corners.map((corner) => corner[0]);
    const ys = corners.map((corner) => corner[1]);
    const box = this.clipped(
      Math.min(...xs) - radius - 1,
      Math.min(...ys) - radius - 1,
      Math.max(...xs) + radius + 1,
      Math.max(...ys) + radius + 1,
    );
    const hulls = shapes.map(edgesOf);
    const plane = interpolated(box, (x, y) => bentDepth(corners, x, y, radius));
    const edge = interpolated(box, (x, y) => distanceTo(hulls, x, y, 0.25 * radius));
    const { spare, size } = this;
    for (let row = box[1]; row < box[3]; row++) {
      for (let column = box[0]; column < box[2]; column++) {
        const inside = radius - edge(column, row);
        if (inside < 0) {
          spare[row * size + column] = FAR;
          continue;
        }
        const fromRim = Math.max(0, 1 - inside / (1.6 * radius));
        spare[row * size + column] =
          plane(column, row) + radius * (0.3 - Math.sqrt(1 - fromRim * fromRim));
      }
    }
    this.layCushion(box, Math.max(1, Math.round(0.15 * radius)));
  }

  layCushion(box, step) {
    const { spare, size } = this;
    const at = (row, column, other) => {
      const isOut = row < box[1] || row >= box[3] || column < box[0] || column >= box[2];
      const depth = isOut ? FAR : spare[row * size + column];
      return depth === FAR ? other : depth;
    };
    for (let row = box[1]; row < box[3]; row++) {
      for (let column = box[0]; column < box[2]; column++) {
        const depth = spare[row * size + column];
        if (depth === FAR) continue;
        const sx = (at(row, column + step, depth) - at(row, column - step, depth)) / (2 * step);
        const sy = (at(row + step, column, depth) - at(row - step, column, depth)) / (2 * step);
        const length = Math.sqrt(sx * sx + sy * sy + 1);
        this.lay(row, column, depth, sx / length, sy / length);
      }
    }
  }

  clipped(left, top, right, bottom) {
    const within = (value) => Math.min(this.size, Math.max(0, value));
    const box = [
      within(Math.floor(left)),
      within(Math.floor(top)),
      within(Math.ceil(right)),
      within(Math.ceil(bottom)),
    ];
    this.box = [
      Math.min(this.box[0], box[0]),
      Math.min(this.box[1], box[1]),
      Math.max(this.box[2], box[2]),
      Math.max(this.box[3], box[3]),
    ];
    return box;
  }

  shade(unit) {
    const { size, depth, normalX, normalY, nearest } = this;
    const pixels = this.picture.data;
    pixels.set(this.backdrop);
    this.findNearest(Math.max(1, Math.round(0.025 * unit)));
    for (let row = this.box[1]; row < this.box[3]; row++) {
      for (let column = this.box[0]; column < this.box[2]; column++) {
        const place = row * size + column;
        if (depth[place] === FAR) continue;
        const nx = normalX[place];
        const ny = normalY[place];
        const nz = -Math.sqrt(Math.max(0, 1 - nx * nx - ny * ny));
        const light = Math.min(1, Math.max(0, nx * LIGHT[0] + ny * LIGHT[1] + nz * LIGHT[2]));
        const jump = ((depth[place] - nearest[place]) / unit - 0.06) / 0.12;
        const hidden = Math.min(1, Math.max(0, jump));
        const bright = Math.min(1.1, (0.17 + 0.62 * light - 0.25 * nz) * (1 - 0.85 * hidden));
        for (let channel = 0; channel < 3; channel++) {
          pixels[4 * place + channel] =
            SHADOW[channel] + (SKIN[channel] - SHADOW[channel]) * bright;
        }
      }
    }
  }

  // The nearest surface around each pixel, in two passes.
  findNearest(reach) {
    const { size, depth, nearest, spare, box } = this;
    for (let row = box[1]; row < box[3]; row++) {
      for (let column = box[0]; column < box[2]; column++) {
        let least = FAR;
        const last = Math.min(box[2] - 1, column + reach);
        for (let near = Math.max(box[0], column - reach); near <= last; near++) {
          least = Math.min(least, depth[row * size + near]);
        }
        spare[row * size + column] = least;
      }
    }
    for (let row = box[1]; row < box[3]; row++) {
      const last = Math.min(box[3] - 1, row + reach);
      for (let column = box[0]; column < box[2]; column++) {
        let least = FAR;
        for (let near = Math.max(box[1], row - reach); near <= last; near++) {
          least = Math.min(least, spare[near * size + column]);
        }
        nearest[row * size + column] = least;
      }
    }
  }
}

function backdrop(size) {
  const pixels = new Uint8ClampedArray(4 * size * size);
  for (let place = 0; place < size * size; place++) {
    const sky = 1.06 - (0.14 * Math.floor(place / size)) / (size - 1);
    for (let channel = 0; channel < 3; channel++) {
      pixels[4 * place + channel] = BACKGROUND[channel] * sky;
    }
    pixels[4 * place + 3] = 255;
  }
  return pixels;
}

function palmShapes(points, unit) {
  const mean = (axis) => KNUCKLES.reduce((sum, index) => sum + points[index][axis], 0) / 4;
  // The elbow hangs, so the wrist bends a little towards it.
  let down = [(points[0][0] - mean(0)) / unit, (points[0][1] - mean(1)) / unit + 0.25];
  const length = Math.max(Math.hypot(...down), 1e-6);
  down = down.map((value) => value / length);
  const across = points[17].map((value, axis) => value - points[5][axis]);
  const breadth = Math.abs(across[1] * down[0] - across[0] * down[1]) / unit;
  // A wrist is half as thick as it is broad; the knuckles tell which side shows.
  const half = unit * (0.03 + 0.2 * breadth);
  const moved = (along, aside) => [
    points[0][0] + down[0] * along * unit - down[1] * aside,
    points[0][1] + down[1] * along * unit + down[0] * aside,
    points[0][2],
  ];
  const sides = [moved(0.12, half), moved(0.12, -half)];
  // It begins within the palm, so that no seam shows at the wrist.
  const arm = [moved(-0.3, half), moved(-0.3, -half), moved(5.12, half), moved(5.12, -half)];
  const web = [1, 2, 5].map((index) => [...points[index]]);
  web[1] = web[1].map((value, axis) => value + 0.25 * (web[0][axis] - value));
  return [[...PALM.map((index) => points[index]), ...sides], arm, web];
}

// What changes slowly is found at each fourth pixel, and between them in even steps.
function interpolated(box, valueAt) {
  const columns = Math.ceil((box[2] - box[0]) / COARSE) + 2;
  const rows = Math.ceil((box[3] - box[1]) / COARSE) + 2;
  const grid = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      grid[row * columns + column] = valueAt(box[0] + column * COARSE, box[1] + row * COARSE);
    }
  }
  return (x, y) => {
    const column = Math.floor((x - box[0]) / COARSE);
    const row = Math.floor((y - box[1]) / COARSE);
    const right = (x - box[0]) / COARSE - column;
    const below = (y - box[1]) / COARSE - row;
    const place = row * columns + column;
    const upper = grid[place] * (1 - right) + grid[place + 1] * right;
    const lower = grid[place + columns] * (1 - right) + grid[place + columns + 1] * right;
    return upper * (1 - below) + lower * below;
  };
}

// Depth by inverse squared distance weighting (Shepard 1968).
function bentDepth(corners, x, y, softness) {
  let total = 0;
  let weights = 0;
  for (const corner of corners) {
    const weight = 1 / ((x - corner[0]) ** 2 + (y - corner[1]) ** 2 + softness ** 2);
    total += weight * corner[2];
    weights += weight;
  }
  return total / weights;
}

// Andrew's monotone chain; corners run around the hull.
function convexHull(corners) {
  const sorted = [...corners].sort((one, two) => one[0] - two[0] || one[1] - two[1]);
  const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  const half = (list) => {
    const chain = [];
    for (const corner of list) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), corner) <= 0) chain.pop();
      chain.push(corner);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

// Signed distance to the union of convex hulls, negative inside, with rounded inner corners.
function distanceTo(hulls, x, y, softness) {
  let nearest = FAR;
  for (const hull of hulls) {
    let isOutside = false;
    let square = FAR;
    for (const edge of hull) {
      const px = x - edge.x;
      const py = y - edge.y;
      if (edge.run * py - edge.fall * px < 0) isOutside = true;
      const along = (px * edge.run + py * edge.fall) / edge.square;
      const share = along < 0 ? 0 : along > 1 ? 1 : along;
      const gapX = px - share * edge.run;
      const gapY = py - share * edge.fall;
      const gap = gapX * gapX + gapY * gapY;
      if (gap < square) square = gap;
    }
    const distance = isOutside ? Math.sqrt(square) : -Math.sqrt(square);
    const blend = Math.max(0, softness - Math.abs(distance - nearest)) / softness;
    nearest = Math.min(distance, nearest) - (blend * blend * softness) / 4;
  }
  return nearest;
}

function edgesOf(corners) {
  const hull = convexHull(corners);
  return hull.map(([x, y], i) => {
    const next = hull[(i + 1) % hull.length];
    const run = next[0] - x;
    const fall = next[1] - y;
    return { x, y, run, fall, square: Math.max(run * run + fall * fall, 1e-6) };
  });
}
