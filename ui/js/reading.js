// Reading a document (ui/fulltext.py): a long text is built while it is read, the outline shows where
// the reader is, the picture of the page follows, and any paragraph can be cited.

const SLICE = 12; // milliseconds of building between two frames
const EYE = 0.15; // of the window's height: what stands there is being read
const SETTLED = 200; // milliseconds after the last scrolling
const PAGE = "suyuan-page"; // the event that says which page is being read, and
const TURNED = "suyuan-turned"; // the one that says which was turned to by hand

// Starts what follows the reader over the document or the picture in `root`; returns what ends it.
function readAlong(root, { setTriggerValue }) {
  const ending = new AbortController();
  const text = root.querySelector(".text[data-pages]");
  const figure = root.querySelector("figure.original");
  if (text) new Reading(root, text, ending.signal);
  if (figure) turnAlong(figure, setTriggerValue, ending.signal);
  return () => ending.abort();
}

class Reading {
  constructor(root, text, signal) {
    this.root = root;
    this.text = text;
    this.nav = root.querySelector("aside nav");
    this.pages = JSON.parse(text.dataset.pages);
    new CiteBar(text, signal);
    this.buildOn(signal);
    this.isLed = false; // by the reader's hand: a scroll of ours leaves the picture as it is
    let waiting = 0;
    const wait = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.look(), SETTLED);
    };
    const on = (names, react) => {
      for (const name of names) {
        window.addEventListener(name, react, { capture: true, passive: true, signal });
      }
    };
    on(["scroll", "resize"], wait);
    on(["wheel", "touchmove", "pointerdown", "keydown"], () => (this.isLed = true));
    on([TURNED], ({ detail }) => this.goToPage(detail));
    signal.addEventListener("abort", () => clearTimeout(waiting));
    wait();
  }

  // Builds what the server left for later, without keeping the browser from anything else.
  buildOn(signal) {
    const blocks = [...this.text.querySelectorAll(".block")].filter((block) => block.later);
    const work = () => {
      const end = performance.now() + SLICE;
      while (blocks.length && performance.now() < end && !signal.aborted) complete(blocks.shift());
      if (blocks.length && !signal.aborted) setTimeout(work);
    };
    setTimeout(work);
  }

  // Finds what is being read and shows it in the outline and beside.
  look() {
    const at = placeAt(this.text);
    if (at === null) return;
    if (this.nav) showInOutline(this.nav, at);
    const page = this.pages.findLast(([start]) => start <= at);
    if (page && this.isLed) window.dispatchEvent(new CustomEvent(PAGE, { detail: page[1] }));
  }

  goToPage(number) {
    this.isLed = false;
    const page = this.pages.find(([, each]) => each === number);
    if (!page) return;
    completeAll(this.text);
    const lines = [...this.text.querySelectorAll("p[data-at], td[data-at], th[data-at]")];
    const line = lines.findLast((each) => Number(each.dataset.at) <= page[0]);
    line?.scrollIntoView({ block: "start" });
  }
}

function completeAll(text) {
  for (const block of text.querySelectorAll(".block")) complete(block);
}

// Returns where in the text stands what is being read, or null. On a narrow screen the picture is
// above the text; at the end of the text, what cannot come higher counts.
function placeAt(text) {
  const { left, width, top, bottom } = text.getBoundingClientRect();
  const above = findAll("figure.original")[0]?.getBoundingClientRect();
  const isBelow = above && above.left < left + width && above.right > left;
  const eye = isBelow ? above.bottom + 20 : innerHeight * EYE;
  const y = top < 0 && bottom < innerHeight ? Math.max(eye, bottom - 30) : eye;
  if (top > y) return 0;
  for (const dy of [0, 20, -20, 40, -40]) {
    const hit = text.getRootNode().elementFromPoint(left + width / 4, y + dy);
    const line = hit && text.contains(hit) ? hit.closest("[data-at]") : null;
    if (line) return Number(line.dataset.at);
  }
  return null;
}

// Opens, closes or shows what a click asks for.
function unfold(target) {
  const page = target.closest("button.page");
  if (page) showPage(page);
  const fold = target.closest(".fold");
  if (fold) setOpen(fold.parentElement, !isOpen(fold.parentElement));
  const switched = target.closest("[data-contents], [data-zoom]");
  if (!switched) return;
  const holder = switched.closest("aside, figure");
  const name = switched.dataset.zoom ? "aria-pressed" : "aria-expanded";
  switched.setAttribute(name, holder.classList.toggle("open"));
}

