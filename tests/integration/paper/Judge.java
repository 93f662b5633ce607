/* A second opinion on a signed paper, by libraries that share nothing with ours: PDFBox reads the
 * file, BouncyCastle verifies.
 *
 * Usage: java Judge.java FILE ROOT.pem. One line for each signature and timestamp; any doubt is an
 * exception and the exit status 1. */
import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;

import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSObject;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Store;

public class Judge {
    private final X509Certificate root;
    private final List<X509Certificate> stored = new ArrayList<>();
    private final List<BasicOCSPResp> answers = new ArrayList<>();
    private int lists;

    private Judge(X509Certificate root) {
        this.root = root;
    }

    public static void main(String[] arguments) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate root;
        try (FileInputStream in = new FileInputStream(arguments[1])) {
            root = (X509Certificate) factory.generateCertificate(in);
        }
        byte[] file = Files.readAllBytes(new File(arguments[0]).toPath());
        try (PDDocument document = PDDocument.load(file)) {
            new Judge(root).judge(document, file);
        }
    }

    private static void must(boolean held, String what) {
        if (!held)
            throw new IllegalStateException(what);
    }

    private void judge(PDDocument document, byte[] file) throws Exception {
        readStore(document);
        for (PDSignature signature : document.getSignatureDictionaries()) {
            byte[] covered = signature.getSignedContent(file);
            byte[] contents = signature.getContents(file);
            if ("ETSI.RFC3161".equals(signature.getSubFilter()))
                judgeStamp(covered, contents);
            else
                judgeSignature(signature, covered, contents);
        }
        System.out.println("store certificates=" + stored.size() + " ocsp=" + answers.size()
                + " crl=" + lists);
    }

    /* The document security store. */
    private void readStore(PDDocument document) throws Exception {
        COSDictionary store =
                document.getDocumentCatalog().getCOSObject().getCOSDictionary(COSName.getPDFName("DSS"));
        if (store == null)
            return;
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (byte[] item : items(store, "Certs"))
            stored.add((X509Certificate) factory.generateCertificate(
                    new java.io.ByteArrayInputStream(item)));
        for (byte[] item : items(store, "OCSPs"))
            answers.add((BasicOCSPResp) new OCSPResp(item).getResponseObject());
        for (byte[] item : items(store, "CRLs")) {
            factory.generateCRL(new java.io.ByteArrayInputStream(item));
            lists++;
        }
    }

    private static List<byte[]> items(COSDictionary store, String name) throws Exception {
        List<byte[]> list = new ArrayList<>();
        COSArray array = store.getCOSArray(COSName.getPDFName(name));
        for (COSBase base : array == null ? new COSArray() : array) {
            COSBase item = base instanceof COSObject ? ((COSObject) base).getObject() : base;
            list.add(((COSStream) item).createInputStream().readAllBytes());
        }
        return list;
    }

    private void judgeSignature(PDSignature signature, byte[] covered, byte[] contents)
            throws Exception {
        CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(covered), contents);
        Collection<SignerInformation> signers = cms.getSignerInfos().getSigners();
        must(signers.size() == 1, "one signer");
        SignerInformation signer = signers.iterator().next();
        X509Certificate certificate = certificateOf(cms.getCertificates(), signer);
        must(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate)), "signature");
        must(signer.getSignedAttributes().get(PKCSObjectIdentifiers.pkcs_9_at_signingTime) == null,
                "no signing-time");
        Attribute ess =
                signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
        SigningCertificateV2 names =
                SigningCertificateV2.getInstance(ess.getAttrValues().getObjectAt(0));
        must(MessageDigest.isEqual(names.getCerts()[0].getCertHash(),
                sha256(certificate.getEncoded())), "signing-certificate-v2");

        Date at = new Date();
        String source = "now";
        Attribute stamp = signer.getUnsignedAttributes() == null ? null
                : signer.getUnsignedAttributes().get(
                        PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
        if (stamp != null) {
            TimeStampToken token = new TimeStampToken(new CMSSignedData(
                    stamp.getAttrValues().getObjectAt(0).toASN1Primitive().getEncoded()));
            at = checkStamp(token, sha256(signer.getSignature()), cms.getCertificates());
            source = "timestamp";
        }
        buildPath(certificate, cms.getCertificates(), at);
        System.out.println("signature " + signature.getName() + " good time=" + source
                + " ocsp=" + statusOf(certificate));
    }

    private void judgeStamp(byte[] covered, byte[] contents) throws Exception {
        TimeStampToken token = new TimeStampToken(new CMSSignedData(contents));
        checkStamp(token, sha256(covered), null);
        System.out.println("document timestamp good");
    }

    /* Imprint, signature, extended key usage (all in validate()) and the authority's chain. */
    private Date checkStamp(TimeStampToken token, byte[] digest, Store<X509CertificateHolder> more)
            throws Exception {
        must(MessageDigest.isEqual(token.getTimeStampInfo().getMessageImprintDigest(), digest),
                "imprint");
        Collection<X509CertificateHolder> own = token.getCertificates().getMatches(token.getSID());
        X509CertificateHolder holder = own.iterator().next();
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(holder));
        Date at = token.getTimeStampInfo().getGenTime();
        buildPath(new JcaX509CertificateConverter().getCertificate(holder), more, at);
        return at;
    }

    private static X509Certificate certificateOf(Store<X509CertificateHolder> store,
            SignerInformation signer) throws Exception {
        Collection<X509CertificateHolder> found = store.getMatches(signer.getSID());
        return new JcaX509CertificateConverter().getCertificate(found.iterator().next());
    }

    private void buildPath(X509Certificate certificate, Store<X509CertificateHolder> more, Date at)
            throws Exception {
        List<X509Certificate> all = new ArrayList<>(stored);
        all.add(certificate);
        if (more != null)
            for (X509CertificateHolder holder : more.getMatches(null))
                all.add(new JcaX509CertificateConverter().getCertificate(holder));
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(certificate);
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(Set.of(new TrustAnchor(root, null)), target);
        parameters.setRevocationEnabled(false); /* statusOf() looks at the file's own proofs */
        parameters.setDate(at);
        parameters.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
        CertPathBuilder.getInstance("PKIX").build(parameters);
    }

    private String statusOf(X509Certificate certificate) throws Exception {
        for (BasicOCSPResp answer : answers) {
            X509CertificateHolder responder = answer.getCerts()[0];
            must(answer.isSignatureValid(
                    new JcaContentVerifierProviderBuilder().build(responder)), "answer");
            for (SingleResp single : answer.getResponses())
                if (single.getCertID().getSerialNumber().equals(certificate.getSerialNumber()))
                    return single.getCertStatus() == CertificateStatus.GOOD ? "good" : "revoked";
        }
        return "none";
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
