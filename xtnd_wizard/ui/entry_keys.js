// What a form does that Streamlit's single fields don't: no value passes through here.
// A message is read as soon as it is pasted, Enter in a field presses the button below the form, and a text of several
// lines pasted into a field of one line goes to the box for messages with its lines.
const write = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set

export default function () {
  const box = () => document.querySelector(".st-key-enter_message textarea")
  const field = (event) => event.target.closest?.('[class*="st-key-input_"] input')

  const pasted = (event) => {
    if (event.target === box()) {
      setTimeout(() => event.target.blur(), 50)
      return
    }
    const text = event.clipboardData?.getData("text") ?? ""
    if (!field(event) || !box() || !text.trim().includes("\n")) return
    event.preventDefault()
    write.call(box(), text)
    box().dispatchEvent(new Event("input", { bubbles: true }))
    box().focus()
    setTimeout(() => box()?.blur(), 50)
  }

  const pressed = (event) => {
    if (event.key !== "Enter" || event.isComposing || !field(event)) return
    event.target.blur()
    setTimeout(() => document.querySelector('[class*="st-key-check_"] button')?.click(), 50)
  }

  document.addEventListener("paste", pasted)
  document.addEventListener("keydown", pressed)
  return () => {
    document.removeEventListener("paste", pasted)
    document.removeEventListener("keydown", pressed)
  }
}