// Marks the last heading that begins before `at`; the levels on the way to it open, and those that
// were opened so before close again.
function showInOutline(nav, at) {
  let list = nav.querySelector("ul");
  let current = null;
  const way = [];
  while (list) {
    const entry = lastBefore(list.children, at);
    if (!entry) break;
    current = entry;
    way.push(entry);
    list = entry.querySelector(":scope > ul");
    if (list) complete(list);
  }
  for (const entry of nav.querySelectorAll("li[data-opened]")) {
    if (!way.includes(entry)) setOpen(entry, false);
  }
  for (const entry of way.slice(0, -1)) {
    if (!isOpen(entry)) setOpen(entry, true), (entry.dataset.opened = "1");
  }
  nav.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const button = current?.querySelector(":scope > [data-jump]");
  if (!button) return;
  button.setAttribute("aria-current", "true");
  const aside = nav.closest("aside");
  const { top, bottom } = button.getBoundingClientRect();
  const frame = aside.getBoundingClientRect();
  if (aside.matches(":hover") || (top >= frame.top && bottom <= frame.bottom)) return;
  aside.scrollTop += top - frame.top - frame.height / 3;
}

function lastBefore(entries, at) {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(entries[middle].dataset.from) <= at) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}

const isOpen = (entry) => entry.firstElementChild.getAttribute("aria-expanded") === "true";

function setOpen(entry, open) {
  complete(entry.lastElementChild);
  entry.firstElementChild.setAttribute("aria-expanded", open);
  delete entry.dataset.opened;
}

// The small bar that offers to cite: the paragraph or row under the pointer or with the focus, or
// what was selected. It is one for the whole text; what it leads to is this page with another mark.
class CiteBar {
  constructor(text, signal) {
    this.text = text;
    this.bar = document.createElement("div");
    this.bar.className = "cite-bar";
    this.bar.hidden = true;
    text.append(this.bar);
    const on = (target, names, react) => {
      for (const name of names) target.addEventListener(name, react, { signal });
    };
    on(text, ["pointerover", "focusin", "click"], (event) => this.offer(event));
    on(text, ["pointerleave"], () => this.selection() || this.hide());
    on(text, ["keydown"], (event) => this.press(event));
    on(document, ["selectionchange"], () => this.offerSelection());
    signal.addEventListener("abort", () => this.bar.remove());
  }

  hide() {
    if (!this.bar.contains(this.text.getRootNode().activeElement)) this.bar.hidden = true;
  }

  offer(event) {
    if (this.bar.contains(event.target) || this.selection()) return;
    const unit = unitOf(event.target);
    if (!unit) return;
    if (event.type === "click") unit.tabIndex = -1, unit.focus({ preventScroll: true });
    this.show(unit.getBoundingClientRect(), placesOf(unit, this.text.dataset));
  }

  offerSelection() {
    const range = this.selection();
    const place = range && placeOf(range, this.text);
    if (place) this.show(lastRect(range), [[this.text.dataset.citeChosen, ...place]]);
  }

  // Returns what is selected of the text, if anything is.
  selection() {
    const root = this.text.getRootNode();
    const chosen = root.getSelection?.() ?? document.getSelection();
    let range = chosen?.rangeCount ? chosen.getRangeAt(0) : null;
    const [composed] = chosen?.getComposedRanges?.({ shadowRoots: [root] }) ?? [];
    if (composed && root.contains(composed.startContainer) && root.contains(composed.endContainer)) {
      range = document.createRange();
      range.setStart(composed.startContainer, composed.startOffset);
      range.setEnd(composed.endContainer, composed.endOffset);
    }
    return range && !range.collapsed && this.text.contains(range.commonAncestorContainer) ? range : null;
  }

  show({ top }, places) {
    this.bar.replaceChildren(...places.map(([name, start, end]) => citeLink(name, start, end)));
    this.bar.hidden = false;
    const frame = this.text.getBoundingClientRect();
    this.bar.style.top = `${top - frame.top}px`;
  }

