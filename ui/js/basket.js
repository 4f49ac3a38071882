// The page of the basket. The browser has the items, their order and their notes; Python says what
// the index has of each today, and makes the files.

const view = { told: "", number: 0, asked: "", removed: [] }; // root, data, setStateValue, setTriggerValue

function part(name) {
  return view.root.querySelector(`.basket-${name}`);
}

// Shows nodes in a place of theirs, unless they are there already: what has the focus keeps it.
function renew(holder, nodes) {
  const described = JSON.stringify(nodes);
  if (holder.described === described) return;
  holder.described = described;
  holder.replaceChildren(...nodes.map(build));
}

function render() {
  const items = readBasket();
  const list = part("items");
  if (list.described !== JSON.stringify(view.data.row)) list.replaceChildren();
  list.described = JSON.stringify(view.data.row);
  renew(part("bar"), items.length ? view.data.bar : []);
  renew(part("summary"), items.length ? view.data.summary : []);
  renew(part("empty"), items.length ? [] : view.data.empty);
  tell(items);
  const rows = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const cards = new Map(view.data.cards.map((card) => [keyOf(card), card.nodes]));
  const missing = view.data.number === view.number ? view.data.rejected : view.data.pending;
  items.forEach((item, at) => {
    const key = keyOf(item);
    const row = rows.get(key) ?? build(view.data.row);
    rows.delete(key);
    row.dataset.key = key;
    if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null);
    renew(row.querySelector(".basket-card"), cards.get(key) ?? missing);
    number(row, at, items.length);
    const note = row.querySelector("textarea");
    if (!note.matches(":focus")) note.value = item.note ?? "";
  });
  for (const row of rows.values()) row.remove();
}

// Tells Python which items there are, where that has changed; order and notes matter for a file only.
function tell(items) {
  const entries = items.map(({ note, ...item }) => item);
  const described = JSON.stringify(entries.map(keyOf).sort());
  if (view.told === described) return;
  view.told = described;
  view.number += 1;
  view.setStateValue("items", { number: view.number, entries });
}

// Names the controls of a row by its place, and closes the way beyond both ends.
function number(row, at, count) {
  for (const control of row.querySelectorAll("[data-name]")) {
    control.setAttribute("aria-label", control.dataset.name.replace("{}", at + 1));
  }
  row.querySelector('[data-move="-1"]').disabled = at === 0;
  row.querySelector('[data-move="1"]').disabled = at === count - 1;
}

function tellReader(name, value = "") {
  part("said").textContent = name ? view.data.words[name].replace("{}", value) : "";
  part("undo").textContent = view.data.words.undo;
  part("undo").hidden = !view.removed.length;
}

// Writes what has become of the basket, and says so.
function change(items, name, value) {
  tellReader(...(writeBasket(items) ? [name, value] : ["refused"]));
}

function move(button) {
  const row = button.closest("[data-key]");
  const items = readBasket();
  const at = items.findIndex((item) => keyOf(item) === row.dataset.key);
  const to = at + Number(button.dataset.move);
  items.splice(to, 0, ...items.splice(at, 1));
  change(items, "moved", to + 1);
  (button.disabled ? row.querySelector("[data-move]:enabled") : button)?.focus();
}

// Takes items out; each is kept with its place until others are taken out or the page is left.
function remove(keys) {
  const items = readBasket();
  const isGone = (item) => keys.includes(keyOf(item));
  view.removed = items.map((item, at) => ({ item, at })).filter(({ item }) => isGone(item));
  change(items.filter((item) => !isGone(item)), "removed", view.removed.length);
  part("undo").focus({ preventScroll: true });
}

function putBack() {
  const items = readBasket();
  const keys = new Set(items.map(keyOf));
  const back = view.removed.filter(({ item }) => !keys.has(keyOf(item)));
  for (const { item, at } of back) items.splice(at, 0, item);
  view.removed = [];
  change(items, "back", back.length);
  part("items").querySelector(`[data-key="${CSS.escape(keyOf(back[0]?.item ?? {}))}"] textarea`)?.focus();
}

function annotate(field) {
  const key = field.closest("[data-key]").dataset.key;
  const items = readBasket().map((item) => (keyOf(item) === key ? { ...item, note: field.value } : item));
  if (!writeBasket(items)) tellReader("refused");
}

function ask(format) {
  view.asked = `${format} ${Date.now()}`;
  tellReader("making");
  view.setTriggerValue("export", { number: view.asked, format, entries: readBasket() });
}

// Gives the file that was asked for to the browser, once.
function take(file) {
  if (!file || file.number !== view.asked) return;
  view.asked = "";
  const bytes = Uint8Array.from(atob(file.content), (character) => character.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: file.type }));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  tellReader("made", file.name);
}

onBasket(() => view.root && render());

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".basket");
  if (view.root !== root) Object.assign(view, { root, told: "", asked: "", removed: [] });
  Object.assign(view, { data, setStateValue, setTriggerValue });
  root.onclick = (event) => {
    const link = event.target.closest("a[href]");
    if (link) return follow(event, link);
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.move) move(button);
    else if (button.dataset.remove) remove([button.closest("[data-key]").dataset.key]);
    else if (button.dataset.clear) remove(readBasket().map(keyOf));
    else if (button.dataset.format) ask(button.dataset.format);
    else putBack();
  };
  root.oninput = (event) => annotate(event.target);
  render();
  take(data.file);
  return () => (view.root === root ? (view.root = null) : 0);
}
