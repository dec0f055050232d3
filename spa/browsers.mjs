/** The oldest browsers that the page and the client support: those of Baseline 2022. */
export const BROWSERS = ["chrome105", "firefox105", "safari16"];
