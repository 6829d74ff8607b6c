// The camera page: a picture every so often to /predict, and what it answers on the page.

import { drawHand } from "./hand_marks.js";
import { Speller } from "./speller.js";
import { Webcam } from "./webcam.js";

const ANSWER_MS = 20_000;
const RETRY_MS = 2000;

const part = (id) => document.getElementById(id);
const webcam = new Webcam(part("preview"));
const speller = new Speller();
let timer = null;
let round = 0;

async function start(deviceId) {
  part("start").disabled = true;
  try {
    await webcam.open(deviceId, () => stop("The camera was taken away. Start it again."));
    await listCameras(deviceId);
  } catch (error) {
    stop(error.message);
    return;
  } finally {
    part("start").disabled = false;
  }
  showProblem(null);
  part("waiting").hidden = true;
  part("start").textContent = "Stop the camera";
  part("start").classList.remove("main");
  round += 1;
  readAgain(round);
}

function stop(problem = null) {
  round += 1;
  clearTimeout(timer);
  webcam.close();
  speller.reset();
  drawHand(part("marks"), null);
  showLetter("–", "", "The camera is off", 0, []);
  part("status").textContent = "";
  part("waiting").hidden = false;
  part("start").textContent = "Start the camera";
  part("start").classList.add("main");
  showProblem(problem);
}

// One picture at a time: on a slow line the next one waits for the answer to the last.
async function readAgain(mine) {
  const started = performance.now();
  let wait = paceMs();
  if (!document.hidden) {
    try {
      await readOnce(mine);
    } catch (error) {
      if (mine !== round) return;
      showProblem(error.message);
      speller.reset();
      wait = Math.max(wait, error.retryMs ?? RETRY_MS);
    }
  }
  if (mine !== round) return;
  timer = setTimeout(() => readAgain(mine), Math.max(0, wait - (performance.now() - started)));
}

async function readOnce(mine) {
  const picture = await webcam.picture();
  if (!picture) return;
  const sent = performance.now();
  const answer = await ask(picture);
  if (mine !== round) return;
  showProblem(null);
  showAnswer(answer, performance.now() - sent);
  const text = part("text");
  const next = speller.next(answer, text.value);
  if (next !== text.value) text.value = next;
}

async function ask(picture) {
  const form = new FormData();
  form.append("image", picture, "frame.jpg");
  let response;
  let answer;
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    response = await fetch("predict", { method: "POST", body: form, signal });
    answer = await response.json();
  } catch {
    throw new Error("The server does not answer. Trying again…");
  }
  if (response.ok) return answer;
  const error = new Error(answer.error ?? `The server answered ${response.status}.`);
  error.retryMs = 1000 * Number(response.headers.get("Retry-After") ?? 0) || RETRY_MS;
  throw error;
}

function showAnswer(answer, roundTripMs) {
  drawHand(part("marks"), answer);
  if (answer.hand) {
    const verdict = `${percent(answer.confidence)} ${answer.certain ? "sure" : "– uncertain"}`;
    const others = answer.top.slice(1);
    const style = answer.certain ? "sure" : "unsure";
    showLetter(answer.prediction, style, verdict, answer.confidence, others);
  } else {
    showLetter("–", "", "No hand in sight", 0, []);
  }
  const side = answer.hand ? `${answer.hand.handedness.toLowerCase()} hand · ` : "";
  const reading = Math.round(answer.ms.total);
  part("status").textContent = `${side}read in ${reading} ms, back in ${Math.round(roundTripMs)} ms`;
}

function showLetter(letter, style, verdict, confidence, others) {
  const place = part("letter");
  if (place.textContent !== letter) place.textContent = letter;
  place.className = `letter ${style} ${letter.length > 1 ? "word" : ""}`;
  part("verdict").textContent = verdict;
  part("confidence").value = confidence;
  const names = others.map((other) => `${other.label} ${percent(other.confidence)}`);
  part("others").textContent = names.length ? `or ${names.join(", ")}` : "";
}

function showProblem(sentence) {
  const place = part("problem");
  place.hidden = !sentence;
  if (sentence && place.textContent !== sentence) place.textContent = sentence;
}

async function listCameras(chosen) {
  const cameras = await webcam.list();
  const list = part("cameras");
  list.hidden = cameras.length < 2;
  list.replaceChildren(
    ...cameras.map((camera, n) => new Option(camera.label || `Camera ${n + 1}`, camera.deviceId)),
  );
  if (chosen) list.value = chosen;
}

async function copyText() {
  const text = part("text");
  const button = part("copy");
  try {
    await navigator.clipboard.writeText(text.value);
    button.textContent = "Copied";
  } catch {
    text.select();
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

function changeText(change) {
  part("text").value = change(part("text").value);
  speller.reset();
}

const paceMs = () => 1000 * Number(part("pace").value);
const percent = (share) => `${Math.round(100 * share)} %`;
const showPace = () => (part("pace-shown").textContent = `${(paceMs() / 1000).toFixed(1)} s`);

part("start").addEventListener("click", () => (webcam.isOpen ? stop() : start()));
part("cameras").addEventListener("change", (event) => start(event.target.value));
part("pace").addEventListener("input", showPace);
part("space").addEventListener("click", () => changeText((text) => `${text} `));
part("delete").addEventListener("click", () => changeText((text) => text.slice(0, -1)));
part("clear").addEventListener("click", () => changeText(() => ""));
part("copy").addEventListener("click", copyText);
showPace();
