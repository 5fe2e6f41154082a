// The preview: draws what the press tells over server-sent events, and asks it where things are written.

const WIDTHS = [200, 400, 800, 1200, 1600, 2400]; // how wide the press draws pages, in px
const DEVICES = { phone: 390, reader: 560, desktop: 1000 }; // how wide an e-book's page is, in CSS px
const TRIES = 20;

const element = (id) => document.getElementById(id);
const [pages, print, frame, device, chapter] = ["pages", "print", "frame", "device", "chapter"].map(element);

let state = { serial: -1, pages: [], chapters: [], look: "" };
let shownChange = null; // the serial of the change that was shown last; null before the first state
let shownFile = { name: "", key: "", look: "" }; // the e-book's page in the frame, as it was when it was loaded
let onItsWay = null; // the key of the e-book's page that the frame is being led to; null while it stays
let blockToShow = null; // the block to bring into view when the frame has loaded
let coming = null; // a change whose text has yet to come: the print is told first

// ---------------------------------------------------------------------------------------------- the state

function take(told) {
  const before = state;
  state = told;
  document.title = told.title ? `${told.title} · Preview` : "Preview";
  element("title").textContent = told.title || "Preview";
  sayState();
  showMessages(before);
  showPages();
  showChapters();
  const isFirst = shownChange === null;
  const serial = told.change ? told.change.serial : 0;
  if (!isFirst && serial > shownChange && element("follow").checked) follow(told.change);
  else refreshFrame();
  shownChange = Math.max(serial, shownChange ?? 0);
}

function sayState() {
  const said = element("state");
  const { isBroken, isSettled, sheets, counts } = state;
  said.classList.toggle("broken", isBroken);
  const number = state.pages.length;
  if (isBroken) {
    const errors = counts.error === 1 ? "1 error" : `${counts.error} errors`;
    said.textContent = number ? `${errors}: the last good state is shown` : errors;
  } else if (!sheets) said.textContent = "Reading the manuscript …";
  else if (isSettled) said.textContent = number === 1 ? "1 page" : `${number} pages`;
  else if (sheets.done < sheets.all) said.textContent = `Laying out: ${sheets.done} of ${sheets.all} texts …`;
  else said.textContent = `${number} pages, settling …`;
  document.body.dataset.serial = state.serial;
  document.body.dataset.settled = isSettled && !isBroken;
}

function showMessages(before) {
  const { counts, diagnostics, isBroken } = state;
  const box = element("messages");
  const details = box.firstElementChild;
  box.hidden = !diagnostics.length;
  box.classList.toggle("broken", isBroken);
  if (isBroken && !before.isBroken) details.open = true;
  if (!isBroken && before.isBroken) details.open = false;
  const names = { error: ["error", "errors"], warning: ["warning", "warnings"], note: ["note", "notes"] };
  element("counts").replaceChildren(
    ...Object.entries(names).flatMap(([severity, [one, many]]) =>
      counts[severity] ? [made("span", `${counts[severity]} ${counts[severity] === 1 ? one : many}`, severity), " "] : [],
    ),
  );
  element("list").replaceChildren(...diagnostics.map(message));
}

function message(found) {
  const item = document.createElement("li");
  const said = made("span", `${found.message} `);
  if (found.place) said.prepend(where(found.place), " ");
  said.append(made("span", found.code, "code"));
  item.append(made("span", found.severity, `severity ${found.severity}`), said);
  if (found.hint) item.append(made("span", found.hint, "hint"));
  return item;
}

function where(place) {
  const said = place.line ? `${place.file}:${place.line}` : place.file;
  const shown = made(place.link ? "a" : "span", said, "where");
  if (place.link) shown.href = place.link;
  return shown;
}

function made(name, text, className = "") {
  const created = document.createElement(name);
  created.textContent = text;
  created.className = className;
  return created;
}

// ---------------------------------------------------------------------------------------------- the print

const near = new IntersectionObserver(
  (seen) => {
    for (const each of seen) {
      each.target.isNear = each.isIntersecting;
      if (each.isIntersecting) drawPage(each.target);
    }
  },
  { root: print, rootMargin: "700px" },
);

