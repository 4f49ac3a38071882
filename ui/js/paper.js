// Shows what ui/paper.py describes; nodes.js builds it, collecting.js keeps what is collected, each
// of the other scripts does what its head says.

const ARRIVING = 2000; // milliseconds

function scroll(root, selector) {
  if (!selector) return;
  if (!root.querySelector(selector)) completeAll(root);
  const found = root.querySelector(selector);
  found?.scrollIntoView({ block: found.matches(".heading:not(mark)") ? "start" : "center" });
}

// Scrolls there, and again while things above are still given their heights, but not against the
// reader's hand.
function arrive(root, selector) {
  const again = () => scroll(root, selector);
  const watcher = new ResizeObserver(again);
  const stop = () => watcher.disconnect();
  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    window.addEventListener(name, stop, { capture: true, once: true, passive: true });
  }
  again();
  if (selector) watcher.observe(root);
  setTimeout(stop, ARRIVING);
}

// The clipboard's own interface is there only on https and on this machine; elsewhere the old way
// is tried. What was copied is shown, so that it can be taken by hand where both are refused.
async function copy(button) {
  const text = button.dataset.copy ?? location.href;
  const shown = button.parentElement.querySelector(".copied");
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false) || copyOld(text);
  const words = document.createElement("span");
  words.textContent = text;
  shown.replaceChildren(done ? shown.dataset.done : shown.dataset.refused, words);
}

function copyOld(text) {
  const field = document.createElement("textarea");
  const active = document.activeElement;
  field.value = text;
  field.style.position = "fixed";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  active?.focus?.({ preventScroll: true });
  return done;
}

// What is built anew takes the focus from what was there: it goes to what has the same id, from a
// result of another page to the first one.
function focusAgain(root, focused) {
  if (!focused || focused.isConnected) return;
  const same = focused.id && root.getRootNode().getElementById(focused.id);
  const first = focused.closest("article") && root.querySelector("[data-result]");
  (same || first)?.focus({ preventScroll: true });
}

const papers = new Set(); // those on the page
onBasket(() => papers.forEach(showCollected));

export default function ({ data: given, parentElement, setTriggerValue }) {
  const data = given instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(given)) : given;
  const root = parentElement.querySelector(".paper");
  root.end?.();
  const focused = root.getRootNode().activeElement;
  showNodes(root, data);
  focusAgain(root, focused);
  papers.add(root);
  for (const dress of [showCollected, showHistory, showKeys, nameCards]) dress(root);
  root.onclick = (event) => {
    const link = event.target.closest("a[href]");
    if (link && showsCard(link)) event.preventDefault();
    else if (link?.href === location.href) event.preventDefault(), scroll(root, data.scroll_to);
    else if (link) follow(event, link);
    if (link?.matches("[role=tab]") && event.defaultPrevented) showTab(link);
    const button = event.target.closest("[data-jump]");
    if (button) scroll(root, button.dataset.jump);
    unfold(event.target);
    const copying = event.target.closest("[data-copy], [data-copy-address]");
    if (copying) copy(copying);
    const collecting = event.target.closest("[data-collect]");
    if (collecting) collect(collecting);
    if (event.target.closest("[data-forget]")) papers.forEach(forgetHistory);
    if (event.target.closest("[data-keys]")) switchKeys();
  };
  root.onkeydown = moveTab;
  root.onsubmit = sendTicks;
  root.onchange = (event) => (event.target.matches("[data-turn]") ? turnTo(event.target) : tick(event));
  root.querySelectorAll(".picking").forEach(showTicks);
  for (const reached of ["pointerover", "focusin"]) root.addEventListener(reached, placeCard);
  root.addEventListener("pointerdown", touchCard);
  if (root.dataset.visit !== data.visit) {
    root.dataset.visit = data.visit;
    arrive(root, data.scroll_to);
  }
  const end = (root.end = readAlong(root, { setTriggerValue }));
  return () => {
    papers.delete(root);
    end();
  };
}
