/** Find elements, keep the focus on one, and the address of the page. */

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
 * Return all elements that a selector matches and that have the class.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind[]}
 */
export function findAll(root, selector, kind) {
  return [...root.querySelectorAll(selector)].flatMap((element) => (element instanceof kind ? [element] : []));
}

/**
 * Return the nodes of a text that begins with a device's name, whatever the direction of the name's script.
 *
 * @param {string} name
 * @param {string} text
 */
export function withName(name, text) {
  const isolated = document.createElement("bdi");
  isolated.textContent = name;
  return [isolated, text];
}

/**
 * Focus an element if the focused one has disappeared, so that keyboard and screen reader users keep their place.
 *
 * @param {HTMLElement} element
 */
export function focusIfLost(element) {
  const focused = document.activeElement;
  if (focused === document.body || !focused?.getClientRects().length) element.focus();
}

/** Return the page's URL without a device. Its path alone could be read as another host: `//example.com/`. */
export const pageUrl = () => location.href.replace(/#.*/, "");
