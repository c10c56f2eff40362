// The review page: keys and clicks become requests, answers replace what is shown. All state is on the server.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const view = $("#view");
  const token = $("meta[name=refsync-token]").content;
  let field = "";        // the row that keys act on
  let busy = "";         // what is under way
  let after = null;      // what was pressed meanwhile
  let ended = false;
  let failed = null;     // what could not be sent, to try again

  const STAYS = ["choose", "group", "relate"];  // what leaves the question where it is
  const main = () => $("#question");
  const asked = () => main().dataset.question || main().dataset.paper || main().dataset.gaps || "";
  const rows = () => $$("tr.row").filter((row) => !row.closest("[hidden]"));
  const here = () => rows().find((row) => row.dataset.field === field);
  const editing = () => $("form.edit:not([hidden])");

  // Requests

  async function ask(url, options = {}) {
    let answer;
    try {
      answer = await fetch(url, options);
    } catch {
      gone(true);
      return null;
    }
    gone(false);
    return answer;
  }

  async function visit(url, push = true) {
    if (editing() && !keepsEdit()) return;
    const answer = await ask(url, { headers: { "X-Part": "1" } });
    if (!answer) { failed = () => visit(url, push); return; }
    if (!answer.headers.get("content-type").includes("json")) { wrong(await answer.text()); return; }
    show(await answer.json(), push);
  }

  async function send(what) {
    if (ended) return false;
    if (busy) {
      if (STAYS.includes(busy)) after = what;  // but no answer to a question that was not seen yet
      return false;
    }
    busy = what.do;
    let done = false;
    const about = main().dataset;
    const body = { id: asked(), show: about.show || "", find: about.find || "", ...what };
    try {
      const answer = await ask("/do", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Refsync-Token": token },
        body: JSON.stringify(body),
      });
      if (!answer) failed = () => send(what);
      else if (!answer.headers.get("content-type").includes("json")) wrong(await answer.text());
      else {
        const told = await answer.json();
        done = !told.error;
        if (done) show(told, true); else wrong(told.error);
      }
    } finally {
      busy = "";
      const then = done && after;
      after = null;
      if (then) send(then);
    }
    return done;
  }

  function show(page, push) {
    const before = main() && asked();
    view.innerHTML = page.html;  // made and escaped by the server
    view.dataset.url = page.url;
    const now = asked();
    arrange();
    document.title = `${page.title} · refsync review`;
    $$("dialog[open]").forEach((dialog) => dialog.close());
    if (push && location.pathname + location.search !== page.url) history.pushState(null, "", page.url);
    if (now !== before) {
      field = "";
      scrollTo(0, 0);
      $("h1", main()).focus({ preventScroll: true });
    } else if (field) {
      goTo(field);
    } else {
      $("h1", main()).focus({ preventScroll: true });
    }
    if (page.message) say(page.message);
  }

  // What each field says is shown where there is room, until somebody chooses otherwise.
  let evidence = !matchMedia("(max-width: 44rem)").matches;

  function arrange() {
    const details = $(".evidence");
    if (!details) return;
    details.open = evidence;
    $("summary", details).addEventListener("click", () => { evidence = !details.open; });
  }

  function gone(yes) {
    if (!ended) $("#gone").hidden = !yes;
  }

  let quiet;
  function say(text, where = "#said") {
    const toast = $(where);
    toast.textContent = "";
    requestAnimationFrame(() => { toast.textContent = text; toast.classList.add("shown"); });
    clearTimeout(quiet);
    quiet = setTimeout(() => $$(".toast").forEach((one) => one.classList.remove("shown")), where === "#said" ? 2500 : 6000);
  }

  function wrong(text) { say(text, "#wrong"); }

  // Rows

  function goTo(name, focus = true) {
    field = name;
    $$("tr.row").forEach((row) => {
      row.classList.toggle("here", row.dataset.field === name);
      row.tabIndex = row.dataset.field === name ? 0 : -1;
    });
    const row = here();
    if (row && focus) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
  }

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.dataset.field === field);
    const to = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    goTo(all[to].dataset.field);
  }

  function row() {
    if (!here() && rows().length) goTo(rows()[0].dataset.field);
    return here();
  }

  // Editing

  function edit(of) {
    if (editing()) { editing().querySelector("textarea").focus(); return; }
    goTo(of.dataset.field, false);
    const form = $("form.edit", of);
    form.hidden = false;
    const area = $("textarea", form);
    area.focus();
    area.select();
  }

  function cancel() {
    const form = editing();
    if (!form) return;
    form.reset();
    form.hidden = true;
    goTo(form.closest("tr").dataset.field);
  }

  async function keep(form) {
    const area = $("textarea", form);
    const name = form.closest("tr").dataset.field;
    form.hidden = true;
    goTo(name);  // keys go on from here
    if (await send({ do: "choose", field: name, text: area.value, markup: area.dataset.markup })) return;
    form.hidden = false;
    area.focus();
  }

  function keepsEdit() {
    const area = $("textarea", editing());
    return area.value === area.defaultValue || confirm("Leave without keeping what you edited?");
  }

  // Areas and values: the main element says which of them are judged

  const candidates = () => $$(".candidates li");
  const verdict = (item) => (item.classList.contains("yes") ? true : item.classList.contains("no") ? false : null);

  function judge(items, flag, next = false) {
    const kind = main().dataset.judged;
    const said = items.map((item) => [item.dataset.item, !next && verdict(item) === flag ? null : flag]);
    if (said.length) send({ do: kind, [`${kind}s`]: Object.fromEntries(said), next });
  }

  function judgeAll(flag) {
    const open = candidates().filter((item) => verdict(item) === null);
    judge(open.length ? open : candidates(), flag, true);
  }

  // What buttons and keys do

  const deeds = {
    answer: (at) => send({ do: "answer", verdict: at.dataset.verdict }),
    skip: () => send({ do: "skip" }),
    forget: () => send({ do: "forget" }),
    undo: () => send({ do: "undo" }),
    redo: () => send({ do: "redo" }),
    choose: (at) => { goTo(at.closest("tr").dataset.field, false); send({ do: "choose", field, place: +at.dataset.place }); },
    rule: (at) => { goTo(at.closest("tr").dataset.field, false); send({ do: "choose", field }); },
    both: (at) => { goTo(at.closest("tr").dataset.field, false); send({ do: "choose", field, both: true }); },
    edit: (at) => edit(at.closest("tr")),
    cancel,
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
      say(on ? "values as they stand in the source" : "values as text");
    },
    help: () => $("#help").showModal(),
    list: async () => {
      const about = main().dataset;
      const query = new URLSearchParams({ show: about.show || "", find: about.find || "", here: asked(), tab: $("[data-tab][aria-current]")?.dataset.tab || "" });
      const answer = await ask(`/list?${query}`);
      if (!answer) return;
      $("#list").innerHTML = await answer.text();
      $("#list").showModal();
      const current = $("#list [aria-current]");
      if (current) { current.scrollIntoView({ block: "center" }); current.focus(); }
    },
    retry: () => { const again = failed; failed = null; if (again) again(); else visit(view.dataset.url, false); },
    judge: (at) => judge([at.closest("li")], at.dataset.flag === "yes"),
    "judge-first": () => judge(candidates().slice(0, 1), true, true),
    "judge-none": () => judge(candidates(), false, true),
    "judge-open": (at) => judgeAll(at.dataset.flag === "yes"),
    "skip-paper": () => send({ do: "skip-paper" }),
    "skip-value": () => send({ do: "skip-value" }),
    end: async () => {
      const answer = await ask("/end", { method: "POST", headers: { "Content-Type": "application/json", "X-Refsync-Token": token }, body: "{}" });
      if (!answer) return;
      ended = true;
      document.body.classList.add("ended");
      const message = (await answer.json()).message;
      main().replaceChildren(Object.assign(document.createElement("h1"), { textContent: "The review has ended", tabIndex: -1 }),
        Object.assign(document.createElement("p"), { textContent: message }));
      $("h1", main()).focus();
    },
  };

  const press = (selector) => { const button = $(selector); if (button && !button.disabled) deeds[button.dataset.do](button); };
  const follow = (selector) => { const link = $(selector); if (link && link.href) visit(link.getAttribute("href")); return link; };

  const keys = {
    j: () => follow("#next"),
    k: () => follow("#previous"),
    m: () => press("[data-verdict=same], [data-do=judge-first], [data-do=judge-open][data-flag=yes]"),
    n: () => press("[data-verdict=not-duplicate], [data-do=judge-none], [data-do=judge-open][data-flag=no]"),
    v: () => press("[data-verdict=version-of]"),
    s: () => press(".actions [data-do^=skip]"),
    u: deeds.undo,
    U: deeds.redo,
    b: () => row() && send({ do: "choose", field, both: true }),
    e: () => row() && edit(row()),
    r: () => row() && send({ do: "choose", field }),
    f: deeds.fold,
    l: deeds.source,
    o: deeds.list,
    a: () => follow("[data-tab][aria-current] + [data-tab]") || follow("[data-tab]:not([aria-current])"),
    "/": () => { const find = $("#find"); if (find) { find.focus(); find.select(); } },
    "?": deeds.help,
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
  };

  function digit(number, shift) {
    if (main().dataset.judged) {
      judge(candidates().slice(number - 1, number), !shift);
      return;
    }
    const count = +main().dataset.members;
    if (number > count) return;
    if (!shift) {
      if (row()) send({ do: "choose", field, place: number - 1 });
      return;
    }
    const letters = $$(`[data-do=group][data-place="${number - 1}"]`);
    if (!letters.length) return;
    const at = letters.findIndex((letter) => letter.ariaPressed === "true");
    deeds.group(letters[(at + 1) % letters.length]);
  }

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (editing() && editing().contains(at)) {
      if (event.key === "Escape") { event.preventDefault(); cancel(); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); keep(editing()); }
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
    const deed = keys[event.key];
    if (!deed || (event.key.startsWith("Arrow") && at.closest("dialog"))) return;
    event.preventDefault();
    deed();
  });

  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-do]");
    if (at && !at.disabled) {
      if (at.matches("td") && (String(getSelection()) || event.target.closest("a, form"))) return;  // text is being selected
      if (at.matches("td.out")) return;
      event.preventDefault();
      deeds[at.dataset.do](at);
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
    if (form.matches("form.edit")) { event.preventDefault(); keep(form); }
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
    const form = editing();
    if (form && $("textarea", form).value !== $("textarea", form).defaultValue) event.preventDefault();
  });

  // Somebody else may answer meanwhile, and the server may end.
  setInterval(async () => {
    if (document.hidden || ended || busy) return;
    const answer = await ask("/state");
    if (!answer || !answer.ok) return;
    const { said } = await answer.json();
    const shown = +$(".top").dataset.said;
    if (!busy && said !== shown && !editing() && !$("dialog[open]")) {
      await visit(view.dataset.url, false);
      say("answers that somebody else gave meanwhile are shown");
    }
  }, 4000);

  arrange();
  history.replaceState(null, "", view.dataset.url);
  $("h1", main()).focus({ preventScroll: true });
})();
