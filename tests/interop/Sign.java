import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDAppearanceContentStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceDictionary;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceStream;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Apache PDFBox signs: java Sign.java PASSPHRASE JOBS, one signature after the other, each written over the file.
 *
 * <p>A job is a line of tab-separated words: file, key (PKCS#12), then either the name of an empty signature field, or
 * a name to show and the box of a field of its own.
 */
public class Sign {
  public static void main(String[] words) throws Exception {
    for (String line : Files.readAllLines(Path.of(words[1]))) {
      List<String> job = Arrays.asList(line.split("\t"));
      sign(new File(job.get(0)), job.get(1), words[0].toCharArray(), job.subList(2, job.size()));
    }
  }

  private static void sign(File file, String p12, char[] passphrase, List<String> place) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = new FileInputStream(p12)) {
      keys.load(stream, passphrase);
    }
    String alias = keys.aliases().nextElement();
    PrivateKey key = (PrivateKey) keys.getKey(alias, passphrase);
    Certificate[] chain = keys.getCertificateChain(alias);
    PDSignature signature = new PDSignature();
    signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
    signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
    signature.setSignDate(Calendar.getInstance());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PDDocument document = Loader.loadPDF(file);
        SignatureOptions options = new SignatureOptions()) {
      if (place.size() == 1) {
        PDAcroForm form = document.getDocumentCatalog().getAcroForm(null);
        form.getField(place.get(0)).getCOSObject().setItem(COSName.V, signature);
      } else {
        options.setVisualSignature(drawn(place.get(0), document.getPage(0).getMediaBox(), box(place)));
        options.setPage(0);
      }
      document.addSignature(signature, content -> signed(content.readAllBytes(), key, chain), options);
      document.saveIncremental(out);
    }
    Files.write(file.toPath(), out.toByteArray());
  }

  private static PDRectangle box(List<String> place) {
    float left = Float.parseFloat(place.get(1));
    float bottom = Float.parseFloat(place.get(2));
    return new PDRectangle(
        left, bottom, Float.parseFloat(place.get(3)) - left, Float.parseFloat(place.get(4)) - bottom);
  }

  /** A document that holds nothing but the field as it shall look; PDFBox takes it over. */
  private static InputStream drawn(String name, PDRectangle sheet, PDRectangle box) throws IOException {
    try (PDDocument document = new PDDocument()) {
      document.addPage(new PDPage(sheet));
      PDAcroForm form = new PDAcroForm(document);
      document.getDocumentCatalog().setAcroForm(form);
      PDSignatureField field = new PDSignatureField(form);
      form.setSignaturesExist(true);
      form.setAppendOnly(true);
      form.getCOSObject().setDirect(true);
      form.getFields().add(field);
      PDAnnotationWidget widget = field.getWidgets().get(0);
      widget.setRectangle(box);
      PDAppearanceStream stream = new PDAppearanceStream(document);
      stream.setResources(new PDResources());
      stream.setBBox(new PDRectangle(box.getWidth(), box.getHeight()));
      PDAppearanceDictionary appearance = new PDAppearanceDictionary();
      appearance.getCOSObject().setDirect(true);
      appearance.setNormalAppearance(stream);
      widget.setAppearance(appearance);
      try (PDAppearanceContentStream content = new PDAppearanceContentStream(stream)) {
        content.beginText();
        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 9);
        content.newLineAtOffset(4, 30);
        content.showText(name);
        content.endText();
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return new ByteArrayInputStream(out.toByteArray());
    }
  }

  private static byte[] signed(byte[] content, PrivateKey key, Certificate[] chain) throws IOException {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(new JcaContentSignerBuilder("SHA256withRSA").build(key), (X509Certificate) chain[0]));
      generator.addCertificates(new JcaCertStore(Arrays.asList(chain)));
      return generator.generate(new CMSProcessableByteArray(content), false).getEncoded();
    } catch (Exception error) {
      throw new IOException(error);
    }
  }
}
