// Turns one answer after the other into text. Knows nothing of the page.

const AGREEING = 2;
const COMMANDS = { space: (text) => text + " ", del: (text) => text.slice(0, -1) };
const SEEN_IN_MOTION = ["J", "Z"];

export class Speller {
  #candidate = null;
  #count = 0;
  #isHeld = false;

  // Takes an answer of /predict and the text so far, gives the text that follows. A letter is added
  // once when AGREEING pictures in a row name it for certain, and again only after another one or
  // after the hand was gone.
  next(answer, text) {
    const label = answer.hand && answer.prediction !== "nothing" ? answer.prediction : null;
    if (label === null) {
      this.reset();
      return text;
    }
    if (!answer.certain || SEEN_IN_MOTION.includes(label)) return text;
    if (label !== this.#candidate) {
      this.#candidate = label;
      this.#count = 0;
      this.#isHeld = false;
    }
    this.#count += 1;
    if (this.#isHeld || this.#count < AGREEING) return text;
    this.#isHeld = true;
    return label in COMMANDS ? COMMANDS[label](text) : text + label;
  }

  reset() {
    this.#candidate = null;
    this.#count = 0;
    this.#isHeld = false;
  }
}
