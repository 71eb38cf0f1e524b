/* What a keyboard and a screen reader need and Streamlit has no call for. Pages ask for it in hidden marks, which
   `assistive.py` draws; this file reads them after every change of the page, and does nothing twice. */

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), textarea, summary, [tabindex='0']";
const marks = (name) => [...document.querySelectorAll(`.assistive[data-${name}]`)].map((mark) => mark.dataset);
const within = (key, parts) => document.querySelector(`.st-key-${CSS.escape(key)}`)?.querySelector(parts);
const settled = () => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning";

/* Live regions are there before anything is said in them, or it would not be heard. */
const region = (role) => {
  const made = document.createElement("div");
  made.setAttribute("role", role);
  made.className = "live-region";
  return document.body.appendChild(made);
};
const polite = region("status");
const urgent = region("alert");
const HEARD_AFTER = 10_000;
const done = new Set();

function once(number) {
  const isNew = !done.has(number);
  done.add(number);
  return isNew;
}

function announce() {
  for (const mark of marks("announce").filter((mark) => once(mark.number))) {
    const said = document.createElement("p");
    said.textContent = mark.announce;
    (mark.urgent === "true" ? urgent : polite).append(said);
    setTimeout(() => said.remove(), HEARD_AFTER);
  }
}

/* The focus: on the heading of a new page, where it was on the same one. */
let page;
let left = null;
let last = null;

function identityOf(element) {
  const keyed = element.closest('[class*="st-key-"]');
  const key = keyed && [...keyed.classList].find((name) => name.startsWith("st-key-"));
  return key ? `.${key} ${element.tagName.toLowerCase()}` : "";
}

addEventListener("focusin", ({ target }) => {
  const around = [];
  for (let step = target.parentElement; step && step !== document.body; step = step.parentElement) around.push(step);
  last = { element: target, identity: identityOf(target), around };
});
addEventListener("focusout", ({ target }) => {
  /* Left by the person, not by a redrawing, if it is still there. */
  setTimeout(() => {
    if (last?.element === target && target.isConnected && document.activeElement === document.body) last = null;
  });
});

function followPage() {
  const [now] = marks("page");
  if (!now) return;
  if (document.documentElement.lang !== now.language) document.documentElement.lang = now.language;
  const heading = document.querySelector("h1");
  if (page !== undefined && now.page !== page) {
    left = { heading, words: heading?.textContent };
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  }
  page = now.page;
  const arrived = left && heading && (heading !== left.heading || heading.textContent !== left.words || settled());
  if (arrived) {
    left = null;
    focusOn(heading);
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  }
}

function focusOn(element) {
  if (!element.matches(FOCUSABLE)) element.tabIndex = -1;
  element.focus({ preventScroll: element.matches("h1") });
}

function keepFocus() {
  if (left || !last || last.element.isConnected || document.activeElement !== document.body || !settled()) return;
  const same = last.identity && document.querySelector(last.identity);
  const nearest = last.around.find((element) => element.isConnected && !element.matches('[data-testid="stApp"]'));
  focusOn(same || nearest?.querySelector(FOCUSABLE) || document.querySelector("h1") || document.body);
}

function moveFocus() {
  for (const mark of marks("focus").filter((mark) => !done.has(mark.number))) {
    const target = within(mark.focus, FOCUSABLE);
    if (target && !left && once(mark.number)) focusOn(target);
  }
}

/* Names and errors. */
function nameButtons() {
  for (const mark of marks("button")) {
    const button = within(mark.button, "button");
    if (button && button.getAttribute("aria-label") !== mark.name) button.setAttribute("aria-label", mark.name);
  }
}

function tieErrors() {
  const invalid = new Map(marks("invalid").map((mark) => [within(mark.invalid, "input, textarea"), mark.error]));
  for (const field of document.querySelectorAll("[data-tied]")) {
    if (invalid.has(field)) continue;
    field.setAttribute("aria-invalid", "false");
    field.removeAttribute("aria-describedby");
    delete field.dataset.tied;
  }
  for (const [field, key] of invalid) {
    const error = document.querySelector(`.st-key-${CSS.escape(key)}`);
    if (!field || !error) continue;
    if (error.id !== key) error.id = key;
    if (field.getAttribute("aria-invalid") !== "true") field.setAttribute("aria-invalid", "true");
    if (field.getAttribute("aria-describedby") !== key) field.setAttribute("aria-describedby", key);
    field.dataset.tied = "true";
  }
}

/* Streamlit's own words. What stands between braces in ours and in theirs is taken over as it is. */
const SPOKEN = ["aria-label", "title", "placeholder"];
const THEIRS = '[data-testid="InputInstructions"], [data-testid="stSkipLink"], a[href="#stMain"]';
let strings = "";
let translations = [];

function translated(words) {
  for (const { theirs, ours } of translations) {
    const found = theirs.exec(words);
    if (found) return ours.replace(/\{\w+\}/, found[1] ?? "");
  }
  return words;
}

function readStrings() {
  const now = marks("page")[0]?.strings;
  if (now === undefined || now === strings) return;
  strings = now;
  translations = Object.entries(JSON.parse(now)).map(([words, ours]) => {
    const literal = words.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/, "(.*)");
    return { theirs: new RegExp(`^${literal}$`, "s"), ours };
  });
}

function translate() {
  readStrings();
  if (!translations.length) return;
  for (const name of SPOKEN) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const words = element.getAttribute(name);
      const ours = translated(words);
      if (ours !== words) element.setAttribute(name, ours);
    }
  }
  for (const element of document.querySelectorAll(THEIRS)) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const ours = translated(walker.currentNode.data);
      if (ours !== walker.currentNode.data) walker.currentNode.data = ours;
    }
  }
}

function update() {
  followPage();
  translate();
  nameButtons();
  tieErrors();
  announce();
  moveFocus();
  keepFocus();
}

let due = false;
new MutationObserver(() => {
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    update();
  });
}).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true });
update();
