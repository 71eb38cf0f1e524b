// A button beside each value that copies it, where the browser lets a page do so. Without it, a value is selected by hand.
const words = document.body.dataset;
const values = navigator.clipboard ? document.querySelectorAll(".value code") : [];
for (const value of values) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  button.setAttribute("aria-label", `${words.copy}: ${value.previousElementSibling.textContent}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(value.textContent);
    button.textContent = words.copied;
    button.setAttribute("aria-live", "polite");
  });
  value.after(button);
}
