// The queue by keyboard. Without this script the same forms work with a click and a page for each decision.
"use strict";

const queue = document.getElementById("queue");
const news = document.getElementById("news");
const keysOn = document.getElementById("keys-on");
const AHEAD = 10; // load more when fewer cards than this are left
const RETURN = 600; // milliseconds in which a card that came back takes no decision: the key was meant for another one
const undone = []; // cards in the order in which they were decided here
const undoing = new Set();
let saving = Promise.resolve(); // decisions go out one after the other
let loading = false;
let more = true;

const cards = () => [...queue.querySelectorAll(".card")];
const open = () => cards().filter((card) => !card.classList.contains("done"));
const current = () => queue.querySelector(".card.current");
const say = (text) => { news.textContent = text; };

function choose(card) {
  current()?.classList.remove("current");
  card.classList.add("current");
}

function go(card, scroll = true) {
  if (!card) return;
  choose(card);
  card.focus({ preventScroll: true });
  if (scroll) card.scrollIntoView({ block: "start" });
}

function step(by) {
  const all = cards();
  const at = all.indexOf(current());
  go(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function nextOpen() {
  const all = cards();
  const at = all.indexOf(current());
  go(all.slice(at + 1).find((card) => !card.classList.contains("done")) ?? open()[0]);
  if (!open().length) {
    document.getElementById("empty").hidden = more;
    say("Everything here is decided.");
  }
}

function count() {
  const here = document.getElementById("here");
  const lines = undone.reduce((sum, card) => sum + Number(card.dataset.lines || 1), 0);
  here.textContent = lines;
}

// Decisions -------------------------------------------------------------------------------------

async function send(form, submitter) {
  const body = new FormData(form, submitter);
  let response;
  try {
    response = await fetch(form.action, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" }, keepalive: true });
  } catch {
    return { ok: false, message: "The service cannot be reached; nothing was saved." };
  }
  const content = await response.json().catch(() => ({}));
  if (response.status === 401) return { ok: false, message: "Your session has ended. Reload the page and sign in again." };
  return { ok: response.ok, status: response.status, ...content, message: content.message ?? content.detail ?? "That did not work." };
}

function decide(form, button) {
  const card = form.closest(".card");
  if (["done", "saving", "returned"].some((state) => card.classList.contains(state))) return;
  card.classList.add("saving", "done");
  verdict(card, button.dataset.says, button.value === "clean");
  undone.push(card);
  count();
  nextOpen();
  saving = saving.then(async () => {
    const result = await send(form, button);
    card.classList.remove("saving");
    if (result.ok) {
      card.querySelector(".undo [name=decision]").value = result.decision;
      card.dataset.lines = result.lines;
      verdict(card, result.message, button.value === "clean");
      say(result.message);
    } else {
      reopen(card);
      problem(card, result);
    }
    count();
  });
  loadMore();
}

function verdict(card, text, rejected) {
  const place = card.querySelector(".verdict");
  place.textContent = text;
  place.classList.toggle("rejected", rejected);
}

function problem(card, result) {
  const place = card.querySelector(".problem");
  place.textContent = result.message;
  place.hidden = false;
  // Whoever has read what the other person decided may decide anew.
  if (result.revision !== undefined) card.querySelector("[name=revision]").value = result.revision;
  say(result.message);
  card.classList.add("returned");
  setTimeout(() => card.classList.remove("returned"), RETURN);
  go(card);
}

function reopen(card) {
  card.classList.remove("done", "saving", "kept");
  const at = undone.lastIndexOf(card);
  if (at >= 0) undone.splice(at, 1);
}

function undo(card = undone.findLast((each) => !undoing.has(each))) {
  if (!card) return say("Nothing to undo.");
  undoing.add(card);
  saving = saving.then(() => takeBack(card)).finally(() => undoing.delete(card));
}

async function takeBack(card) {
  const form = card.querySelector(".undo");
  const decision = form.querySelector("[name=decision]");
  if (!decision.value) return; // it was not kept, and that has been said
  const result = await send(form);
  if (!result.ok) return problem(card, result);
  if (result.revision !== undefined) card.querySelector("[name=revision]").value = result.revision;
  decision.value = "";
  reopen(card);
  count();
  go(card);
  say("Undone.");
}

// Spans: in words of the line, told to the server in code points of the article -------------------

function words(text) {
  const ends = [];
  for (const match of text.matchAll(/\S+/gu)) ends.push([match.index, match.index + match[0].length]);
  return ends;
}

function span(card) {
  const line = card.querySelector(".subject p");
  const text = line.textContent;
  if (card.dataset.from === undefined) {
    const marks = [...line.querySelectorAll("mark")];
    const before = (node) => { const range = new Range(); range.selectNodeContents(line); range.setEndBefore(node); return range.toString().length; };
    card.dataset.from = marks.length ? before(marks[0]) : 0;
    card.dataset.to = marks.length ? before(marks.at(-1)) + marks.at(-1).textContent.length : text.length;
  }
  return { line, text, from: Number(card.dataset.from), to: Number(card.dataset.to) };
}

function move(card, end, by) {
  const { line, text, from, to } = span(card);
  const all = words(text);
  if (!all.length) return;
  let first = all.findIndex((word) => word[1] > from);
  let last = all.findLastIndex((word) => word[0] < to);
  if (end === "start") first += by; else last += by;
  if (first < 0 || last >= all.length || first > last) return say("It ends here.");
  show(card, line, text, all[first][0], all[last][1]);
}

function whole(card) {
  const { line, text } = span(card);
  show(card, line, text, 0, text.length);
}

function show(card, line, text, from, to) {
  const mark = document.createElement("mark");
  mark.textContent = text.slice(from, to);
  line.replaceChildren(text.slice(0, from), mark, text.slice(to));
  Object.assign(card.dataset, { from, to });
  const points = (index) => [...text.slice(0, index)].length + Number(line.dataset.start);
  card.querySelector("[name=start]").value = points(from);
  card.querySelector("[name=end]").value = points(to);
  say(`Marked: ${mark.textContent}`);
}

// More cards --------------------------------------------------------------------------------------

async function loadMore() {
  if (loading || !more || open().length >= AHEAD) return;
  loading = true;
  await saving;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const known = new Set(cards().map((card) => card.id));
    const fresh = [...page.querySelectorAll("#queue .card")].filter((card) => !known.has(card.id));
    more = fresh.length > 0;
    queue.append(...fresh.map((card) => document.adoptNode(card)));
    const left = page.getElementById("left");
    if (left) document.getElementById("left").textContent = left.textContent;
    if (!current() || current().classList.contains("done")) nextOpen();
  } catch {
    // The link below the queue still leads on.
  } finally {
    loading = false;
  }
}

// Keys --------------------------------------------------------------------------------------------

const ACTIONS = {
  j: () => step(1), n: () => step(1), k: () => step(-1), p: () => step(-1), u: () => undo(),
  ArrowRight: () => move(current(), "end", 1),
  ArrowLeft: () => move(current(), "end", -1),
  "Shift+ArrowRight": () => move(current(), "start", 1),
  "Shift+ArrowLeft": () => move(current(), "start", -1),
  w: () => whole(current()),
  g: () => { const box = current().querySelector("[name=alone]"); if (box) { box.checked = !box.checked; say(box.checked ? "This line alone." : "The whole group."); } },
  o: () => { current().querySelector(".to-article").click(); },
  "/": () => { document.getElementById("text").focus(); },
  "?": () => { const help = document.getElementById("keys"); help.open = !help.open; if (help.open) help.querySelector("summary").focus(); },
};

document.addEventListener("keydown", (event) => {
  if (!keysOn.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) {
    if (event.key === "Escape") go(current() ?? open()[0]);
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : (event.shiftKey ? "Shift+" : "") + event.key;
  const card = current();
  const button = card?.querySelector(`.decide [data-key~="${CSS.escape(key)}"]`);
  if (button) {
    button.form.requestSubmit(button);
  } else if (Object.hasOwn(ACTIONS, key) && (card || key === "/" || key === "?" || key === "u")) {
    ACTIONS[key]();
  } else {
    return;
  }
  event.preventDefault();
});

queue.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.matches(".undo")) {
    undo(event.target.closest(".card"));
  } else {
    decide(event.target, event.submitter);
  }
});

queue.addEventListener("click", (event) => {
  const card = event.target.closest(".card");
  if (!card) return;
  const button = event.target.closest("[data-span]");
  if (button) {
    const [end, by] = button.dataset.span.split(" ");
    if (end === "whole") whole(card); else move(card, end, Number(by));
  }
  if (card !== current() && !card.classList.contains("done")) choose(card);
});

addEventListener("beforeunload", (event) => {
  if (queue.querySelector(".saving")) event.preventDefault(); // something is still on its way
});

keysOn.checked = localStorage.getItem("keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
document.documentElement.classList.add("scripted");
go(open()[0], false);
go(cards().find((card) => `#${card.id}` === location.hash));
