// Whoever goes back while a page is still being answered stays where they went. Streamlit puts the
// address of a page into the bar when the page's run begins, in front of what is there by then: an
// answer that comes late would lead forward again to the page left, with parameters of another.

const NAVIGATION = '[data-testid="stSidebarNavLink"]'; // the links whose address Streamlit writes
let went = null; // the path that the history or a link of our own led to last

window.addEventListener("popstate", () => (went = location.pathname), true);
document.addEventListener("click", (event) => event.target.closest?.(NAVIGATION) && (went = null), true);

history.pushState = function (state, unused, address) {
  if (went === null || new URL(address ?? "", document.baseURI).pathname === went) {
    History.prototype.pushState.call(history, state, unused, address);
  }
};
