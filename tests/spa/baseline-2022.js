/**
 * Removes what the oldest supported browsers lack: Safari 16, Chrome 105 and Firefox 105 (Baseline 2022, and
 * AbortSignal.throwIfAborted and timeout, which some of 2022 lack).
 *
 * Node loads it before a program (`node --import`), and Playwright before a page (`add_init_script`).
 */

{
  // Node loads fetch at its first use, and needs what is removed here.
  void globalThis.Response;
  const MISSING = {
    "Array": ["fromAsync"],
    "Array.prototype": ["toReversed", "toSorted", "toSpliced", "with"],
    "ArrayBuffer.prototype": ["resize", "transfer"],
    "Promise": ["try", "withResolvers"],
    "Object": ["groupBy"],
    "Map": ["groupBy"],
    "Set.prototype": ["difference", "intersection", "isDisjointFrom", "isSubsetOf", "isSupersetOf", "symmetricDifference", "union"],
    "Iterator.prototype": ["drop", "every", "filter", "find", "flatMap", "forEach", "map", "reduce", "some", "take", "toArray"],
    "Intl": ["DurationFormat", "Segmenter"],
    "AbortSignal": ["any", "timeout"],
    "AbortSignal.prototype": ["throwIfAborted"],
    "URL": ["canParse", "parse"],
    "URLSearchParams.prototype": ["size"],
    "Headers.prototype": ["getSetCookie"],
    "Response": ["json"],
    "Response.prototype": ["bytes"],
    "globalThis": ["Iterator"],
  };
  // Node has no pages, and its fetch needs the methods of strings and streams.
  const ONLY_IN_BROWSERS = {
    "Document.prototype": ["startViewTransition"],
    "Element.prototype": ["checkVisibility", "getHTML", "setHTMLUnsafe"],
    "HTMLDialogElement.prototype": ["closedBy", "requestClose"],
    "HTMLElement.prototype": ["hidePopover", "popover", "showPopover", "togglePopover"],
    "ReadableStream.prototype": [Symbol.asyncIterator, "values"],
    "String.prototype": ["isWellFormed", "toWellFormed"],
    "globalThis": ["navigation", "scheduler"],
  };
  for (const missing of [MISSING, ...(globalThis.document ? [ONLY_IN_BROWSERS] : [])]) {
    for (const [path, names] of Object.entries(missing)) {
      const owner = path.split(".").reduce((object, name) => object[name], globalThis);
      for (const name of names) {
        // A name that exists nowhere would test nothing.
        if (!(name in owner)) throw new Error(`${path} has no ${String(name)}`);
        delete owner[name];
        if (name in owner) throw new Error(`${path}.${String(name)} cannot be removed`);
      }
    }
  }
}
