// Draws the pages of a PDF in every `.pdf-viewer[data-pdf]`. Without script, the link beside it opens the document.
import * as pdfjs from "./vendor/pdfjs/pdf.min.mjs";

pdfjs.GlobalWorkerOptions.workerSrc = new URL("./vendor/pdfjs/pdf.worker.min.mjs", import.meta.url).href;

const failureText = document.documentElement.lang === "en"
  ? "This document cannot be drawn here. Open it with the button beside it."
  : "Dokumen ini tidak dapat digambar di sini. Buka dengan tombol di dekatnya.";

export async function show(area, source) {
  const task = pdfjs.getDocument({ ...source, isEvalSupported: false, enableXfa: false });
  const pdf = await task.promise;
  const canvases = [];
  for (let number = 1; number <= Math.min(pdf.numPages, 20); number += 1) {
    const page = await pdf.getPage(number);
    const width = Math.max(area.clientWidth - 32, 240);
    const scale = width / page.getViewport({ scale: 1 }).width;
    const density = Math.min(window.devicePixelRatio || 1, 2);
    const viewport = page.getViewport({ scale: scale * density });
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

for (const area of document.querySelectorAll(".pdf-viewer[data-pdf]")) {
  show(area, { url: area.dataset.pdf }).catch((error) => {
    area.dataset.shown = "no";
    area.textContent = failureText;
    console.warn(error);
  });
}
