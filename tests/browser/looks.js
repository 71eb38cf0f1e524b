/* What is wrong on a page for a keyboard, a screen reader or weak eyes, and what axe does not look for. */
([language]) => {
  const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  const all = (parts) => [...document.querySelectorAll(parts)].filter(shown);
  const wrong = [];
  const says = (words, found) => { if (found) wrong.push(words); };

  says(`the language is ${document.documentElement.lang}`, document.documentElement.lang !== language);

  const stops = all("a[href], button, input, summary, [role=radio]").filter((stop) => !stop.disabled && stop.tabIndex >= 0);
  for (const stop of stops) {
    const target = stop.matches("input") ? stop.closest("label") ?? stop : stop;
    const { width, height } = target.getBoundingClientRect();
    const isText = getComputedStyle(target).display === "inline";
    says(`${target.outerHTML.slice(0, 90)} is ${width} x ${height}`, !isText && width > 1 && Math.min(width, height) < 23.9);
    says(`${stop.outerHTML.slice(0, 90)} is a link to a heading`, stop.getAttribute("aria-label") === "Link to heading");
  }

  let before = 0;
  const headings = all("h1, h2, h3, h4, h5, [role=heading]");
  for (const heading of headings) {
    const level = Number(heading.getAttribute("aria-level") ?? heading.tagName[1]);
    says(`${heading.innerText}: level ${level} after ${before}`, level > before + 1);
    before = level;
  }
  says("not one h1", headings.filter((heading) => heading.matches("h1")).length !== 1);

  const names = all("button").map((button) => button.getAttribute("aria-label") ?? button.innerText).filter(Boolean);
  for (const name of new Set(names)) {
    says(`several buttons are called "${name}"`, names.filter((other) => other === name).length > 1);
  }
  for (const icon of all('[data-testid="stIconMaterial"], [aria-label$=" icon"]')) {
    says(`the icon ${icon.outerHTML.slice(0, 90)} is read out`, !icon.closest("[aria-hidden=true]"));
  }

  const lightness = (color) => {
    const parts = color.match(/[\d.]+/g).map(Number);
    const [red, green, blue] = parts.map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [lightness(one), lightness(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor;
  for (const input of all('input:not([type="checkbox"]):not([type="radio"])')) {
    let box = input;
    while (box && parseFloat(getComputedStyle(box).borderTopWidth) === 0) box = box.parentElement;
    const border = box && getComputedStyle(box).borderTopColor;
    says(`the border of ${input.getAttribute("aria-label")} is ${border} on ${ground}`, !border || contrast(border, ground) < 3);
  }

  const english = /\b(the|for|to|show|hide|help|press|open|clear|close|choose|select(ed)?|copy|fullscreen|icon|options?|year|month|results)\b/i;
  if (language !== "en") {
    const spoken = all("[aria-label], [title], [placeholder]").filter((element) => !element.closest("[aria-hidden=true]")).flatMap((element) =>
      ["aria-label", "title", "placeholder"].map((name) => element.getAttribute(name)).filter(Boolean));
    const theirs = all('[data-testid="stSkipToContent"], [data-testid="InputInstructions"], [id^="react-aria-description"]');
    for (const words of [...spoken, ...theirs.map((element) => element.textContent)]) {
      says(`"${words}" is English`, english.test(words));
    }
  }
  return wrong;
}
