/* Conveniences only: every task works without this file. */

const menus = () => document.querySelectorAll("details.drop[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

document.addEventListener("click", (event) => {
  menus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  if (event.target.closest("[data-print]")) window.print();
});

/* How many characters are left, said to screen readers only after a pause in typing. */
document.querySelectorAll("[data-count-for]").forEach((note) => {
  const field = document.getElementById(note.dataset.countFor);
  if (!field) return;
  const spoken = document.createElement("span");
  spoken.className = "vh";
  spoken.setAttribute("aria-live", "polite");
  note.after(spoken);
  field.removeAttribute("maxlength");
  let pause;
  const show = () => {
    const left = Number(note.dataset.max) - field.value.length;
    note.textContent = `${Math.abs(left)} ${left < 0 ? note.dataset.over : note.dataset.left}`;
    note.classList.toggle("over", left < 0);
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = note.textContent; }, 1000);
  };
  field.addEventListener("input", show);
  show();
});

/* The section being read, in the contents list beside it. */
const links = new Map(
  [...document.querySelectorAll(".contents a[href^='#']")].map((link) => [link.hash.slice(1), link]),
);
if (links.size && "IntersectionObserver" in window) {
  const seen = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(entry.target.id).setAttribute("aria-current", "true");
    });
  }, { rootMargin: "0px 0px -70% 0px" });
  links.forEach((link, id) => {
    const heading = document.getElementById(id);
    if (heading) seen.observe(heading);
  });
}


/* On a narrow screen the filters start folded, so that the results come first. */
const narrow = window.matchMedia("(max-width: 64rem)");
const fold = () => document.querySelectorAll("details.fold").forEach((filters) => { filters.open = !narrow.matches; });
narrow.addEventListener("change", fold);
fold();
