// @ts-check
// What a text field does not tell C#: where the caret is, and the keys that belong to its list while that is open.

/** Keeps the keys of an open list from moving the caret. @param {HTMLTextAreaElement} area */
export function watchKeys(area) {
  area.addEventListener("keydown", event => {
    const isOpen = area.getAttribute("aria-expanded") === "true" && !event.isComposing;
    const isOurs = ["ArrowDown", "ArrowUp", "Escape"].includes(event.key) || (event.key === "Enter" && area.hasAttribute("aria-activedescendant"));
    if ((isOpen && isOurs) || (event.ctrlKey && event.key === " ")) event.preventDefault();
  });
}

/** @param {HTMLTextAreaElement} area @returns {number} In UTF-16 code units. */
export function caret(area) {
  return area.selectionStart;
}

/** Writes a text from a place to the caret, as if it had been typed. @param {HTMLTextAreaElement} area @param {number} start @param {string} text */
export function writeText(area, start, text) {
  area.setRangeText(text, start, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}
