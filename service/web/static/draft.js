// Saves the draft and updates the preview while the employee types. Without script the buttons do the same.
import { show } from "./pdf-viewer.js";

const form = document.getElementById("draft");
const status = document.getElementById("saving");
const preview = document.getElementById("preview");
let timer = 0;
let unsaved = false;
let running = Promise.resolve();

const texts = document.documentElement.lang === "en"
  ? { saved: "Saved", saving: "Saving …", failed: "Not saved; it stays on this page", unfit: "Something does not fit yet; press check to see what." }
  : { saved: "Tersimpan", saving: "Menyimpan …", failed: "Belum tersimpan; tetap ada di halaman ini", unfit: "Ada yang belum muat; tekan periksa untuk melihatnya." };

async function save() {
  status.textContent = texts.saving;
  unsaved = false;
  const answer = await fetch(form.dataset.save, { method: "POST", body: new FormData(form) });
  if (answer.status === 409) {
    status.textContent = (await answer.json()).stale;
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  form.elements.revision.value = (await answer.json()).revision;
  status.textContent = texts.saved;
}

async function draw() {
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  const note = document.getElementById("preview-words");
  if (!answer.ok) {
    note.textContent = texts.unfit;
    return;
  }
  await show(preview, { data: new Uint8Array(await answer.arrayBuffer()) });
}

form.addEventListener("input", () => {
  unsaved = true;
  clearTimeout(timer);
  timer = setTimeout(() => {
    running = running.then(save).then(draw).catch(() => {
      status.textContent = texts.failed;
    });
  }, 900);
});
// The button submits everything, so a pending automatic save is dropped.
form.addEventListener("submit", () => clearTimeout(timer));
// Another form of this page (attachments) leaves it: save what was typed before.
document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (target === form || !unsaved) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  clearTimeout(timer);
  running = running.then(save).catch(() => {}).then(() => {
    unsaved = false;
    target.requestSubmit(submitter);
  });
}, { capture: true });
