// Builds what ui/paper.py describes, and follows its links. Text becomes text nodes; nothing is parsed.

function build(node) {
  if (typeof node === "string") return document.createTextNode(node);
  const [tag, attributes, ...children] = node;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (attributes["data-later"]) element.later = children[0];
  else element.append(...children.map(build));
  return element;
}

// Builds what is inside an element that was left for later; see `later` in ui/paper.py.
function complete(element) {
  if (!element.later) return;
  element.append(...JSON.parse(element.later).map(build));
  element.later = null;
}

const childrenOf = (node) => (node[1]["data-later"] ? JSON.parse(node[2]) : node.slice(2));

// Shows nodes in `root`; of those that were there with the same `keep`, what is equal stays as it is,
// with all that the reader has opened and where the eye is.
function showNodes(root, { keep, nodes }) {
  const { shown } = root;
  root.shown = { keep, nodes };
  if (keep && shown?.keep === keep) amendChildren(root, shown.nodes, nodes);
  else root.replaceChildren(...nodes.map(build));
}

function amendChildren(element, was, now) {
  while (element.childNodes.length > Math.min(was.length, now.length)) element.lastChild.remove();
  [...element.childNodes].forEach((child, at) => amend(child, was[at], now[at]));
  element.append(...now.slice(element.childNodes.length).map(build));
}

function amend(child, was, now) {
  if (isSame(was, now)) return;
  if (typeof was === "string" || was[0] !== now[0]) {
    child.replaceWith(build(now));
    return;
  }
  for (const name of Object.keys(was[1])) if (!(name in now[1])) child.removeAttribute(name);
  for (const [name, value] of Object.entries(now[1])) {
    if (was[1][name] !== value) child.setAttribute(name, value);
  }
  if (child.later && now[1]["data-later"]) child.later = now[2];
  else complete(child), amendChildren(child, childrenOf(was), childrenOf(now));
}

function isSame(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, at) => isSame(each, other[at]));
  }
  if (typeof one !== "object" || typeof other !== "object" || Array.isArray(one) !== Array.isArray(other)) {
    return one === other;
  }
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

// A page change inside the application: Streamlit follows the address as it does on "back", so
// the address is the only state and both directions of the browser's history work.
function follow(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  visit(link.href);
}

function visit(address) {
  History.prototype.pushState.call(history, null, "", address); // what going_back.js lets by
  window.dispatchEvent(new PopStateEvent("popstate"));
}