  press(event) {
    const unit = unitOf(event.target);
    if (event.key === "Enter" && event.target === unit) this.bar.querySelector("a")?.click();
    else if (event.key === "ArrowDown" && event.target === unit) stepThrough(1, unit);
    else if (event.key === "ArrowUp" && event.target === unit) stepThrough(-1, unit);
    else if (event.key === "Escape") this.bar.hidden = true;
    else return;
    event.preventDefault();
  }
}

const unitOf = (element) => element.closest?.(".text p[data-at], .text tr[data-row]");

// Returns the places that a paragraph or row offers, each with its name.
function placesOf(unit, { cite, citeRow, citeClause }) {
  if (unit.dataset.row) return [[citeRow, ...unit.dataset.row.split("-")]];
  const start = Number(unit.dataset.at);
  const own = [cite, start, start + lengthOf(unit.textContent)];
  return unit.dataset.clause ? [own, [citeClause, ...unit.dataset.clause.split("-")]] : [own];
}

// Python counts characters, JavaScript halves of some.
function lengthOf(words) {
  let length = words.length;
  for (const unit of words) if (unit.length > 1) length -= 1;
  return length;
}

// Returns where a range begins and ends in the text, or null where that cannot be told.
function placeOf(range, text) {
  const start = offsetOf(range.startContainer, range.startOffset, text);
  const end = offsetOf(range.endContainer, range.endOffset, text);
  return start !== null && end !== null && start < end ? [start, end] : null;
}

function offsetOf(node, offset, text) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const line = element.closest("[data-at]");
  if (line && text.contains(line)) {
    const before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(node, offset);
    return Number(line.dataset.at) + lengthOf(before.toString());
  }
  const next = element.children?.[offset]; // a whole paragraph was selected: its end is the next one
  const following = next?.matches("[data-at]") ? next : next?.querySelector("[data-at]");
  return following ? Number(following.dataset.at) : null;
}

function lastRect(range) {
  const rects = range.getClientRects();
  return rects[rects.length - 1] ?? range.getBoundingClientRect();
}

function citeLink(name, start, end) {
  const place = new URL(location);
  place.searchParams.set("start", start);
  place.searchParams.set("end", end);
  if (place.searchParams.has("original")) place.searchParams.set("original", "on");
  const link = document.createElement("a");
  link.href = place.href;
  link.textContent = name;
  return link;
}

// Moves the focus to the paragraph after or before `from`, or to the one that is being read.
function stepThrough(step, from) {
  const text = findAll(".document .text")[0];
  if (!text) return false;
  const units = [...text.querySelectorAll("p[data-at], tr[data-row]")];
  let at = units.indexOf(from && unitOf(from));
  if (at < 0) {
    const place = placeAt(text) ?? 0;
    at = units.findLastIndex((unit) => Number(unit.dataset.at ?? unit.dataset.row.split("-")[0]) <= place) - step;
  }
  const unit = units[Math.max(0, Math.min(units.length - 1, at + step))];
  unit.tabIndex = -1;
  unit.focus();
  unit.scrollIntoView({ block: "nearest" });
  return true;
}

// The number of a page in the text shows its picture.
function showPage(button) {
  const number = Number(button.dataset.leaf);
  if (findAll("figure.original").length) {
    window.dispatchEvent(new CustomEvent(PAGE, { detail: number }));
    return;
  }
  const place = new URL(location);
  place.searchParams.set("original", number);
  visit(place);
}

// Turns the picture to the page that is being read, and by hand; the address says which is shown.
function turnAlong(figure, setTriggerValue, signal) {
  figure.querySelector(".picture")?.scrollTo(0, 0);
  const turn = (number) => {
    if (String(number) === figure.dataset.shown) return;
    figure.dataset.shown = number;
    const place = new URL(location);
    place.searchParams.set("original", number);
    history.replaceState(history.state, "", place);
    setTriggerValue("turned", number);
  };
  window.addEventListener(PAGE, ({ detail }) => turn(detail), { signal });
  figure.addEventListener("click", (event) => {
    const button = event.target.closest("[data-leaf]");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    turn(Number(button.dataset.leaf));
    window.dispatchEvent(new CustomEvent(TURNED, { detail: Number(button.dataset.leaf) }));
  }, { signal });
}
