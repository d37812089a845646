import eu.europa.esig.dss.enumerations.Level;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.policy.EtsiValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.policy.jaxb.BasicSignatureConstraints;
import eu.europa.esig.dss.policy.jaxb.CertificateConstraints;
import eu.europa.esig.dss.policy.jaxb.ConstraintsParameters;
import eu.europa.esig.dss.policy.jaxb.LevelConstraint;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.OfflineCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.FileInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

/**
 * Agree ANCHOR.cer MOMENT FOLDER [LIST.crl | alone]: judges every PDF of a folder, one line each: name, then per signature
 * "field=indication/sub-indication/level", separated by tabs. One start of Java for all of them.
 *
 * The policy is the default one of ETSI EN 319 102-1 in the validator, and strict on what was changed after a
 * signature. Without a list of revoked certificates the demand for revocation data is left out, with one it stands;
 * with `alone` it stands, too, and only what is in the file can meet it.
 * The one given root is trusted, nothing is fetched.
 */
public class Agree {
    public static void main(String[] given) throws Exception {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        CertificateToken anchor = DSSUtils.loadCertificate(new File(given[0]));
        trusted.addCertificate(anchor);
        Date moment = Date.from(Instant.parse(given[1]));
        boolean alone = given.length > 3 && given[3].equals("alone");
        OfflineCRLSource revoked = given.length > 3 && !alone ? new ExternalResourcesCRLSource(new FileInputStream(given[3])) : null;
        EtsiValidationPolicy policy = policy(revoked == null && !alone);
        File[] files = new File(given[2]).listFiles((folder, name) -> name.endsWith(".pdf"));
        Arrays.sort(files);
        for (File file : files) {
            List<String> line = new ArrayList<>(List.of(file.getName().replace(".pdf", "")));
            try {
                line.addAll(judged(file, trusted, moment, policy, revoked, alone));
            } catch (Exception | StackOverflowError | OutOfMemoryError problem) {
                line.add("unreadable=" + problem.getClass().getSimpleName());
            }
            System.out.println(String.join("\t", line));
        }
    }

    private static List<String> judged(
            File file, CommonTrustedCertificateSource trusted, Date moment, EtsiValidationPolicy policy,
            OfflineCRLSource revoked, boolean alone) {
        CommonCertificateVerifier verifier = new CommonCertificateVerifier(revoked == null && !alone);
        verifier.setCrlSource(revoked);
        verifier.setTrustedCertSources(trusted);
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(moment);
        Reports reports = validator.validateDocument(policy);
        SimpleReport simple = reports.getSimpleReport();
        List<String> found = new ArrayList<>();
        for (String id : simple.getSignatureIdList()) {
            List<String> fields = reports.getDiagnosticData().getSignatureById(id).getSignatureFieldNames();
            found.add(String.format("%s=%s/%s/%s", String.join("+", fields), simple.getIndication(id),
                    simple.getSubIndication(id), simple.getSignatureFormat(id)));
        }
        return found;
    }

    private static EtsiValidationPolicy policy(boolean loose) throws Exception {
        ConstraintsParameters rules = ValidationPolicyFacade.newFacade()
                .unmarshall(Agree.class.getResourceAsStream("/policy/constraint.xml"));
        if (loose) loosen(rules.getSignatureConstraints().getBasicSignatureConstraints());
        // By default the validator only informs about what was changed in a document after a signature.
        LevelConstraint strict = new LevelConstraint();
        strict.setLevel(Level.FAIL);
        rules.getSignatureConstraints().getBasicSignatureConstraints().setUndefinedChanges(strict);
        rules.getSignatureConstraints().getBasicSignatureConstraints().setAnnotationChanges(strict);
        if (loose) loosen(rules.getTimestamp().getBasicSignatureConstraints());
        return new EtsiValidationPolicy(rules);
    }

    private static void loosen(BasicSignatureConstraints rules) {
        for (CertificateConstraints constraints : List.of(rules.getSigningCertificate(), rules.getCACertificate())) {
            if (constraints.getRevocationDataAvailable() != null) constraints.getRevocationDataAvailable().setLevel(Level.IGNORE);
            if (constraints.getAcceptableRevocationDataFound() != null) {
                constraints.getAcceptableRevocationDataFound().setLevel(Level.IGNORE);
            }
        }
    }
}
