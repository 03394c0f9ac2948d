/* The little that plain forms and htmx do not do. Everything works without it. */
"use strict";

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// A file field that says in Chinese what was chosen; the browser's own lies unseen over it and takes clicks, keys and
// what is dropped.
document.querySelectorAll(".file").forEach((field) => {
  const [input, face] = field.children;
  const tell = () => {
    const names = [...input.files].map((file) => file.name);
    face.lastElementChild.textContent = names.length > 1 ? `共${names.length}个：${names.join("、")}` : names[0] || "未选择文件";
  };
  field.classList.add("faced");
  face.hidden = false;
  input.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // who comes back finds what was chosen
});

// What was refused is said first, also to those who hear the page.
document.getElementById("faults")?.focus();

// A second click on a button sends nothing twice; who comes back by the browser's button may send again, and so may who
// stays, as the answer opens beside the page, is a file, or is not waited for any longer.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.target) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 10000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A desk looks again when it is told that something on it has changed, as long as somebody sees it: browsers open but
// a few connections, and a page that nobody looks at shall hold none.
const streams = new Map();
function listen() {
  const desks = [...document.querySelectorAll("[data-live]")];
  const wanted = new Set(document.hidden ? [] : desks.map((desk) => desk.dataset.live));
  streams.forEach((stream, address) => {
    if (wanted.has(address) && stream.readyState !== EventSource.CLOSED) return;
    stream.close();
    streams.delete(address);
  });
  wanted.forEach((address) => {
    if (streams.has(address)) return;
    const stream = new EventSource(address);
    stream.onmessage = () => {
      desks.filter((desk) => desk.dataset.live === address).forEach((desk) => htmx.trigger(desk, "look"));
    };
    streams.set(address, stream);
  });
}
document.addEventListener("visibilitychange", listen);
setInterval(listen, 60000); // what was refused is asked for again
listen();

// Whoever is on a link of what is read anew stays on it.
let at = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  at = event.target.contains(active) ? active.getAttribute("href") : null;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const links = [...event.target.querySelectorAll("a")];
  if (at) links.find((link) => link.getAttribute("href") === at)?.focus({ preventScroll: true });
});
