// What a page has around its contents: its language, Streamlit's own English words in the reader's
// script, what was typed and not sent (drafts.js), and the browser's memory of what was chosen.

// Where such words stand as text: the way past the navigation, what is read out of a list, the
// window that says that the program is gone.
const PLAIN = [
  '[data-testid="stSkipToContent"]', '[role="log"] > div',
  '[role="dialog"] > h2', '[role="dialog"] > h2 + div > div',
].join();
let words = []; // [pattern, replacement] of what Streamlit calls its own controls

function translated(text) {
  for (const [pattern, replacement] of words) {
    if (pattern.test(text)) return text.replace(pattern, replacement);
  }
  return text;
}

function translate() {
  for (const name of ["aria-label", "placeholder", "title"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const said = element.getAttribute(name);
      const meant = translated(said);
      if (meant !== said) element.setAttribute(name, meant);
    }
  }
  for (const element of document.querySelectorAll(PLAIN)) {
    const text = element.firstChild;
    if (text?.nodeType !== Node.TEXT_NODE) continue;
    const meant = translated(text.data);
    if (meant !== text.data) text.data = meant;
  }
}

let waiting = false;

// Streamlit names a control when it draws it; many are drawn at once.
const observer = new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    translate();
    bringDrafts();
  });
});

export default function ({ data }) {
  document.documentElement.lang = data.language;
  words = data.words.map(([pattern, replacement]) => [new RegExp(pattern), replacement]);
  if (data.cookie) document.cookie = data.cookie;
  translate();
  bringDrafts();
  document.addEventListener("input", noteDraft);
  for (const name of ["keydown", "click"]) document.addEventListener(name, dropDrafts, true);
  observer.observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label", "placeholder"],
  });
}
