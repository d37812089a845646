// Moves the progress bar by server-sent events; when the batch ends, the page is loaded again with the results.
const bar = document.getElementById("bar");
const label = document.getElementById("words");
const english = document.documentElement.lang === "en";

function timeLeft(seconds) {
  if (seconds === null) return "";
  const minutes = Math.floor(seconds / 60);
  const [minuteUnit, secondUnit] = english ? ["min", "s"] : ["menit", "detik"];
  const text = `${minutes ? `${minutes} ${minuteUnit} ` : ""}${seconds % 60} ${secondUnit}`;
  return english ? `, ${text} left` : `, sisa ${text}`;
}

// When the worker has stopped, the page says why nothing moves.
const PATIENCE = 60_000;
let seen = -1;
let moved = Date.now();

function standstillNote(done) {
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
    label.textContent = `${now.done} ${english ? "of" : "dari"} ${now.total} ${label.dataset.of}` + pace + timeLeft(now.seconds_left) + standstillNote(now.done);
    if (now.over || now.state !== bar.dataset.state) {
      events.close();
      location.reload();
    }
  };
  // Browsers reconnect after a lost connection but not after an error, as when the service restarts.
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(watch, 3000);
  };
}

if (bar?.dataset.events) watch();
