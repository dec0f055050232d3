/** Finding elements, and keeping the focus among them. */

/**
 * Returns the one element that a page cannot do without.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind The class that the element has.
 * @returns {Kind}
 */
export function find(root, selector, kind) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new Error(`The page has no ${kind.name} ${selector}.`);
}

/**
 * Gives the focus a place where what had it is gone, so that keyboard and screen reader go on from there.
 *
 * @param {HTMLElement} element
 */
export function focusIfLost(element) {
  const focused = document.activeElement;
  if (focused === document.body || !focused?.checkVisibility()) element.focus();
}
