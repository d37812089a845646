// Moves the bar as the server tells it; when the work is over the page is loaded once more with everything on it.
const bar = document.getElementById("bar");
const words = document.getElementById("words");
const english = document.documentElement.lang === "en";

function left(seconds) {
  if (seconds === null) return "";
  const minutes = Math.floor(seconds / 60);
  const [whole, rest] = english ? ["min", "s"] : ["menit", "detik"];
  const told = `${minutes ? `${minutes} ${whole} ` : ""}${seconds % 60} ${rest}`;
  return english ? `, ${told} left` : `, sisa ${told}`;
}

// A worker that was stopped leaves the work where it is; whoever watches is told why nothing moves.
const PATIENCE = 60_000;
let seen = -1;
let moved = Date.now();

function still(done) {
  if (done !== seen) [seen, moved] = [done, Date.now()];
  if (Date.now() - moved < PATIENCE) return "";
  return english
    ? ". Nothing has moved for a minute: the worker may be stopped. Nothing is lost; tell the admin."
    : ". Semenit ini belum ada kemajuan: pekerja layanan mungkin berhenti. Tidak ada yang hilang; hubungi admin.";
}

function watch() {
  const events = new EventSource(bar.dataset.events);
  events.onmessage = (event) => {
    const now = JSON.parse(event.data);
    bar.max = now.total || 1;
    bar.value = now.done;
    const pace = now.per_second ? `, ${String(now.per_second).replace(".", english ? "." : ",")} ${english ? "per second" : "per detik"}` : "";
    words.textContent = `${now.done} ${english ? "of" : "dari"} ${now.total} ${words.dataset.of}` + pace + left(now.seconds_left) + still(now.done);
    if (now.over || now.state !== bar.dataset.state) {
      events.close();
      location.reload();
    }
  };
  // A browser asks again by itself after a broken line, but not after an error: a service that is just being restarted.
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(watch, 3000);
  };
}

if (bar?.dataset.events) watch();
