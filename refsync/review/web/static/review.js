// The review page: keys and clicks become requests, whose responses replace the content. All state is on the server.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const view = $("#view");
  const token = $("meta[name=refsync-token]").content;
  let field = "";         // the row that keys act on
  let pendingAction = "";  // the action that is being sent
  let queuedAction = null; // the action to send after it
  let ended = false;
  let retry = null;        // sends again what could not be sent

  const SAME_QUESTION = ["choose", "group", "regroup", "relate"];  // actions after which the question is still shown
  const main = () => $("#question");
  const currentId = () => main().dataset.question || main().dataset.paper || main().dataset.record || "";
  const rows = () => $$("tr.row").filter((row) => !row.closest("[hidden]"));
  const currentRow = () => rows().find((row) => row.dataset.field === field);
  const openEdit = () => $("form.edit:not([hidden])");

  // Requests

  async function request(url, options = {}) {
    let response;
    try {
      response = await fetch(url, options);
    } catch {
      showDisconnected(true);
      return null;
    }
    showDisconnected(false);
    return response;
  }

  const isJson = (response) => response.headers.get("content-type").includes("json");

  async function visit(url, push = true) {
    if (openEdit() && !mayDiscardEdit()) return;
    const response = await request(url, { headers: { "X-Part": "1" } });
    if (!response) { retry = () => visit(url, push); return; }
    if (!isJson(response)) { showError(await response.text()); return; }
    show(await response.json(), push);
  }

  async function send(action) {
    if (ended) return false;
    if (pendingAction) {
      if (SAME_QUESTION.includes(pendingAction)) queuedAction = action;  // else it would answer a question not seen yet
      return false;
    }
    pendingAction = action.do;
    let done = false;
    const { show: filter, find } = main().dataset;
    const body = { id: currentId(), show: filter || "", find: find || "", ...action };
    try {
      const response = await request("/do", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Refsync-Token": token },
        body: JSON.stringify(body),
      });
      if (!response) retry = () => send(action);
      else if (!isJson(response)) showError(await response.text());
      else {
        const result = await response.json();
        done = !result.error;
        if (done) show(result, true); else showError(result.error);
      }
    } finally {
      pendingAction = "";
      const next = done && queuedAction;
      queuedAction = null;
      if (next) send(next);
    }
    return done;
  }

  function show(page, push) {
    const idBefore = main() && currentId();
    view.innerHTML = page.html;  // rendered and escaped by the server
    view.dataset.url = page.url;
    const id = currentId();
    setUpEvidence();
    document.title = `${page.title} · refsync review`;
    $$("dialog[open]").forEach((dialog) => dialog.close());
    if (push && location.pathname + location.search !== page.url) history.pushState(null, "", page.url);
    if (id !== idBefore) {
      field = "";
      scrollTo(0, 0);
      $("h1", main()).focus({ preventScroll: true });
    } else if (field) {
      goTo(field);
    } else {
      $("h1", main()).focus({ preventScroll: true });
    }
    if (page.message) showMessage(page.message);
  }

  // The evidence by field is closed until the user opens it.
  let evidenceOpen = false;

  function setUpEvidence() {
    const details = $(".evidence");
    if (!details) return;
    details.open = evidenceOpen;
    $("summary", details).addEventListener("click", () => { evidenceOpen = !details.open; });
  }

  function showDisconnected(disconnected) {
    if (!ended) $("#disconnected").hidden = !disconnected;
  }

  let hideTimer;
  function showMessage(text, where = "#message") {
    const toast = $(where);
    toast.textContent = "";
    requestAnimationFrame(() => { toast.textContent = text; toast.classList.add("shown"); });
    clearTimeout(hideTimer);
    hideTimer = setTimeout(() => $$(".toast").forEach((one) => one.classList.remove("shown")), where === "#message" ? 2500 : 6000);
  }

  function showError(text) { showMessage(text, "#error"); }

  // Rows

  function goTo(name, focus = true) {
    field = name;
    $$("tr.row").forEach((row) => {
      row.classList.toggle("here", row.dataset.field === name);
      row.tabIndex = row.dataset.field === name ? 0 : -1;
    });
    const row = currentRow();
    if (row && focus) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
  }

  function moveBy(count) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.dataset.field === field);
    const to = at < 0 ? (count > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + count, 0), all.length - 1);
    goTo(all[to].dataset.field);
  }

  function selectedRow() {
    if (!currentRow() && rows().length) goTo(rows()[0].dataset.field);
    return currentRow();
  }

  // Editing

  function edit(row) {
    if (openEdit()) { openEdit().querySelector("textarea").focus(); return; }
    goTo(row.dataset.field, false);
    const form = $("form.edit", row);
    form.hidden = false;
    const area = $("textarea", form);
    area.focus();
    area.select();
  }

  function cancelEdit() {
    const form = openEdit();
    if (!form) return;
    form.reset();
    form.hidden = true;
    goTo(form.closest("tr").dataset.field);
  }

  async function keepEdit(form) {
    const area = $("textarea", form);
    const name = form.closest("tr").dataset.field;
    form.hidden = true;
    goTo(name);  // where the arrow keys continue
    if (await send({ do: "choose", field: name, text: area.value, markup: area.dataset.markup })) return;
    form.hidden = false;
    area.focus();
  }

  function mayDiscardEdit() {
    const area = $("textarea", openEdit());
    return area.value === area.defaultValue || confirm("Discard your edit?");
  }

  // Areas and values: `data-action` of the main element names the action that answers them

  const candidates = () => $$(".candidates li");
  const currentFlag = (item) => (item.classList.contains("yes") ? true : item.classList.contains("no") ? false : null);

  function answerItems(items, flag, next = false) {
    const action = main().dataset.action;
    const flags = items.map((item) => [item.dataset.item, !next && currentFlag(item) === flag ? null : flag]);
    if (flags.length) send({ do: action, [`${action}s`]: Object.fromEntries(flags), next });
  }

  function answerPending(flag) {
    const pending = candidates().filter((item) => currentFlag(item) === null);
    answerItems(pending.length ? pending : candidates(), flag, true);
  }

  // The actions of buttons (`data-do`) and keys

  const actions = {
    answer: (at) => send({ do: "answer", verdict: at.dataset.verdict }),
    skip: () => send({ do: "skip" }),
    alike: () => send({ do: "alike" }),
    "answer-alike": (at) => send({ do: "answer-alike", questions: at.dataset.questions.split(" ") }),
    back: (at) => visit(at.dataset.url, false),
    regroup: (at) => send({ do: "regroup", numbers: at.dataset.numbers.trim().split(" ").map(Number) }),
    forget: () => send({ do: "forget" }),
    undo: () => send({ do: "undo" }),
    redo: () => send({ do: "redo" }),
    choose: (at) => { goTo(at.closest("tr").dataset.field, false); send({ do: "choose", field, place: +at.dataset.place }); },
    rule: (at) => { goTo(at.closest("tr").dataset.field, false); send({ do: "choose", field }); },
    both: (at) => { goTo(at.closest("tr").dataset.field, false); send({ do: "choose", field, both: true }); },
    edit: (at) => edit(at.closest("tr")),
    cancel: cancelEdit,
    group: (at) => send({ do: "group", place: +at.dataset.place, number: +at.dataset.number }),
    fold: () => {
      const more = $("#equal");
      if (!more) return;
      more.hidden = !more.hidden;
      $("[data-do=fold]").setAttribute("aria-expanded", String(!more.hidden));
    },
    unfold: (at) => {
      at.nextElementSibling.hidden = !at.nextElementSibling.hidden;
      at.setAttribute("aria-expanded", String(!at.nextElementSibling.hidden));
    },
    source: () => {
      const on = document.body.classList.toggle("as-source");
      showMessage(on ? "values as in the source" : "values as text");
    },
    help: () => $("#help").showModal(),
    list: async () => {
      const { show: filter, find } = main().dataset;
      const query = new URLSearchParams({ show: filter || "", find: find || "", here: currentId(), tab: $("[data-tab][aria-current]")?.dataset.tab || "" });
      const response = await request(`/list?${query}`);
      if (!response) return;
      $("#list").innerHTML = await response.text();
      $("#list").showModal();
      const current = $("#list [aria-current]");
      if (current) { current.scrollIntoView({ block: "center" }); current.focus(); }
    },
    retry: () => { const again = retry; retry = null; if (again) again(); else visit(view.dataset.url, false); },
    "answer-item": (at) => answerItems([at.closest("li")], at.dataset.flag === "yes"),
    "accept-first": () => answerItems(candidates().slice(0, 1), true, true),
    "reject-all": () => answerItems(candidates(), false, true),
    "answer-pending": (at) => answerPending(at.dataset.flag === "yes"),
    "skip-paper": () => send({ do: "skip-paper" }),
    "skip-value": () => send({ do: "skip-value" }),
    end: async () => {
      const response = await request("/end", { method: "POST", headers: { "Content-Type": "application/json", "X-Refsync-Token": token }, body: "{}" });
      if (!response) return;
      ended = true;
      document.body.classList.add("ended");
      const message = (await response.json()).message;
      main().replaceChildren(Object.assign(document.createElement("h1"), { textContent: "The review has ended", tabIndex: -1 }),
        Object.assign(document.createElement("p"), { textContent: message }));
      $("h1", main()).focus();
    },
  };

  const press = (selector) => { const button = $(selector); if (button && !button.disabled) actions[button.dataset.do](button); };
  const follow = (selector) => { const link = $(selector); if (link && link.href) visit(link.getAttribute("href")); return link; };

  const accept = () => press("[data-verdict=same], [data-do=accept-first], [data-do=answer-pending][data-flag=yes]");

  const keys = {
    j: () => follow("#next"),
    k: () => follow("#previous"),
    y: accept,
    m: accept,
    n: () => press("[data-verdict=not-duplicate], [data-do=answer-alike], [data-do=reject-all], [data-do=answer-pending][data-flag=no]"),
    t: () => press("[data-do=alike]"),
    Escape: () => press("[data-do=back]"),
    v: () => press("[data-verdict=version-of]"),
    s: () => press(".actions [data-do^=skip]"),
    u: actions.undo,
    U: actions.redo,
    b: () => selectedRow() && send({ do: "choose", field, both: true }),
    e: () => selectedRow() && edit(selectedRow()),
    r: () => selectedRow() && send({ do: "choose", field }),
    f: actions.fold,
    l: actions.source,
    o: actions.list,
    a: () => follow("[data-tab][aria-current] + [data-tab]") || follow("[data-tab]:not([aria-current])"),
    "/": () => { const find = $("#find"); if (find) { find.focus(); find.select(); } },
    "?": actions.help,
    ArrowDown: () => moveBy(1),
    ArrowUp: () => moveBy(-1),
  };

  function digit(number, shift) {
    if (main().dataset.action) {
      answerItems(candidates().slice(number - 1, number), !shift);
      return;
    }
    const count = +main().dataset.members;
    if (number > count) return;
    if (!shift) {
      if (selectedRow()) send({ do: "choose", field, place: number - 1 });
      return;
    }
    const letters = $$(`[data-do=group][data-place="${number - 1}"]`);
    if (!letters.length) return;
    const at = letters.findIndex((letter) => letter.ariaPressed === "true");
    actions.group(letters[(at + 1) % letters.length]);
  }

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (openEdit() && openEdit().contains(at)) {
      if (event.key === "Escape") { event.preventDefault(); cancelEdit(); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); keepEdit(openEdit()); }
      return;
    }
    if (at.matches("input, textarea, select")) {
      if (event.key === "Escape") at.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]") || event.isComposing) return;
    const number = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (number && (event.key === number[1] || event.shiftKey)) { event.preventDefault(); digit(+number[1], event.shiftKey); return; }
    if (/^[1-9]$/.test(event.key)) { event.preventDefault(); digit(+event.key, false); return; }
    const perform = keys[event.key];
    if (!perform || (event.key.startsWith("Arrow") && at.closest("dialog"))) return;
    event.preventDefault();
    perform();
  });

  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-do]");
    if (at && !at.disabled) {
      if (at.matches("td") && (String(getSelection()) || event.target.closest("a, form"))) return;  // the user is selecting text
      if (at.matches("td.out")) return;
      event.preventDefault();
      actions[at.dataset.do](at);
      return;
    }
    const link = event.target.closest("a[href]");
    if (link && link.origin === location.origin && !link.classList.contains("skip") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      visit(link.getAttribute("href"));
      return;
    }
    const row = event.target.closest("tr.row");
    if (row) goTo(row.dataset.field, false);
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr.row");
    if (row && row.dataset.field !== field) goTo(row.dataset.field, false);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form.edit")) { event.preventDefault(); keepEdit(form); }
    if (form.matches("form.search")) { event.preventDefault(); visit(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`); }
    if (form.matches("form[data-other]")) {
      event.preventDefault();
      const area = $("input", form).value.trim();
      if (area) send({ do: "area", areas: { [area]: true } });
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-relate]")) {
      const [relation, forward] = event.target.value.split(" ");
      send({ do: "relate", relation, forward: forward === "1" });
    }
  });

  addEventListener("popstate", () => visit(location.pathname + location.search, false));
  addEventListener("beforeunload", (event) => {
    const form = openEdit();
    if (form && $("textarea", form).value !== $("textarea", form).defaultValue) event.preventDefault();
  });

  // Others may answer, and the server may end.
  setInterval(async () => {
    if (document.hidden || ended || pendingAction) return;
    const response = await request("/state");
    if (!response || !response.ok) return;
    const { revision } = await response.json();
    const shown = +$(".top").dataset.revision;
    if (!pendingAction && revision !== shown && !openEdit() && !$("dialog[open]")) {
      await visit(view.dataset.url, false);
      showMessage("updated with answers by somebody else");
    }
  }, 4000);

  setUpEvidence();
  history.replaceState(null, "", view.dataset.url);
  $("h1", main()).focus({ preventScroll: true });
})();
