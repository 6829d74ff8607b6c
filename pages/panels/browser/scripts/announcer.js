// Tells a screen reader what changed; nothing of it is to be seen.
export default function (component) {
  const { data, parentElement } = component;
  const said = parentElement.querySelector("[role=status]");
  if (said.dataset.number === String(data.number)) return;
  said.dataset.number = String(data.number);
  said.textContent = "";
  // A live region speaks when it changes, also where the same sentence comes again.
  setTimeout(() => (said.textContent = data.sentence), 60);
}
