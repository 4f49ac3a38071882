// Keys: "/" leads to the box, j and k (and the arrows, where a result has the focus) from result to
// result, n and p from page to page. None counts while something is typed, nor with Ctrl or Alt,
// and all can be switched off: who speaks to the machine, or uses a screen reader, needs that.

const BOX = ".st-key-question :is(input, textarea)";
const KEYS_OFF = "suyuan.keys";
const ARROWS = { ArrowDown: "j", ArrowUp: "k", ArrowRight: "n", ArrowLeft: "p" };

const areKeysOff = () => {
  try {
    return localStorage.getItem(KEYS_OFF) === "off";
  } catch {
    return false; // the browser allows no storage
  }
};

function switchKeys() {
  try {
    localStorage.setItem(KEYS_OFF, areKeysOff() ? "on" : "off");
  } catch {
    return;
  }
  papers.forEach(showKeys);
}

function showKeys(root) {
  for (const button of root.querySelectorAll("[data-keys]")) {
    button.textContent = areKeysOff() ? button.dataset.off : button.dataset.on;
  }
}

const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || element.matches("input, textarea, select, [role=combobox], [role=listbox], [role=option]"));

const findAll = (selector) => [...papers].flatMap((root) => [...root.querySelectorAll(selector)]);

const isBox = (element) => element instanceof HTMLInputElement && element.matches(BOX); // in a text of lines an arrow moves among them
const isResult = (element) => element instanceof HTMLElement && element.closest("article, li")?.querySelector("[data-result]");

function focusBox() {
  const box = document.querySelector(BOX);
  box?.focus();
  box?.select();
  return Boolean(box);
}

function focusResult(step, from) {
  const results = findAll("[data-result]").filter((result) => result.offsetParent);
  const at = results.findIndex((result) => result.closest("article, li")?.contains(from));
  const to = results[at < 0 ? (step > 0 ? 0 : results.length - 1) : at + step];
  if (at === 0 && step < 0) return focusBox();
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
  return Boolean(to);
}

function turnPage(rel) {
  const link = findAll(`a[rel=${rel}]`)[0];
  link?.click();
  return Boolean(link);
}

const ACTIONS = {
  "/": focusBox,
  "、": focusBox, // what the key gives with Chinese punctuation
  j: (from) => focusResult(1, from) || stepThrough(1, from),
  k: (from) => focusResult(-1, from) || stepThrough(-1, from),
  n: () => turnPage("next"),
  p: () => turnPage("prev"),
};

document.addEventListener("keydown", (event) => {
  const from = event.composedPath()[0];
  if (event.key === "Escape") papers.forEach(dismissCards);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isArrow = event.key in ARROWS;
  const isInPlace = isArrow && (event.key === "ArrowDown" ? isResult(from) || isBox(from) : isResult(from));
  if (isArrow ? !isInPlace : isTyping(from) || areKeysOff()) return;
  if (ACTIONS[ARROWS[event.key] ?? event.key]?.(from)) event.preventDefault();
});
