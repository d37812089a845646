// @signpdf/signpdf signs, in a field that @cantoo/pdf-lib appends: node sign.mjs PASSPHRASE JOBS
// JOBS: [{file, p12, name, box}], one signature after the other, each written over the file.
import fs from "node:fs";
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString, StandardFonts } from "@cantoo/pdf-lib";
import { P12Signer } from "@signpdf/signer-p12";
import { SignPdf } from "@signpdf/signpdf";

const ROOM = 8192; // bytes for the signature's value
const LATER = PDFName.of("*".repeat(10)); // what SignPdf looks for, to write the byte range there

const [passphrase, jobs] = process.argv.slice(2);
for (const { file, p12, name, box } of JSON.parse(fs.readFileSync(jobs))) {
  const pdf = await PDFDocument.load(fs.readFileSync(file), { forIncrementalUpdate: true, updateMetadata: false });
  const page = pdf.getPage(0);
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  const [left, bottom, right, top] = box;
  const text = PDFHexString.of(Buffer.from(name, "latin1").toString("hex"));
  const drawn = pdf.context.stream(`BT /F 9 Tf 4 30 Td ${text} Tj ET`, {
    Type: "XObject",
    Subtype: "Form",
    BBox: [0, 0, right - left, top - bottom],
    Resources: { Font: { F: font.ref } },
  });
  const value = pdf.context.obj({
    Type: "Sig",
    Filter: "Adobe.PPKLite",
    SubFilter: "adbe.pkcs7.detached",
    ByteRange: [0, LATER, LATER, LATER],
    Contents: PDFHexString.of("0".repeat(2 * ROOM)),
    M: PDFString.fromDate(new Date()),
  });
  const widget = pdf.context.register(
    pdf.context.obj({
      Type: "Annot",
      Subtype: "Widget",
      FT: "Sig",
      T: PDFString.of(`Tanda tangan ${name}`),
      V: pdf.context.register(value),
      F: 4,
      Rect: box,
      P: page.ref,
      AP: { N: pdf.context.register(drawn) },
    }),
  );
  page.node.Annots().push(widget);
  const form = pdf.catalog.lookup(PDFName.of("AcroForm"), PDFDict);
  form.lookup(PDFName.of("Fields"), PDFArray).push(widget);
  form.set(PDFName.of("SigFlags"), PDFNumber.of(3));
  const prepared = Buffer.from(await pdf.save({ useObjectStreams: false }));
  fs.writeFileSync(file, await new SignPdf().sign(prepared, new P12Signer(fs.readFileSync(p12), { passphrase })));
}
