/** Start the page, or show why it cannot start. */

import { loadConfig } from "./config.js";
import { find } from "./dom.js";
import { Page } from "./page.js";

const broken = find(document, "#broken", HTMLElement);
broken.textContent = "";
try {
  new Page(await loadConfig()).show();
} catch (error) {
  broken.classList.add("failed");
  broken.textContent = `This page cannot start: ${/** @type {Error} */ (error).message}`;
}
