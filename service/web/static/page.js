// Conveniences of every page; all pages work without this script.
const token = document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token;
});

// A form is submitted once, however often its button is pressed; after going back it can be submitted again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post")) {
    form.dataset.sent = "yes";
    form.classList.add("sending");
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    form.classList.remove("sending");
  }
});

// The account menu closes on Escape and on a click elsewhere.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.account[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.account[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// Files can be dropped on the area around a file input.
for (const area of document.querySelectorAll(".drop-area")) {
  const input = area.querySelector('input[type="file"]');
  const list = area.querySelector(".file-list");
  const show = () => {
    if (list) list.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.add("drag-over");
    });
  }
  for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("drag-over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// A search field sends its text under the name in data-search; a chosen suggestion fills its field.
document.addEventListener("htmx:configRequest", (event) => {
  const name = event.target.dataset?.search;
  if (name) event.detail.parameters = { [name]: event.target.value, untuk: event.target.id };
});
document.addEventListener("click", (event) => {
  const suggestion = event.target.closest("[data-fill]");
  if (!suggestion) return;
  const field = document.getElementById(suggestion.dataset.fill);
  field.value = suggestion.dataset.value;
  suggestion.closest("ul").remove();
  field.focus();
});

// One checkbox ticks all others of a name.
for (const all of document.querySelectorAll("[data-all]")) {
  all.addEventListener("change", () => {
    for (const box of document.getElementsByName(all.dataset.all)) box.checked = all.checked;
  });
}

// On a phone the menus scroll sideways: scroll the current entry into view.
for (const current of document.querySelectorAll(".menu [aria-current], .tabs [aria-current]")) {
  const list = current.closest("ul");
  const offset = current.getBoundingClientRect().left - list.getBoundingClientRect().left;
  list.scrollLeft += offset - (list.clientWidth - current.clientWidth) / 2;
}
