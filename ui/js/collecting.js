// The basket: quotes that the reader keeps, in this browser alone. All that shows it follows it, in
// this tab by an event of ours and in others by that of the storage.

const BASKET = "suyuan.basket";
const CHANGED = "suyuan-basket";
const takenOut = new Map(); // by key, so that an item put back has its note again

// An item's place tells it from others.
function keyOf({ document, start, end }) {
  return JSON.stringify([document, start, end]);
}

// What is kept, in the reader's order. What is no item, because something else wrote it, is passed
// over; the browser may allow no storage at all.
function readBasket() {
  let entries = [];
  try {
    entries = JSON.parse(localStorage.getItem(BASKET) ?? "[]");
  } catch {
    return [];
  }
  const items = Array.isArray(entries) ? entries.filter((each) => typeof each?.quote === "string") : [];
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

// Returns whether the browser has kept it.
function writeBasket(items) {
  try {
    localStorage.setItem(BASKET, JSON.stringify(items));
  } catch {
    return false;
  }
  window.dispatchEvent(new Event(CHANGED));
  return true;
}

function onBasket(react) {
  window.addEventListener(CHANGED, react);
  window.addEventListener("storage", (event) => event.key === BASKET || event.key === null ? react() : 0);
}

// Puts the item of a button into the basket or takes it out, and says so beside the button.
function collect(button) {
  const item = JSON.parse(button.dataset.collect);
  const key = keyOf(item);
  const items = readBasket();
  const found = items.find((each) => keyOf(each) === key);
  const said = button.nextElementSibling;
  if (found) takenOut.set(key, found);
  else if (items.length >= Number(button.dataset.most)) return say(said, "full", items.length);
  const kept = found ? items.filter((each) => each !== found) : [...items, takenOut.get(key) ?? item];
  say(said, writeBasket(kept) ? (found ? "out" : "in") : "refused", kept.length);
}

function say(output, name, count) {
  output.textContent = output.dataset[name].replace("{}", count);
}

// Makes every such button say whether its quote is in.
function showCollected(root) {
  const keys = new Set(readBasket().map(keyOf));
  for (const button of root.querySelectorAll("[data-collect]")) {
    const isIn = keys.has(keyOf(JSON.parse(button.dataset.collect)));
    button.setAttribute("aria-pressed", isIn);
    button.textContent = isIn ? button.dataset.collected : button.dataset.offered;
  }
}

// How many there are, for the navigation; see ui/words.py.
function showCount() {
  const count = readBasket().length;
  document.documentElement.style.setProperty("--suyuan-basket", count ? `"（${count}）"` : '""');
}

onBasket(showCount);
showCount();
