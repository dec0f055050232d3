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
  broken.textContent = `This page cannot start: ${reasonOf(error)}`;
}

/** @param {any} error */
function reasonOf(error) {
  // The browser's own text is for developers.
  if (error?.name !== "SecurityError") return error.message;
  return "your browser does not let it store anything. Allow cookies and site data for it, and reload it.";
}
