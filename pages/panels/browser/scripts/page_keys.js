// Makes keys reach the page after a click into the video, and the text be read by screen readers.
export default function (component) {
  const root = component.parentElement;
  const host = root.host || root;
  if (host.aslWatch) return;
  const work = () => {
    if (!host.isConnected) return clearInterval(host.aslWatch);
    announce();
    document.querySelectorAll("iframe").forEach(giveBackFocus);
  };
  host.aslWatch = setInterval(work, 700);
  work();
}

function announce() {
  const text = document.querySelector(".st-key-transcript");
  if (!text || text.getAttribute("aria-live")) return;
  text.setAttribute("role", "log");
  text.setAttribute("aria-live", "polite");
  text.setAttribute("aria-label", "What you spelled");
  document.querySelector(".st-key-word_commands")?.addEventListener("click", leaveButton);
}

// A clicked button keeps the focus, and the space key would press it again.
function leaveButton(event) {
  if (event.detail > 0) event.target.closest("button")?.blur();
}

// The video lives in a frame of its own; after a click on Start its frame would take all keys, and
// the space key would press Stop. People who walk by keyboard (detail 0) keep their place.
function giveBackFocus(frame) {
  if (!/webrtc/.test(frame.title + frame.src)) return;
  let inner = null;
  try {
    inner = frame.contentDocument;
  } catch {
    return;
  }
  if (!inner || inner.aslHeard) return;
  inner.aslHeard = true;
  inner.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!event.detail || !button || !/^(start|stop)$/i.test(button.textContent.trim())) return;
    setTimeout(() => {
      inner.activeElement?.blur();
      frame.blur();
      window.focus();
    }, 50);
  });
}
