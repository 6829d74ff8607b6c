// Keeps the words in this browser alone, so that a closed tab or a restarted server loses nothing.
const PLACE = "asl-live-words";
const LONGEST_SECONDS = 7 * 24 * 3600;

export default function (component) {
  const { data, setStateValue } = component;
  try {
    if (data.is_fresh) {
      offer(setStateValue, data.found);
    } else if (data.words) {
      localStorage.setItem(PLACE, JSON.stringify({ words: data.words, saved: Date.now() }));
    } else {
      localStorage.removeItem(PLACE);
    }
  } catch {
    // Private windows and strict settings refuse the storage; the words then live in the tab alone.
  }
}

function offer(setStateValue, found) {
  const kept = JSON.parse(localStorage.getItem(PLACE) || "null");
  if (!kept || typeof kept.words !== "string" || found === kept.saved) return;
  const age = Math.max(0, Math.round((Date.now() - kept.saved) / 1000));
  if (age > LONGEST_SECONDS) localStorage.removeItem(PLACE);
  else setStateValue("kept", { words: kept.words, saved: kept.saved, age });
}
