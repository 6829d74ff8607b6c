// Keeps the taught hand in this browser alone; the server forgets it when the tab is closed.
const PLACE = "asl-my-hand";

export default function (component) {
  const { data, setStateValue } = component;
  const answer = (name, value) => setStateValue(name, { session: data.session, ...value });
  try {
    if (data.is_fresh) {
      const kept = JSON.parse(localStorage.getItem(PLACE) || "null") || {};
      answer("found", { hand: kept.hand || "", is_on: kept.is_on === true, answered: true });
    } else if (data.number !== data.done) {
      if (data.hand) {
        localStorage.setItem(PLACE, JSON.stringify({ hand: data.hand, is_on: data.is_on }));
      } else {
        localStorage.removeItem(PLACE);
      }
      answer("done", { number: data.number, is_kept: true });
    }
  } catch {
    // Private windows and strict settings refuse the storage; the hand then lives in the tab alone.
    if (data.is_fresh) answer("found", { hand: "", is_on: false, answered: true });
    else if (data.number !== data.done) answer("done", { number: data.number, is_kept: false });
  }
}
