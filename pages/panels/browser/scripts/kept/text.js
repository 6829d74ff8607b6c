// Keeps the words in this browser alone, so that a closed tab or a restarted server loses nothing.
const PLACE = "asl-live-words";
const LONGEST_SECONDS = 7 * 24 * 3600;

export default function (component) {
  const { data, setStateValue } = component;
  if (data.is_fresh) {
    if (!data.is_answered) setStateValue("kept", { session: data.session, ...earlier() });
    return;
  }
  try {
    if (data.words) {
      localStorage.setItem(PLACE, JSON.stringify({ words: data.words, saved: Date.now() }));
    } else {
      localStorage.removeItem(PLACE);
    }
  } catch {
    // Private windows and strict settings refuse the storage; the words then live in the tab alone.
  }
}

// The server keeps no words before it has this answer, so "nothing" is one, too.
function earlier() {
  const nothing = { words: "", age: 0 };
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) || "null");
    if (!kept || typeof kept.words !== "string") return nothing;
    const age = Math.max(0, Math.round((Date.now() - kept.saved) / 1000));
    if (age <= LONGEST_SECONDS) return { words: kept.words, age };
    localStorage.removeItem(PLACE);
  } catch {
    return nothing;
  }
  return nothing;
}
