// Kentongan: small helps on top of pages that work without them. What each one does: docs/face.md.
(() => {
  "use strict";
  const all = (q, root = document) => [...root.querySelectorAll(q)];
  const make = (tag, props = {}, ...kids) => { const e = Object.assign(document.createElement(tag), props); e.append(...kids); return e; };
  const store = (() => { try { localStorage.setItem("k", ""); localStorage.removeItem("k"); return localStorage; } catch { return null; } })();
  const on = (target, type, run) => target.addEventListener(type, run);

  // Drafts: what is typed stays on this device for a week, until the page that says data-draft-clear.
  const WEEK = 6048e5;
  const kept = (form) => [...form.elements].filter((e) => e.name && !["hidden", "file", "password", "submit", "button"].includes(e.type));
  const draft = (form) => {
    const key = "draft:" + form.dataset.draft;
    const say = () => {
      const drop = make("button", { type: "button", className: "button text small", textContent: form.dataset.draftDiscard || "×" });
      const bar = make("p", { className: "note info", role: "status" }, make("span", { textContent: form.dataset.draftText || "" }), drop);
      on(drop, "click", () => { store.removeItem(key); form.reset(); bar.remove(); });
      form.prepend(bar);
    };
    const saved = JSON.parse(store.getItem(key) || "null");
    if (saved && Date.now() - saved.at < WEEK && !form.querySelector("[aria-invalid]")) {
      for (const e of kept(form)) {
        const was = saved.values[e.name];
        if (!was) continue;
        if (e.type === "checkbox" || e.type === "radio") e.checked = was.includes(e.value);
        else [e.value] = was;
      }
      say();
    } else store.removeItem(key);
    on(form, "input", () => {
      const values = {};
      for (const e of kept(form)) if (!["checkbox", "radio"].includes(e.type) ? e.value : e.checked) (values[e.name] ||= []).push(e.value);
      store.setItem(key, JSON.stringify({ at: Date.now(), values }));
    });
  };
  if (store) {
    all("[data-draft-clear]").forEach((e) => store.removeItem("draft:" + e.dataset.draftClear));
    all("form[data-draft]").forEach(draft);
  }

  // Steps: fieldsets one by one; an error opens the step it is in.
  all("form[data-steps]").forEach((form) => {
    const steps = all("fieldset.step", form), marks = all(".stepper li", form), send = form.querySelector(".step-actions");
    const back = make("button", { type: "button", className: "button quiet", textContent: form.dataset.back || "←" });
    const next = make("button", { type: "button", className: "button", textContent: form.dataset.next || "→" });
    const bar = make("div", { className: "step-actions" }, back, next);
    let at = 0;
    const show = (n, move = true) => {
      at = Math.max(0, Math.min(n, steps.length - 1));
      steps.forEach((s, i) => { s.hidden = i !== at; });
      marks.forEach((m, i) => { m.className = i < at ? "done" : ""; i === at ? m.setAttribute("aria-current", "step") : m.removeAttribute("aria-current"); });
      back.hidden = !at; next.hidden = at === steps.length - 1;
      if (send) send.hidden = !next.hidden;
      if (move) { form.scrollIntoView(); const head = steps[at].querySelector("legend"); head.tabIndex = -1; head.focus({ preventScroll: true }); }
      form.dispatchEvent(new CustomEvent("step", { detail: at }));
    };
    // data-unless="identity=none": needed unless that is chosen; data-missing: what to say when it is empty.
    const wrong = (root) => [...root.elements].find((e) => {
      const [name, value] = (e.dataset.unless || "").split("=");
      if (name) e.required = form.elements[name].value !== value;
      if (e.dataset.missing) e.setCustomValidity(e.required && !e.value.trim() ? e.dataset.missing : "");
      return e.willValidate && !e.validity.valid;
    });
    form.noValidate = true;
    steps.at(-1).after(bar);
    on(back, "click", () => show(at - 1));
    on(next, "click", () => { const e = wrong(steps[at]); e ? e.reportValidity() : show(at + 1); });
    on(form, "keydown", (e) => { if (e.key === "Enter" && e.target.matches("input:not([type=file])") && !next.hidden) { e.preventDefault(); next.click(); } });
    on(form, "submit", (e) => { const bad = wrong(form); if (bad) { e.preventDefault(); e.stopImmediatePropagation(); show(steps.findIndex((s) => s.contains(bad))); bad.reportValidity(); } });
    all("a[href^='#']").forEach((a) => on(a, "click", () => { const n = steps.findIndex((s) => s.querySelector(CSS.escape ? "#" + CSS.escape(a.hash.slice(1)) : a.hash)); if (n >= 0) show(n, false); }));
    const bad = steps.findIndex((s) => s.querySelector(".invalid, [aria-invalid]"));
    show(Math.max(bad, 0), false);
  });
  all("[data-focus]").forEach((e) => e.focus());
  // A second press while the first is on its way sends nothing; coming back with Back, or waiting, makes it work again.
  on(document, "submit", (e) => {
    const form = e.target;
    if (e.defaultPrevented || form.method !== "post") return;
    if (Date.now() - (form.dataset.sent || 0) < 5000) return e.preventDefault();
    form.dataset.sent = Date.now();
    e.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => e.submitter?.removeAttribute("aria-busy"), 5000);
  });
  on(window, "pageshow", () => all("form[data-sent]").forEach((f) => { delete f.dataset.sent; all("[aria-busy]", f).forEach((b) => b.removeAttribute("aria-busy")); }));
  // data-review="name" shows what was typed into that field.
  all("[data-review]").forEach((e) => {
    const form = e.closest("form"), box = e.closest("[data-review-box]");
    if (box) box.hidden = false;
    on(form, "step", () => { e.textContent = kept(form).filter((f) => f.name === e.dataset.review && (f.checked || !/checkbox|radio/.test(f.type))).map((f) => f.selectedOptions ? (f.value && f.selectedOptions[0].text) : /checkbox|radio/.test(f.type) ? (f.labels[0].querySelector("b") || f.labels[0]).innerText : f.value).join(", ") || "–"; });
  });

  // Uploads: thumbnail, size, remove; choosing again adds.
  all("[data-upload]").forEach((box) => {
    const input = box.querySelector("input[type=file]"), list = box.querySelector(".thumbs"), most = +input.dataset.max || 50;
    let files = [];
    const draw = () => {
      const bag = new DataTransfer();
      files.forEach((f) => bag.items.add(f));
      input.files = bag.files;
      list.hidden = !files.length;
      list.replaceChildren(...files.map((f, i) => {
        const drop = make("button", { type: "button", textContent: box.dataset.remove });
        drop.setAttribute("aria-label", box.dataset.remove + " " + f.name);
        on(drop, "click", () => { files.splice(i, 1); draw(); });
        const look = f.type.startsWith("image/") ? make("img", { alt: "", src: URL.createObjectURL(f) }) : make("span", { className: "blank", textContent: f.name.split(".").pop() });
        return make("li", {}, look, make("p", { textContent: f.name }), make("p", { className: "muted", textContent: f.size > 1e6 ? (f.size / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) + " MB" : Math.ceil(f.size / 1e3) + " kB" }), drop);
      }));
    };
    on(input, "change", () => {
      const more = input.multiple ? [...files, ...input.files] : [...input.files];
      files = more.slice(0, most);
      draw();
      if (more.length > most) list.append(make("li", {}, make("p", { textContent: box.dataset.tooMany })));
    });
  });

  // Copy, print, share, the code after #.
  all("[data-copy]").forEach((b) => {
    b.hidden = false;
    on(b, "click", async () => {
      const from = b.dataset.copy.startsWith("#") ? document.querySelector(b.dataset.copy) : null;
      await navigator.clipboard.writeText(from ? from.value || from.textContent.trim() : b.dataset.copy);
      const word = b.querySelector("[data-word]") || b, was = word.textContent;
      word.textContent = b.dataset.copied || "✓"; b.setAttribute("aria-live", "polite");
      setTimeout(() => { word.textContent = was; }, 2500);
    });
  });
  all("[data-print]").forEach((b) => { b.hidden = false; on(b, "click", () => print()); });
  all("a[data-whatsapp]").forEach((a) => {
    const link = a.dataset.url ? " " + new URL(a.dataset.url, location.href) : "";
    a.href = "https://wa.me/" + (a.dataset.phone || "").replace(/\D/g, "") + "?text=" + encodeURIComponent(a.dataset.whatsapp + link);
    a.hidden = false;
  });
  // A link opened while its page is open already loads nothing: the mark behind the # changes, and that is all.
  const takeCode = () => {
    const code = decodeURIComponent(location.hash.slice(1)), box = document.querySelector("input[name=code]");
    if (!box || !/^[\w-]{8,40}$/.test(code)) return;
    box.value = code;
    history.replaceState(null, "", location.pathname + location.search);
    if (box.form.hasAttribute("data-autosubmit-hash")) box.form.requestSubmit();
  };
  takeCode();
  on(window, "hashchange", takeCode);
})();
