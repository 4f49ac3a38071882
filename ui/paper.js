// Builds what ui/paper.py describes. Text becomes text nodes; nothing is parsed.

document.documentElement.lang = "zh";

function build(node) {
  if (typeof node === "string") return document.createTextNode(node);
  const [tag, attributes, ...children] = node;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map(build));
  return element;
}

// A page change inside the application: Streamlit follows the address as it does on "back", so
// the address is the only state and both directions of the browser's history work.
function follow(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

function scroll(root, selector) {
  if (selector) root.querySelector(selector)?.scrollIntoView({ block: "center" });
}

// The clipboard's own interface is there only on https and on this machine; elsewhere the old way
// is tried. What was copied is shown, so that it can be taken by hand where both are refused.
async function copy(button) {
  const text = button.dataset.copy;
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

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".paper");
  root.replaceChildren(...data.nodes.map(build));
  root.onclick = (event) => {
    const link = event.target.closest("a[href]");
    if (link?.href === location.href) event.preventDefault(), scroll(root, data.scroll_to);
    else if (link) follow(event, link);
    const button = event.target.closest("[data-jump]");
    if (button) scroll(root, button.dataset.jump);
    const copying = event.target.closest("[data-copy]");
    if (copying) copy(copying);
  };
  root.onkeydown = (event) => {
    if (event.key === "Escape") event.target.closest(".cited > a")?.blur(); // puts its card away
  };
  if (root.dataset.visit !== data.visit) {
    root.dataset.visit = data.visit;
    // Blocks out of sight have estimated heights until they are near: look again when they are.
    for (const delay of [0, 150, 500]) setTimeout(() => scroll(root, data.scroll_to), delay);
  }
}
