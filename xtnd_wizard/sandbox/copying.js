// A button beside each value that copies it. Where the browser won't let a page copy, it selects the value instead.
const words = document.body.dataset;

function say(button, done, label) {
  button.textContent = done;
  button.setAttribute("aria-label", `${done}: ${label}`);
}

for (const value of document.querySelectorAll(".value code")) {
  const label = value.previousElementSibling.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.setAttribute("aria-live", "polite");
  say(button, words.copy, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(value.textContent);
      say(button, words.copied, label);
    } catch {
      getSelection().selectAllChildren(value);
    }
  });
  value.after(button);
}
