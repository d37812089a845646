// Moves the bar as the server tells it; when the work is over the page is loaded once more with everything on it.
const bar = document.getElementById("bar");
const words = document.getElementById("words");
const english = document.documentElement.lang === "en";

function left(seconds) {
  if (seconds === null) return "";
  const minutes = Math.floor(seconds / 60);
  const told = minutes ? `${minutes}.${String(seconds % 60).padStart(2, "0")}` : `${seconds}`;
  return english ? `, ${told} ${minutes ? "min" : "s"} left` : `, sisa ${told} ${minutes ? "menit" : "detik"}`;
}

function watch() {
  const events = new EventSource(bar.dataset.events);
  events.onmessage = (event) => {
    const now = JSON.parse(event.data);
    bar.max = now.total || 1;
    bar.value = now.done;
    const pace = now.per_second ? `, ${String(now.per_second).replace(".", english ? "." : ",")} ${english ? "per second" : "per detik"}` : "";
    words.textContent = (english ? `${now.done} of ${now.total} files` : `${now.done} dari ${now.total} berkas`) + pace + left(now.seconds_left);
    if (now.over) {
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
