// Kentongan: helps for officials, on top of pages that work without them. What each one does: docs/face.md.
(() => {
  "use strict";
  const all = (q, root = document) => [...root.querySelectorAll(q)];
  const make = (tag, props = {}, ...kids) => { const e = Object.assign(document.createElement(tag), props); e.append(...kids); return e; };
  const on = (target, type, run) => target.addEventListener(type, run);

  // Known people offered while a name or number is typed.
  all("input[data-suggest]").forEach((input) => {
    const list = make("ul", { className: "suggestions", id: input.id + "_list", hidden: true, role: "listbox" });
    const wrap = make("div", { className: "suggest" });
    let items = [], at = -1, timer = 0;
    input.replaceWith(wrap); wrap.append(input, list);
    for (const [k, v] of Object.entries({ role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list", autocomplete: "off" })) input.setAttribute(k, v);
    list.setAttribute("aria-label", input.labels[0] ? input.labels[0].innerText : input.name);
    const open = (yes) => { list.hidden = !yes; input.setAttribute("aria-expanded", yes); if (!yes) input.removeAttribute("aria-activedescendant"); };
    const mark = (n) => {
      at = n;
      [...list.children].forEach((li, i) => li.setAttribute("aria-selected", i === n));
      if (n >= 0) { input.setAttribute("aria-activedescendant", list.children[n].id); list.children[n].scrollIntoView({ block: "nearest" }); }
    };
    const pick = (item) => { for (const [name, value] of Object.entries(item.fields)) { const e = input.form.elements[name]; if (e) { e.value = value; e.dispatchEvent(new Event("change", { bubbles: true })); } } open(false); };
    const ask = async () => {
      const q = input.value.trim();
      if (q.length < 2) return open(false);
      const answer = await fetch(input.dataset.suggest, { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": input.form.elements.csrfmiddlewaretoken.value }, body: new URLSearchParams({ q }) }).catch(() => null);
      if (!answer || !answer.ok || q !== input.value.trim()) return open(false);
      items = await answer.json();
      list.replaceChildren(...items.map((item, i) => {
        const li = make("li", { id: list.id + i, role: "option" }, item.label, make("small", { textContent: item.detail || "" }));
        on(li, "mousedown", (e) => { e.preventDefault(); pick(item); });
        return li;
      }));
      mark(-1); open(items.length > 0);
    };
    on(input, "input", () => { clearTimeout(timer); timer = setTimeout(ask, 180); });
    on(input, "blur", () => open(false));
    on(input, "keydown", (e) => {
      if (list.hidden) return;
      if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); mark((at + (e.key === "ArrowDown" ? 1 : items.length + (at < 0 ? 0 : -1))) % items.length); }
      else if (e.key === "Enter" && at >= 0) { e.preventDefault(); pick(items[at]); }
      else if (e.key === "Escape") open(false);
    });
  });

  // A standard text is put below what is written, without asking the server.
  all("[data-texts]").forEach((box) => {
    const choice = box.querySelector("select"), area = box.closest("form").elements.text;
    on(box.querySelector("button"), "click", (e) => {
      const body = choice.selectedOptions[0].dataset.body;
      e.preventDefault();
      if (body && area) { area.value = (area.value.trimEnd() + "\n\n" + body).trim(); choice.value = ""; area.dispatchEvent(new Event("input", { bubbles: true })); area.focus(); }
      else choice.focus();
    });
  });

  // Parts of an answer: only of those who have a tick, and of those where something is wrong.
  all("[data-parts]").forEach((box) => {
    const form = box.closest("form");
    const show = () => all("fieldset[data-for]", box).forEach((part) => {
      const tick = form.querySelector(`input[name="to"][value="${part.dataset.for}"]`);
      part.hidden = !tick?.checked && !part.querySelector("[aria-invalid]");
    });
    on(form, "change", show); show();
  });

  // The board: a card is dragged to a person, or chosen and moved by the form; who may not get it is not offered.
  all("#move").forEach((form) => {
    const { to } = form.elements, picks = all("input[name=card]"), columns = all(".board-column[data-person]"), said = form.querySelector("[data-chosen]");
    let held = null;
    const takes = (pick, person) => !pick.dataset.not.split(" ").includes(person);
    const chosen = () => {
      const pick = picks.find((each) => each.checked);
      for (const option of to.options) option.disabled = Boolean(pick && option.value && !takes(pick, option.value));
      if (to.selectedOptions[0]?.disabled) to.value = "";
      if (said) said.textContent = pick ? pick.value.split(":")[0] : "";
    };
    picks.forEach((pick) => {
      const card = pick.closest("li");
      card.draggable = true; card.querySelector("a").draggable = false;
      on(pick, "change", chosen);
      on(card, "dragstart", (e) => {
        held = pick; pick.checked = true; chosen();
        e.dataTransfer.effectAllowed = "move"; e.dataTransfer.setData("text/plain", pick.value);
        columns.forEach((column) => column.classList.toggle("barred", !takes(pick, column.dataset.person)));
      });
      on(card, "dragend", () => { held = null; columns.forEach((column) => column.classList.remove("barred", "over")); });
    });
    columns.forEach((column) => {
      const may = () => held && takes(held, column.dataset.person) && [...to.options].some((option) => option.value === column.dataset.person);
      on(column, "dragover", (e) => { if (may()) { e.preventDefault(); column.classList.add("over"); } });
      on(column, "dragleave", (e) => { if (!column.contains(e.relatedTarget)) column.classList.remove("over"); });
      on(column, "drop", (e) => { if (may()) { e.preventDefault(); to.value = column.dataset.person; form.requestSubmit(); } });
    });
    chosen();
  });

  // Paper forms typed in: a digit that counts leads on to the next field.
  all("[data-digit]").forEach((box, n, boxes) => on(box, "input", () => {
    if (/^[1-4]$/.test(box.value)) (boxes[n + 1] || box.form.elements.age)?.focus();
  }));

  // Keys of the desk: j k move, the rest press what carries data-key. They can be switched off.
  const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
  all("[data-keys-switch]").forEach((box) => { box.checked = !off(); box.closest("[hidden]")?.removeAttribute("hidden"); on(box, "change", () => localStorage.setItem("keys", box.checked ? "on" : "off")); });
  on(document, "keydown", (e) => {
    if (e.key === "Escape") all("details[data-closes][open]").forEach((d) => { d.open = false; d.querySelector("summary").focus(); });
    if (off() || e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, select, textarea")) return;
    const rows = all("[data-keys] a.complaint");
    if ((e.key === "j" || e.key === "k") && rows.length) {
      const now = rows.indexOf(document.activeElement), to = now < 0 ? 0 : now + (e.key === "j" ? 1 : -1);
      rows[Math.max(0, Math.min(to, rows.length - 1))].focus();
      return;
    }
    const target = all("[data-key]").find((t) => t.dataset.key === e.key);
    if (!target) return;
    e.preventDefault();
    if (target.matches("details")) { target.open = !target.open; target.querySelector("summary").focus(); }
    else if (target.matches("input")) { target.focus(); target.select(); }
    else target.click();
  });
  on(document, "click", (e) => all("details[data-closes].me[open]").forEach((d) => { if (!d.contains(e.target)) d.open = false; }));
})();
