// While one types: the draft is saved by itself and the preview follows. Without script the buttons do the same.
import { show } from "./paper.js";

const form = document.getElementById("draft");
const saving = document.getElementById("saving");
const preview = document.getElementById("preview");
let timer = 0;
let unsaved = false;
let running = Promise.resolve();

const texts = document.documentElement.lang === "en"
  ? { saved: "Saved", saving: "Saving …", failed: "Not saved; it stays on this page", unfit: "Something does not fit yet; press check to see what." }
  : { saved: "Tersimpan", saving: "Menyimpan …", failed: "Belum tersimpan; tetap ada di halaman ini", unfit: "Ada yang belum muat; tekan periksa untuk melihatnya." };

async function save() {
  saving.textContent = texts.saving;
  unsaved = false;
  const answer = await fetch(form.dataset.save, { method: "POST", body: new FormData(form) });
  if (answer.status === 409) {
    saving.textContent = (await answer.json()).stale;
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  form.elements.revision.value = (await answer.json()).revision;
  saving.textContent = texts.saved;
}

async function draw() {
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  const words = document.getElementById("preview-words");
  if (!answer.ok) {
    words.textContent = texts.unfit;
    return;
  }
  await show(preview, { data: new Uint8Array(await answer.arrayBuffer()) });
}

form.addEventListener("input", () => {
  unsaved = true;
  clearTimeout(timer);
  timer = setTimeout(() => {
    running = running.then(save).then(draw).catch(() => {
      saving.textContent = texts.failed;
    });
  }, 900);
});
// What is on its way is waited for, so that the button sends the newest revision.
form.addEventListener("submit", () => clearTimeout(timer));
// Another form of this page (attachments) leads away from it: what was typed a moment ago goes first.
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
