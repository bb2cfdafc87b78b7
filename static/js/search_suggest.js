/* Names while somebody types in a search box: a list to choose from, by the keys that people know from elsewhere
   (the combobox pattern of the ARIA Authoring Practices). Without this file the box searches as it always did. */

const PAUSE = 200;
const SHORTEST = 2;

const dress = (field) => {
  const list = document.createElement("ul");
  const spoken = document.createElement("span");
  const known = new Map();
  let pause, asked, chosen = -1, typed = field.value;

  list.id = `${field.id}-names`;
  list.className = "names";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.suggestLabel);
  spoken.className = "vh";
  spoken.setAttribute("role", "status");
  field.after(list, spoken);
  Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    autocapitalize: "off", spellcheck: "false",
  }).forEach(([name, value]) => field.setAttribute(name, value));

  const close = () => {
    clearTimeout(pause);
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (number) => {
    const rows = [...list.children];
    chosen = (number + rows.length + 2) % (rows.length + 1) - 1;
    rows.forEach((row, each) => row.setAttribute("aria-selected", String(each === chosen)));
    field.value = chosen < 0 ? typed : rows[chosen].textContent;
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", rows[chosen].id);
      rows[chosen].scrollIntoView({ block: "nearest" });
    }
  };

  const show = (names) => {
    list.replaceChildren(...names.map((name, number) => {
      const row = document.createElement("li");
      row.id = `${list.id}-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.textContent = name;
      return row;
    }));
    close();
    list.hidden = !names.length;
    field.setAttribute("aria-expanded", String(Boolean(names.length)));
    spoken.textContent = `${names.length} ${field.dataset.suggestFound}`;
  };

  const ask = async () => {
    const words = field.value.trim();
    if (words.length < SHORTEST) return close();
    asked?.abort();
    asked = new AbortController();
    try {
      if (!known.has(words)) {
        const url = `${field.dataset.suggest}?${new URLSearchParams({ q: field.value })}`;
        const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "application/x-suggestions+json" } });
        if (!answer.ok) return close();
        known.set(words, (await answer.json())[1]);
      }
      if (words === field.value.trim() && document.activeElement === field) show(known.get(words));
    } catch {
      close(); /* offline, or something newer was typed: the box still searches */
    }
  };

  field.addEventListener("input", () => {
    typed = field.value;
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      field.value = typed;
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
      event.preventDefault();
      if (list.hidden) ask();
      else choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" || event.key === "Tab") {
      clearTimeout(pause);
      asked?.abort();
      close();
    }
  });
  field.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (!row) return;
    field.value = row.textContent;
    close();
    field.form.requestSubmit();
  });
};

document.querySelectorAll("input[data-suggest]").forEach(dress);