function showPages() {
  while (pages.children.length > state.pages.length) {
    near.unobserve(pages.lastElementChild);
    pages.lastElementChild.remove();
  }
  pages.dir = state.direction;
  state.pages.forEach((page, place) => {
    const figure = pages.children[place] ?? pages.appendChild(newPage());
    const caption = page.label || "";
    const kind = `${page.index % 2 ? "verso" : "recto"}${page.key ? "" : " blank"}`;
    if (figure.className !== kind) figure.className = kind;
    figure.dataset.index = page.index;
    figure.dataset.key = page.key;
    figure.lastElementChild.textContent = caption;
    const sheet = figure.firstElementChild;
    sheet.style.aspectRatio = `${page.width} / ${page.height}`;
    sheet.disabled = !page.key;
    sheet.ariaLabel = page.key ? `Page ${caption}` : `Page ${caption}, blank`;
    if (figure.isNear) drawPage(figure);
  });
}

function newPage() {
  const figure = document.createElement("figure");
  const sheet = document.createElement("button");
  sheet.type = "button";
  sheet.className = "sheet";
  sheet.addEventListener("click", (event) => clicked(figure, event));
  figure.append(sheet, document.createElement("figcaption"));
  near.observe(figure);
  return figure;
}

async function drawPage(figure, tries = TRIES) {
  const { key } = figure.dataset;
  const sheet = figure.firstElementChild;
  const old = sheet.querySelector("img");
  if (!key) {
    old?.remove();
    return;
  }
  const wanted = sheet.clientWidth * devicePixelRatio;
  const width = WIDTHS.find((each) => each >= wanted) ?? WIDTHS.at(-1);
  const source = `pages/${key}-${width}.png`;
  if (figure.asked === source) return;
  figure.asked = source;
  const picture = new Image();
  picture.alt = "";
  picture.dataset.key = key;
  picture.src = source;
  try {
    await picture.decode();
  } catch {
    if (figure.asked !== source) return;
    figure.asked = "";
    if (tries && figure.isConnected) setTimeout(() => drawPage(figure, tries - 1), 300);
    return;
  }
  // Another may have been asked for meanwhile; until it is there, this one is nearer to it than the old one.
  if (figure.asked !== source && figure.dataset.key !== key) return;
  sheet.querySelectorAll("img").forEach((each) => each.remove());
  sheet.prepend(picture);
}

