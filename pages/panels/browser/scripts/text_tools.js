// Copy and Read aloud: both are the browser's own, so the text goes nowhere else.
export default function (component) {
  const { data, parentElement } = component;
  const [copy, speak] = parentElement.querySelectorAll("button");
  const said = parentElement.querySelector("[role=status]");
  const text = (data.text || "").trim();
  const canSpeak = "speechSynthesis" in window;
  copy.disabled = !text;
  speak.disabled = !text || !canSpeak;
  speak.title = canSpeak ? "" : "This browser cannot read aloud.";

  const tell = (sentence) => {
    said.textContent = sentence;
    clearTimeout(said.timer);
    said.timer = setTimeout(() => (said.textContent = ""), 2500);
  };

  copy.onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      tell("Copied");
    } catch {
      tell(copyTheOldWay(text) ? "Copied" : "This browser does not allow copying.");
    }
  };

  speak.onclick = () => {
    window.speechSynthesis.cancel();
    // In capitals some voices spell a word letter by letter.
    const speech = new SpeechSynthesisUtterance(text.toLowerCase());
    speech.lang = "en-US";
    speech.rate = 0.95;
    speech.onerror = (event) => {
      if (event.error !== "canceled" && event.error !== "interrupted") {
        tell("This browser has no voice to read aloud.");
      }
    };
    window.speechSynthesis.speak(speech);
  };
}

// Without HTTPS there is no navigator.clipboard.
function copyTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
