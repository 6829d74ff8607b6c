// Keeps a learner's progress in this browser alone; the server hears of it only while the tab is open.
const PLACE = "asl-practice-progress";

export default function (component) {
  const { data, setStateValue } = component;
  const answer = (text, refused) =>
    setStateValue("kept", { session: data.session, text, refused });
  try {
    if (data.asks) {
      answer(localStorage.getItem(PLACE) || "", false);
    } else if (data.text) {
      localStorage.setItem(PLACE, data.text);
    } else if (data.forgets) {
      localStorage.removeItem(PLACE);
    }
  } catch {
    // Private windows and strict settings refuse the storage.
    if (data.asks) answer("", true);
  }
}
