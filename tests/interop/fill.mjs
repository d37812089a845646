// pdf-lib fills a form and draws the answers: node fill.mjs BLANK ANSWERS OUT
import fs from "node:fs";
import { PDFDocument } from "pdf-lib";

const [blank, answers, out] = process.argv.slice(2);
const pdf = await PDFDocument.load(fs.readFileSync(blank));
const form = pdf.getForm();
for (const [name, value] of Object.entries(JSON.parse(fs.readFileSync(answers)))) form.getTextField(name).setText(value);
fs.writeFileSync(out, await pdf.save());
