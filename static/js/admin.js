// Names for what the stock admin leaves nameless to screen readers. Nothing here is needed to work in it.

const words = (node) => node.textContent.replace(":", "").trim();

// A search-as-you-type box takes the name of the field's label, or of its column.
function nameBoxes(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    const cell = select.closest("td");
    const label = document.querySelector(`label[for="${select.id}"]`)
      || (cell && select.closest("table").tHead.rows[0].cells[cell.cellIndex]);
    if (!box || !label) continue;
    const shown = box.querySelector(".select2-selection__rendered");
    for (const part of [box, shown]) {
      if (!part) continue;
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", words(label));
    }
  }
}

// Empty heads of columns that hold a row's own name, or nothing, are no heads.
function emptyHeads(root) {
  for (const head of root.querySelectorAll(".tabular thead th")) {
    if (words(head) === "") head.replaceWith(Object.assign(document.createElement("td"), {className: head.className}));
  }
}

emptyHeads(document);
window.django?.jQuery?.(() => nameBoxes(document)); // after the boxes are made, which happens in the same queue
document.addEventListener("formset:added", (event) => nameBoxes(event.target));
