/** Start the page, or show why it cannot start. */

import { find } from "./dom.js";

try {
  const [{ loadConfig }, { Page }] = await Promise.all([import("./config.js"), import("./page.js")]);
  new Page(await loadConfig()).show();
} catch (error) {
  const broken = find(document, "#broken", HTMLElement);
  broken.hidden = false;
  broken.textContent = `This page cannot start: ${/** @type {Error} */ (error).message}`;
}
