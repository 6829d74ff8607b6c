// The camera page: the front of device_camera.js with a letter, the words and their commands.

import { mountCamera } from "./device_camera.js";

const COMMANDS = ["space", "delete", "undo", "clear"];
const WAITING = {
  hand: "Show a letter",
  stroke: "Finish the stroke",
  stillness: "Keep still",
  certainty: "Not sure yet",
  release: "Open your hand for the same letter again",
  hold: "Hold it",
  letters: "Spell on",
};

const HOLDING = {
  placeholder: "Hold each letter until its bar is full.",
  how: "Lower your hand for a space; open it for the same letter again. J and Z are drawn in the air.",
};
const NATURAL = {
  placeholder: "Spell at your own pace.",
  how: "No letter is held: two to six a second are read. Lower your hand between words. Grey letters may still change.",
};

const part = (id) => document.getElementById(id);

const camera = mountCamera(part("camera"), {
  base: new URL(".", location.href).href,
  model: null,
  token: null,
  mirrored: true,
  words: () => part("text").textContent + part("unsettled").textContent,
  speed: () => part("speed").value,
  onAnswer: show,
  onRunning: (running) => {
    if (!running) {
      showLetter("–", "", "The camera is off", 0, []);
      keepUnsettled();
    }
    for (const name of COMMANDS) part(name).disabled = !running;
  },
});

function show(answer) {
  const text = part("text");
  if (answer.words !== null && text.textContent !== answer.words) text.textContent = answer.words;
  part("unsettled").textContent = answer.unsettled;
  part("spelled").classList.toggle("is-empty", !text.textContent && !answer.unsettled);
  if (answer.number === 0) return;
  const style = answer.certain ? "sure" : "unsure";
  const verdict = WAITING[answer.waits_for] ?? "";
  showLetter(answer.letter ?? "–", answer.letter ? style : "", verdict, answer.held, answer.hints);
}

function showLetter(letter, style, verdict, held, hints) {
  const place = part("letter");
  if (place.textContent !== letter) place.textContent = letter;
  place.className = `letter ${style} ${letter.length > 1 ? "word" : ""}`;
  part("verdict").textContent = verdict;
  part("held").value = held;
  part("hints").textContent = hints.join(" ");
}

// The server has the end of a stream write what was unsettled; a page that left before it was told
// writes it itself, so that no letter is lost.
function keepUnsettled() {
  const unsettled = part("unsettled");
  part("text").textContent += unsettled.textContent;
  unsettled.textContent = "";
}

function explain() {
  const words = part("speed").value === "natural" ? NATURAL : HOLDING;
  part("how").textContent = words.how;
  part("spelled").dataset.placeholder = words.placeholder;
}

async function copyText() {
  const button = part("copy");
  try {
    await navigator.clipboard.writeText(part("text").textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(part("text"));
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

for (const name of COMMANDS) {
  part(name).disabled = true;
  part(name).addEventListener("click", () => camera.command(name));
}
part("copy").addEventListener("click", copyText);
part("speed").addEventListener("change", ({ target }) => {
  camera.command("speed", { speed: target.value });
  explain();
});
part("spelled").classList.add("is-empty");
explain();
window.aslDeviceCamera = camera; // for measurements
