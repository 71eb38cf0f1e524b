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
    const target = within(mark.focus, "input, textarea") ?? within(mark.focus, FOCUSABLE);
    if (target && !left && once(mark.number)) focusOn(target);
  }
}

/* Streamlit's own way past the header ends before it. */
addEventListener("click", (event) => {
  const heading = event.target.closest?.('[data-testid="stSkipToContent"]') && document.querySelector("h1");
  if (!heading) return;
  event.preventDefault();
  focusOn(heading);
});

/* Names, headings and errors. */
const set = (element, name, value) => element.getAttribute(name) === value || element.setAttribute(name, value);

function nameButtons() {
  for (const mark of marks("button")) {
    const button = within(mark.button, "button");
    if (button) set(button, "aria-label", mark.name);
  }
}

/* Two fields have two such buttons. */
function nameByField() {
  for (const button of document.querySelectorAll('[data-testid="stTextInputRootElement"] button[aria-label]')) {
    const field = button.closest('[data-testid="stTextInputRootElement"]').querySelector("input")?.ariaLabel;
    const name = button.getAttribute("aria-label");
    if (field && !name.endsWith(`: ${field}`)) button.setAttribute("aria-label", `${name}: ${field}`);
  }
}

/* An icon stands beside words that say the same; read out it is "arrow forward" or "edit icon". */
function silenceIcons() {
  for (const icon of document.querySelectorAll('[data-testid="stIconMaterial"], [role="img"][aria-label$=" icon"]')) {
    set(icon, "aria-hidden", "true");
  }
}

/* Headings are chosen for their size. Their levels follow one another. */
function levelHeadings() {
  for (const mark of marks("heading")) {
    const words = within(mark.heading, '[data-testid="stText"]');
    if (words) set(words, "role", "heading");
  }
  let before = 1;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, [data-testid="stText"][role="heading"]')) {
    const own = Number(/^H(\d)$/.exec(heading.tagName)?.[1] ?? 2);
    const level = Math.min(own, before + 1);
    if (level !== own || !heading.matches("h1, h2, h3, h4")) set(heading, "aria-level", String(level));
    else heading.removeAttribute("aria-level");
    before = level;
  }
}

function tieErrors() {
  const invalid = new Map(marks("invalid").map((mark) => [within(mark.invalid, "input, textarea"), mark.error]));
  for (const field of document.querySelectorAll("[data-tied]")) {
    if (invalid.has(field)) continue;
    field.setAttribute("aria-invalid", "false");
    field.removeAttribute("aria-describedby");
    field.removeAttribute("data-tied");
  }
  for (const [field, key] of invalid) {
    const error = document.querySelector(`.st-key-${CSS.escape(key)}`);
    if (!field || !error) continue;
    if (error.id !== key) error.id = key;
    set(field, "aria-invalid", "true");
    set(field, "aria-describedby", key);
    set(field, "data-tied", "true");
  }
}

/* Streamlit's own words. What stands between braces in ours and in theirs is taken over as it is. */
const SPOKEN = ["aria-label", "title", "placeholder"];
const WRITTEN = [
  '[data-testid="stSkipToContent"]',
  '[data-testid="InputInstructions"]',
  '[data-testid="stTooltipContent"]',
  "[data-live-announcer]",
  '[id^="react-aria-description"]',
  '[role="listbox"]',
].join();
let strings = "{}";
let translations = [];

function readStrings() {
  const now = marks("page")[0]?.strings ?? strings;
  if (now === strings) return;
  strings = now;
  translations = Object.entries(JSON.parse(now)).map(([words, ours]) => {
    const literal = words.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/, "(.+)");
    return { theirs: new RegExp(`^${literal}$`, "s"), ours };
  });
}

function inOurs(taken) {
  const date = /^[A-Z]\w+ \d+, \d{4}$/.test(taken) && new Date(taken);
  return date ? date.toLocaleDateString(document.documentElement.lang, { dateStyle: "long" }) : taken;
}

function translated(words) {
  for (const { theirs, ours } of translations) {
    const found = theirs.exec(words.trim());
    if (found) return ours.replace(/\{\w+\}/, () => inOurs(found[1]));
  }
  return words;
}

function translate() {
  readStrings();
  if (!translations.length) return;
  for (const name of SPOKEN) {
    for (const element of document.querySelectorAll(`[${name}]`)) set(element, name, translated(element.getAttribute(name)));
  }
  for (const element of document.querySelectorAll(WRITTEN)) {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const ours = translated(texts.currentNode.data);
      if (ours !== texts.currentNode.data) texts.currentNode.data = ours;
    }
  }
}

function update() {
  followPage();
  translate();
  nameButtons();
  nameByField();
  silenceIcons();
  levelHeadings();
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
