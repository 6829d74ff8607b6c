// Plays a drawn hand: smoothly at the screen's rate, slower, or letter by letter.
const LARGE = 400;
const SMALL = 280;
const OVERSAMPLED = 1.3;
const FILLED = 0.84;
const LARGEST_PALM = 0.36;
const TRAIL_COLOR = "#f07f1f";

export default function (component) {
  const { data, parentElement } = component;
  const host = parentElement.host || parentElement;
  const player = (host.aslPlayer ??= new HandPlayer(parentElement, host));
  player.show(data);
}

class HandPlayer {
  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.painters = {};
    this.pace = 1;
    this.find(".play").onclick = () => (this.isPlaying ? this.pause() : this.play());
    this.find(".slower").onclick = () => this.changePace();
    this.find(".back").onclick = () => this.step(-1);
    this.find(".next").onclick = () => this.step(1);
  }

  find(name) {
    return this.root.querySelector(name);
  }

  show(data) {
    const isNew = this.number !== data.number;
    this.data = data;
    this.find(".controls").hidden = !data.controls;
    for (const view of ["front", "own"]) {
      const canvas = this.find(`canvas.${view}`);
      canvas.closest("figure").hidden = !data.views.includes(view);
      canvas.setAttribute("aria-label", data.labels[view] || "");
    }
    const isSingle = data.views.length === 1;
    this.find(".hands").classList.toggle("single", isSingle);
    if (this.side !== (isSingle ? LARGE : SMALL)) {
      this.side = isSingle ? LARGE : SMALL;
      this.painters = {};
      this.sheet = null;
    }
    if (isNew) this.take(data);
    this.draw();
  }

  take(data) {
    this.number = data.number;
    this.frames = data.frames;
    this.seconds = (data.frames.length - 1) / data.rate;
    this.time = 0;
    this.until = this.seconds;
    this.isPlaying = false;
    this.fit();
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (data.starts && this.frames.length > 1 && !calm) this.play();
    else this.tell();
  }

  // One scale for all frames, so that the hand keeps its size.
  fit() {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const frame of this.frames) {
      for (let i = 0; i < 63; i += 3) {
        left = Math.min(left, frame[i]);
        right = Math.max(right, frame[i]);
        top = Math.min(top, frame[i + 1]);
        bottom = Math.max(bottom, frame[i + 1]);
      }
    }
    const extent = Math.max(right - left, bottom - top, 1);
    const palm = this.data.scale;
    this.palm = Math.min(FILLED / extent, LARGEST_PALM / palm) * palm;
    this.middle = [(left + right) / 2 / palm, (top + bottom) / 2 / palm];
  }

  play() {
    if (this.time >= this.seconds - 1e-6) this.time = 0;
    this.run(this.seconds);
  }

  run(until) {
    this.until = until;
    this.isPlaying = true;
    this.last = null;
    this.tell();
    requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    this.isPlaying = false;
    this.tell();
  }

  tick(now) {
    if (!this.isPlaying || !this.host.isConnected) return;
    const passed = this.last === null ? 0 : Math.min(0.1, (now - this.last) / 1000);
    this.last = now;
    this.time = Math.min(this.until, this.time + passed * this.pace);
    this.draw();
    if (this.time < this.until) requestAnimationFrame((next) => this.tick(next));
    else if (this.data.loops && this.until === this.seconds) setTimeout(() => this.again(), 700);
    else this.pause();
  }

  again() {
    if (!this.isPlaying || !this.host.isConnected) return;
    this.time = 0;
    this.run(this.seconds);
  }

  changePace() {
    this.pace = this.pace === 1 ? 0.4 : 1;
    this.find(".slower").setAttribute("aria-pressed", String(this.pace !== 1));
    this.play();
  }

  // To the letter before or after; one that is drawn is played.
  step(way) {
    const letters = this.data.letters;
    this.isPlaying = false;
    const now = this.letterAt(this.time);
    const isStart = this.time === 0 && way > 0 && !this.stepped;
    this.stepped = true;
    const place = Math.max(0, Math.min(letters.length - 1, isStart ? 0 : now + way));
    const [start, end, isDrawn] = letters[place];
    if (isDrawn) {
      this.time = start;
      this.run(end);
      return;
    }
    this.time = (start + end) / 2;
    this.draw();
    this.tell();
  }

  letterAt(time) {
    const letters = this.data.letters;
    const ended = letters.findIndex((letter) => time <= letter[1] + 1e-6);
    return ended < 0 ? letters.length - 1 : ended;
  }

  tell() {
    const button = this.find(".play");
    const isOver = this.time >= this.seconds - 1e-6;
    button.textContent = this.isPlaying ? "Pause" : isOver && this.seconds ? "Replay" : "Play";
    const count = this.data.letters.length;
    const isShown = this.data.controls && count > 1 && !this.isPlaying;
    this.find("[role=status]").textContent = isShown
      ? `Letter ${this.letterAt(this.time) + 1} of ${count}`
      : "";
  }

  handAt(time, isBehind, size) {
    const place = Math.min(time * this.data.rate, this.frames.length - 1);
    const before = this.frames[Math.floor(place)];
    const after = this.frames[Math.min(Math.floor(place) + 1, this.frames.length - 1)];
    const share = place - Math.floor(place);
    const unit = this.palm * size;
    // From behind and of the other hand are both mirrored: together they are not.
    const side = isBehind !== this.data.mirrored ? -1 : 1;
    const points = [];
    for (let i = 0; i < 63; i += 3) {
      const [x, y, z] = [0, 1, 2].map(
        (axis) =>
          (before[i + axis] + (after[i + axis] - before[i + axis]) * share) / this.data.scale,
      );
      points.push([
        size / 2 + side * (x - this.middle[0]) * unit,
        size / 2 + (y - this.middle[1]) * unit,
        (isBehind ? -1 : 1) * z * unit,
      ]);
    }
    return { points, unit };
  }

  draw() {
    for (const view of this.data.views) this.drawView(view);
  }

  drawView(view) {
    const canvas = this.find(`canvas.${view}`);
    const size = Math.round(this.side * OVERSAMPLED);
    const painter = (this.painters[view] ??= new HandPainter(size));
    const { points, unit } = this.handAt(this.time, view === "own", size);
    const sheet = (this.sheet ??= new OffscreenCanvas(size, size));
    sheet.getContext("2d").putImageData(painter.paint(points, unit, view === "own"), 0, 0);
    const wide = Math.round(this.side * Math.min(2, window.devicePixelRatio || 1));
    if (canvas.width !== wide || canvas.height !== wide) canvas.width = canvas.height = wide;
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(sheet, 0, 0, wide, wide);
    this.drawTrail(context, view, wide / size, size);
  }

  // The way of the fingertip while a letter is drawn in the air.
  drawTrail(context, view, scale, size) {
    const letter = this.data.letters.find(
      ([start, end, tip]) => tip && this.time > start && this.time <= end + 0.6,
    );
    if (!letter) return;
    const [start, end, tip] = letter;
    context.lineWidth = 5 * (context.canvas.width / this.side);
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = TRAIL_COLOR;
    context.globalAlpha = 0.85;
    context.beginPath();
    for (let time = start; time <= Math.min(end, this.time) + 1e-6; time += 1 / 60) {
      const [x, y] = this.handAt(time, view === "own", size).points[tip];
      context.lineTo(x * scale, y * scale);
    }
    context.stroke();
    context.globalAlpha = 1;
  }
}
