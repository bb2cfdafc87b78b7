/* Buttons that copy what stands beside them. Without this file they stay hidden, and the words can be marked by hand. */

const said = document.createElement("span");
said.className = "vh";
said.setAttribute("role", "status");
said.setAttribute("aria-live", "polite");

const say = (button, words) => {
  const label = button.textContent;
  said.textContent = "";
  button.textContent = words;
  setTimeout(() => { said.textContent = words; }, 50);
  setTimeout(() => { button.textContent = label; said.textContent = ""; }, 4000);
};

/* Some browsers show the clipboard to pages with https alone: there the words are marked and copied the old way. */
const copied = async (source) => {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  }
  const range = document.createRange();
  range.selectNodeContents(source);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  const done = document.execCommand("copy");
  selection.removeAllRanges();
  return done;
};

const buttons = document.querySelectorAll("button[data-copy]");
if (buttons.length) document.body.append(said);
buttons.forEach((button) => {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  button.hidden = false;
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    setTimeout(() => { busy = false; }, 4000);
    const done = await copied(source).catch(() => false);
    say(button, done ? button.dataset.copied : button.dataset.failed);
  });
});