async function clicked(figure, event) {
  if (pages.className === "contact") {
    choose("view", "spreads");
    figure.scrollIntoView({ block: "start" });
    figure.firstElementChild.focus({ preventScroll: true });
    return;
  }
  const box = figure.firstElementChild.getBoundingClientRect();
  // The keyboard points nowhere: then it is the page's beginning that is meant.
  const [x, y] = event.detail
    ? [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
    : [0.5, 0];
  const found = await ask(`at-page/${figure.dataset.key}?x=${x.toFixed(4)}&y=${y.toFixed(4)}`);
  if (!found) return;
  showPlace(found);
  markAreas(found.areas, false);
  goTo(found.slug, found.block, false);
}

function markAreas(areas, isChange) {
  for (const each of pages.querySelectorAll(".area")) each.remove();
  for (const area of areas) {
    const sheet = pages.querySelector(`figure[data-index="${area.page}"] .sheet`);
    if (!sheet) continue;
    const mark = made("span", "", isChange ? "area changed" : "area");
    const per = (part) => `${(part * 100).toFixed(2)}%`;
    mark.style.left = per(area.left);
    mark.style.top = per(area.top);
    mark.style.width = per(area.right - area.left);
    mark.style.height = per(area.bottom - area.top);
    sheet.append(mark);
  }
}

function bringIntoView(pageIndex, area) {
  const figure = pages.querySelector(`figure[data-index="${pageIndex}"]`);
  if (!figure) return;
  const box = figure.getBoundingClientRect();
  const around = print.getBoundingClientRect();
  const top = box.top + (area ? area.top * box.height : 0);
  const bottom = area ? box.top + area.bottom * box.height : box.bottom;
  if (top >= around.top && bottom <= around.bottom) return;
  print.scrollBy({ top: top - around.top - around.height / 3 });
}

function follow(change) {
  bringIntoView(change.page_index, change.area);
  markAreas(change.area ? [{ page: change.page_index, ...change.area }] : [], true);
  coming = change;
  goTo(change.slug, change.block, true);
}

// --------------------------------------------------------------------------------------------- the e-book

function showChapters() {
  const told = state.chapters.map(({ file, title }) => `${file}\n${title}`).join("\n");
  if (chapter.told === told) return;
  chapter.told = told;
  chapter.replaceChildren(...state.chapters.map(({ file, title }) => new Option(title, file)));
  chapter.value = shownFile.name;
}

function goTo(slug, block, isChange) {
  const to = slug && state.chapters.find((each) => each.slug === slug);
  if (to) load(to, { number: block, isChange });
  else refreshFrame();
}

function refreshFrame() {
  const now = state.chapters.find((each) => each.file === shownFile.name);
  if (!now) {
    // At first the first text, not the cover and what is about the book.
    const first = state.chapters.find((each) => each.slug) ?? state.chapters[0];
    if (first) load(first);
  } else if (now.key !== shownFile.key || state.look !== shownFile.look) {
    const isThere = coming?.slug && coming.slug === now.slug;
    load(now, isThere ? { number: coming.block, isChange: true } : null);
    if (isThere) coming = null;
  }
}

async function load(to, block = null) {
  const isSame = to.file === shownFile.name && state.look === shownFile.look;
  const isNew = to.key !== shownFile.key;
  shownFile = { name: to.file, key: to.key, look: state.look };
  blockToShow = block ?? blockToShow;
  chapter.value = to.file;
  if (!isSame) {
    onItsWay = to.key;
    frame.contentWindow.location.replace(`book/${to.file}?${state.look.slice(0, 8)}`);
  } else if (onItsWay !== null) return; // when it is there it will be seen whether it is still new
  else if (isNew) await replaceText(to.file);
  else showBlock();
}

// The same page with another text: it stays where it is.
async function replaceText(file) {
  const answer = await fetch(`book/${file}`);
  if (!answer.ok) return;
  const told = new DOMParser().parseFromString(await answer.text(), "application/xhtml+xml");
  const inside = frame.contentDocument;
  const body = inside?.querySelector("body");
  const fresh = told.querySelector("body");
  if (file !== shownFile.name || !body || !fresh) return;
  body.replaceWith(inside.importNode(fresh, true));
  showBlock();
}

function showBlock() {
  const wanted = blockToShow;
  blockToShow = null;
  const inside = frame.contentDocument;
  if (!wanted || !inside) return;
  const block = wanted.number ? inside.querySelector(`[data-block="${wanted.number}"]`) : inside.querySelector("h1");
  if (!block) return;
  const box = block.getBoundingClientRect();
  const height = frame.contentWindow.innerHeight;
  if (box.top < 0 || box.bottom > height) frame.contentWindow.scrollBy(0, box.top - height / 3);
  inside.querySelectorAll(".pmpress-marked").forEach((each) => each.classList.remove("pmpress-marked"));
  block.classList.add("pmpress-marked");
  if (wanted.isChange) setTimeout(() => block.classList.remove("pmpress-marked"), 2600);
}

frame.addEventListener("load", () => {
  const inside = frame.contentDocument;
  if (!inside?.head) return;
  const name = inside.location.pathname.split("/book/")[1] ?? "";
  const to = state.chapters.find((each) => each.file === decodeURIComponent(name));
  if (to && to.file !== shownFile.name) {
    // A link inside the book was followed.
    shownFile = { name: to.file, key: to.key, look: state.look };
    chapter.value = to.file;
  }
  const style = inside.createElementNS("http://www.w3.org/1999/xhtml", "style");
  style.textContent = ".pmpress-marked { outline: 2px solid #b4541a; outline-offset: 4px; border-radius: 2px; }";
  const dark = inside.createElementNS("http://www.w3.org/1999/xhtml", "link");
  dark.setAttribute("rel", "stylesheet");
  dark.setAttribute("href", new URL("dark.css", document.baseURI).href);
  dark.id = "pmpress-dark";
  inside.head.append(style, dark);
  setLight();
  inside.addEventListener("click", clickedText);
  const isOld = onItsWay !== null && onItsWay !== shownFile.key;
  onItsWay = null;
  if (isOld) replaceText(shownFile.name);
  else showBlock();
});

async function clickedText(event) {
  const link = event.target.closest("a[href]");
  if (link) {
    // A book's own links are followed; nothing is fetched from anywhere else.
    if (new URL(link.href, frame.contentDocument.baseURI).origin !== location.origin) event.preventDefault();
    else return;
  }
  const here = state.chapters.find((each) => each.file === shownFile.name);
  if (!here?.slug) return;
  const block = Number(event.target.closest("[data-block]")?.dataset.block ?? 0);
  const found = await ask(`at-block/${encodeURIComponent(here.slug)}/${block}`);
  if (!found) return;
  showPlace(found);
  markAreas(found.areas, false);
  if (found.areas.length) bringIntoView(found.areas[0].page, found.areas[0]);
  blockToShow = { number: block, isChange: false };
  showBlock();
}

function setLight() {
  const isDark = chosen("light") === "dark";
  device.classList.toggle("dark", isDark);
  frame.contentDocument?.getElementById("pmpress-dark")?.setAttribute("media", isDark ? "all" : "not all");
}

function setWidth() {
  const name = chosen("width");
  const shell = element("ebook");
  shell.hidden = name === "none";
  if (shell.hidden) return;
  device.classList.remove(...Object.keys(DEVICES));
  device.classList.add(name);
  const wide = DEVICES[name];
  const isNarrow = matchMedia("(max-width: 44rem)").matches;
  const room = isNarrow ? innerWidth - 60 : Math.max(300, Math.min(wide, innerWidth * (name === "desktop" ? 0.5 : 0.42)));
  device.style.width = "";
  const border = device.offsetWidth - device.clientWidth;
  device.style.width = `${Math.min(room, wide) + border}px`;
  device.style.alignSelf = "center";
  const scale = Math.min(1, device.clientWidth / wide);
  frame.style.width = `${wide}px`;
  frame.style.height = `${device.clientHeight / scale}px`;
  frame.style.transform = scale < 1 ? `scale(${scale})` : "";
}

function turn(by) {
  const place = state.chapters.findIndex((each) => each.file === shownFile.name);
  const to = state.chapters[place + by];
  if (place >= 0 && to) load(to);
}

// ------------------------------------------------------------------------------------------ place, tools

async function ask(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function showPlace({ place }) {
  const said = place ? (place.line ? `${place.file}:${place.line}` : place.file) : "The layout makes this by itself.";
  element("place").textContent = said;
  element("place").classList.toggle("known", Boolean(place));
  const open = element("open");
  open.hidden = !place?.link;
  if (place?.link) open.href = place.link;
  element("copy").hidden = !place;
}

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

function choose(name, value) {
  document.querySelector(`input[name="${name}"][value="${value}"]`).checked = true;
  changedTool(name);
}

function changedTool(name) {
  localStorage.setItem(`pmpress-${name}`, chosen(name));
  if (name === "light") setLight();
  if (name === "width") setWidth();
  if (name === "view") {
    const before = [...pages.children].find((each) => each.getBoundingClientRect().bottom > print.offsetTop + 80);
    pages.className = chosen("view");
    before?.scrollIntoView({ block: "start" });
  }
  for (const figure of pages.children) if (figure.isNear) drawPage(figure);
}

for (const name of ["view", "width", "light"]) {
  for (const input of document.getElementsByName(name)) input.addEventListener("change", () => changedTool(name));
  const kept = localStorage.getItem(`pmpress-${name}`);
  if (kept && document.querySelector(`input[name="${name}"][value="${kept}"]`)) choose(name, kept);
}
chapter.addEventListener("change", () => load(state.chapters.find((each) => each.file === chapter.value)));
element("back").addEventListener("click", () => turn(-1));
element("on").addEventListener("click", () => turn(1));
element("copy").addEventListener("click", () => navigator.clipboard?.writeText(element("place").textContent));
new ResizeObserver(setWidth).observe(document.body);
new ResizeObserver(() => {
  for (const figure of pages.children) if (figure.isNear) drawPage(figure);
}).observe(print);
setWidth();

const events = new EventSource("events");
events.addEventListener("message", (event) => take(JSON.parse(event.data)));
events.addEventListener("error", () => (element("state").textContent = "The preview has ended, or is out of reach."));
