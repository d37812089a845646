// Shows PDF pages in every `.paper[data-pdf]`. The link beside it opens the same document without script.
import * as pdfjs from "./vendor/pdfjs/pdf.min.mjs";

pdfjs.GlobalWorkerOptions.workerSrc = new URL("./vendor/pdfjs/pdf.worker.min.mjs", import.meta.url).href;

const unshown = document.documentElement.lang === "en"
  ? "This document cannot be drawn here. Open it with the button beside it."
  : "Dokumen ini tidak dapat digambar di sini. Buka dengan tombol di dekatnya.";

export async function show(area, source) {
  const task = pdfjs.getDocument({ ...source, isEvalSupported: false, enableXfa: false });
  const document_ = await task.promise;
  const canvases = [];
  for (let number = 1; number <= Math.min(document_.numPages, 20); number += 1) {
    const page = await document_.getPage(number);
    const wide = Math.max(area.clientWidth - 32, 240);
    const scale = wide / page.getViewport({ scale: 1 }).width;
    const sharp = Math.min(window.devicePixelRatio || 1, 2);
    const viewport = page.getViewport({ scale: scale * sharp });
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
    canvases.push(canvas);
  }
  area.replaceChildren(...canvases);
  area.dataset.shown = "yes";
  await task.destroy();
}

for (const area of document.querySelectorAll(".paper[data-pdf]")) {
  show(area, { url: area.dataset.pdf }).catch((error) => {
    area.dataset.shown = "no";
    area.textContent = unshown;
    console.warn(error);
  });
}
