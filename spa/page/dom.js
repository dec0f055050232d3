/** Find elements, and keep the focus on one. */

/**
 * Return the element that a selector matches, or throw if the page has none of that class.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind The element's class.
 * @returns {Kind}
 */
export function find(root, selector, kind) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new Error(`The page has no ${kind.name} ${selector}.`);
}

/**
 * Focus an element if the focused one has disappeared, so that keyboard and screen reader users keep their place.
 *
 * @param {HTMLElement} element
 */
export function focusIfLost(element) {
  const focused = document.activeElement;
  if (focused === document.body || !focused?.checkVisibility()) element.focus();
}
