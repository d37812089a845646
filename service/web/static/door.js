// Small conveniences; every page works without them.
const token = document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token;
});

// A form is sent once, however often its button is pressed; going back to the page makes the button work again.
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

// One open menu at a time; Escape and a click elsewhere close it.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.who[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.who[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// Files may be dropped on the area around a file input.
for (const area of document.querySelectorAll(".drop")) {
  const input = area.querySelector('input[type="file"]');
  const list = area.querySelector(".drop-list");
  const show = () => {
    if (list) list.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// A search field sends what was typed under the name the search asks for; a found entry fills its field.
document.addEventListener("htmx:configRequest", (event) => {
  const name = event.target.dataset?.search;
  if (name) event.detail.parameters = { [name]: event.target.value, untuk: event.target.id };
});
document.addEventListener("click", (event) => {
  const found = event.target.closest("[data-fill]");
  if (!found) return;
  const field = document.getElementById(found.dataset.fill);
  field.value = found.dataset.value;
  found.closest("ul").remove();
  field.focus();
});

// One tick for all of the same name.
for (const all of document.querySelectorAll("[data-all]")) {
  all.addEventListener("change", () => {
    for (const one of document.getElementsByName(all.dataset.all)) one.checked = all.checked;
  });
}

// On a phone the menus scroll sideways: the place one is at is in sight.
for (const here of document.querySelectorAll(".menu [aria-current], .tabs [aria-current]")) {
  const list = here.closest("ul");
  const aside = here.getBoundingClientRect().left - list.getBoundingClientRect().left;
  list.scrollLeft += aside - (list.clientWidth - here.clientWidth) / 2;
}
