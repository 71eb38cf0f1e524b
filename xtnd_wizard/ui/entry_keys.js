/* What the form does that Streamlit's single fields don't; no value leaves the browser by it. A message is read as soon
   as it is pasted, Enter in a field presses the button below the form, and a text of several lines that is pasted into
   a field of one line goes to the box for messages, where it keeps its lines. Tab leaves a field for good. */

const write = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
const box = () => document.querySelector(".st-key-enter_message textarea");
const field = (event) => event.target.closest?.('[class*="st-key-input_"] input');
const AFTER_STREAMLIT_TOOK_IT = 50;

function leave(input) {
  setTimeout(() => input?.blur(), AFTER_STREAMLIT_TOOK_IT);
}

document.addEventListener("paste", (event) => {
  if (event.target === box()) return leave(event.target);
  const text = event.clipboardData?.getData("text") ?? "";
  if (!field(event) || !box() || !text.trim().includes("\n")) return;
  event.preventDefault();
  write.call(box(), text);
  box().dispatchEvent(new Event("input", { bubbles: true }));
  box().focus();
  leave(box());
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !field(event)) return;
  /* Streamlit takes what was typed as the field is left, but not where Tab leads to the eye inside the field. */
  if (event.key === "Tab" || event.key === "Enter") event.target.blur();
  if (event.key !== "Enter") return;
  const button = '[class*="st-key-check_"] button';
  setTimeout(() => document.querySelector(button)?.click(), AFTER_STREAMLIT_TOOK_IT);
});
