// Keeps a learner's progress in this browser alone; the server hears of it only while the tab is open.
const PLACE = "asl-practice-progress";

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.host || parentElement;
  try {
    if (data.asks) {
      if (host.aslAsked) return;
      host.aslAsked = true;
      setStateValue("kept", { text: localStorage.getItem(PLACE) || "", refused: false });
    } else if (data.text) {
      localStorage.setItem(PLACE, data.text);
    } else if (data.forgets) {
      localStorage.removeItem(PLACE);
    }
  } catch {
    // Private windows and strict settings refuse the storage.
    if (data.asks) setStateValue("kept", { text: "", refused: true });
  }
}
