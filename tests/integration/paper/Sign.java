/* Signed files by other hands than ours: PDFBox writes, BouncyCastle signs.
 *
 * Usage: java Sign.java JOBS. Each line of the file JOBS is a job, its words separated by spaces:
 *   new OUT                                        an unsigned page
 *   sign IN OUT KEY.p12 SUBFILTER DIGEST           one more signature, as an increment
 *   script|layer|link|attachment|note|text IN OUT  the same file with that in it, written anew
 *   edit|overlay|store|title IN OUT                the same as an increment that nobody signs
 *   patch IN OUT FROM TO                           the same with TO, of equal length, instead of FROM;
 *                                                  "_" stands for a space
 *   close IN OUT KEY.p12                           signed so that nothing may be added
 * The keys' password is "x". */
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;

import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.graphics.optionalcontent.PDOptionalContentGroup;
import org.apache.pdfbox.pdmodel.graphics.optionalcontent.PDOptionalContentProperties;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionJavaScript;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionURI;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationLink;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationText;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureInterface;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDTextField;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

public class Sign implements SignatureInterface {
    private static final char[] PASSWORD = "x".toCharArray();
    private final PrivateKey key;
    private final Certificate[] chain;
    private final String digest;
    private final boolean cades;

    private Sign(String path, String digest, boolean cades) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream in = new FileInputStream(path)) {
            store.load(in, PASSWORD);
        }
        String alias = store.aliases().nextElement();
        key = (PrivateKey) store.getKey(alias, PASSWORD);
        chain = store.getCertificateChain(alias);
        this.digest = digest;
        this.cades = cades;
    }

    public static void main(String[] arguments) throws Exception {
        for (String line : Files.readAllLines(new File(arguments[0]).toPath())) {
            String[] words = line.split(" ");
            switch (words[0]) {
            case "new":
                make(words[1]);
                break;
            case "sign":
                sign(words[1], words[2], words[4], new Sign(words[3], words[5],
                        words[4].startsWith("ETSI")), false);
                break;
            case "patch":
                patch(words[1], words[2], words[3], words[4]);
                break;
            case "close":
                sign(words[1], words[2], "adbe.pkcs7.detached",
                        new Sign(words[3], "SHA256", false), true);
                break;
            default:
                change(words[0], words[1], words[2]);
                break;
            }
        }
    }

    private static void make(String out) throws Exception {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            write(document, page, "Quyet dinh so 12", 700);
            document.save(out);
        }
    }

    private static void patch(String in, String out, String from, String to) throws IOException {
        String text = new String(Files.readAllBytes(new File(in).toPath()), ISO_8859_1);
        String wanted = from.replace('_', ' ');
        if (!text.contains(wanted) || from.length() != to.length())
            throw new IOException("cannot patch " + from);
        Files.write(new File(out).toPath(),
                text.replace(wanted, to.replace('_', ' ')).getBytes(ISO_8859_1));
    }

    private static void write(PDDocument document, PDPage page, String text, float y)
            throws IOException {
        try (PDPageContentStream stream = new PDPageContentStream(document, page,
                PDPageContentStream.AppendMode.APPEND, false)) {
            stream.beginText();
            stream.setFont(PDType1Font.TIMES_ROMAN, 14);
            stream.newLineAtOffset(72, y);
            stream.showText(text);
            stream.endText();
        }
    }

    private static void sign(String in, String out, String subFilter, Sign signer, boolean closes)
            throws Exception {
        byte[] before = Files.readAllBytes(new File(in).toPath());
        try (PDDocument document = PDDocument.load(before);
             OutputStream file = new FileOutputStream(out)) {
            PDSignature signature = new PDSignature();
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(COSName.getPDFName(subFilter));
            signature.setName("What the dictionary says");
            signature.setReason("object of the test");
            signature.setSignDate(Calendar.getInstance());
            if (closes)
                close(document, signature);
            document.addSignature(signature, signer);
            document.saveIncremental(file);
        }
    }

    /* DocMDP with P 1 (ISO 32000-2, section 12.8.2.2). */
    private static void close(PDDocument document, PDSignature signature) {
        COSDictionary terms = new COSDictionary();
        terms.setItem(COSName.TYPE, COSName.getPDFName("TransformParams"));
        terms.setInt(COSName.P, 1);
        terms.setName(COSName.V, "1.2");
        COSDictionary reference = new COSDictionary();
        reference.setItem(COSName.TYPE, COSName.getPDFName("SigRef"));
        reference.setItem(COSName.getPDFName("TransformMethod"), COSName.getPDFName("DocMDP"));
        reference.setItem(COSName.getPDFName("TransformParams"), terms);
        COSArray references = new COSArray();
        references.add(reference);
        signature.getCOSObject().setItem(COSName.getPDFName("Reference"), references);
        COSDictionary permissions = new COSDictionary();
        permissions.setItem(COSName.getPDFName("DocMDP"), signature);
        COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
        catalog.setItem(COSName.getPDFName("Perms"), permissions);
        catalog.setNeedToBeUpdated(true);
    }

    private static void change(String what, String in, String out) throws Exception {
        byte[] before = Files.readAllBytes(new File(in).toPath());
        boolean increments = List.of("edit", "overlay", "store", "title").contains(what);
        try (PDDocument document = PDDocument.load(before);
             OutputStream file = new FileOutputStream(out)) {
            if (increments)
                update(document, what);
            else
                extend(document, what);
            if (increments)
                document.saveIncremental(file);
            else
                document.save(file);
        }
    }

    private static void update(PDDocument document, String what) throws Exception {
        PDPage page = document.getPage(0);
        COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
        if (what.equals("edit")) {
            COSStream content = document.getDocument().createCOSStream();
            try (OutputStream stream = content.createOutputStream()) {
                stream.write("BT ET".getBytes());
            }
            page.getCOSObject().setItem(COSName.CONTENTS, content);
            touch(document, page);
        } else if (what.equals("overlay")) {
            annotate(document, page);
            touch(document, page);
        } else if (what.equals("title")) {
            document.getDocumentInformation().setTitle("Another title");
            document.getDocumentInformation().getCOSObject().setNeedToBeUpdated(true);
            document.getDocument().getTrailer().setNeedToBeUpdated(true);
        } else {
            store(document, catalog);
        }
    }

    /* An increment holds what is marked, found from marked ones. */
    private static void touch(PDDocument document, PDPage page) {
        document.getDocumentCatalog().getCOSObject().setNeedToBeUpdated(true);
        document.getDocumentCatalog().getPages().getCOSObject().setNeedToBeUpdated(true);
        page.getCOSObject().setNeedToBeUpdated(true);
    }

    /* The certificates of the first signature, as validation data. */
    private static void store(PDDocument document, COSDictionary catalog) throws Exception {
        COSDictionary store = new COSDictionary();
        COSArray certificates = new COSArray();
        COSStream certificate = document.getDocument().createCOSStream();
        try (OutputStream stream = certificate.createOutputStream(COSName.FLATE_DECODE)) {
            stream.write(new byte[] {0x30, 0});
        }
        certificates.add(certificate);
        store.setItem(COSName.getPDFName("Certs"), certificates);
        store.setNeedToBeUpdated(true);
        catalog.setItem(COSName.getPDFName("DSS"), store);
        catalog.setNeedToBeUpdated(true);
    }

    private static void annotate(PDDocument document, PDPage page) throws IOException {
        PDAnnotationText note = new PDAnnotationText();
        note.setRectangle(new PDRectangle(0, 0, 500, 700));
        note.setContents("Something else");
        List<org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotation> list =
                page.getAnnotations();
        list.add(note);
        page.setAnnotations(list);
    }

    private static void extend(PDDocument document, String what) throws Exception {
        PDPage page = document.getPage(0);
        if (what.equals("script")) {
            document.getDocumentCatalog().setOpenAction(new PDActionJavaScript("app.alert(1)"));
        } else if (what.equals("layer")) {
            PDOptionalContentProperties layers = new PDOptionalContentProperties();
            layers.addGroup(new PDOptionalContentGroup("Layer"));
            document.getDocumentCatalog().setOCProperties(layers);
        } else if (what.equals("link")) {
            PDActionURI action = new PDActionURI();
            action.setURI("https://example.org/");
            PDAnnotationLink link = new PDAnnotationLink();
            link.setRectangle(new PDRectangle(72, 690, 100, 20));
            link.setAction(action);
            page.setAnnotations(Arrays.asList(link));
        } else if (what.equals("attachment")) {
            attach(document);
        } else if (what.equals("note")) {
            annotate(document, page);
        } else {
            PDAcroForm form = new PDAcroForm(document);
            PDTextField field = new PDTextField(form);
            field.setPartialName("amount");
            form.getFields().add(field);
            document.getDocumentCatalog().setAcroForm(form);
        }
    }

    private static void attach(PDDocument document) throws IOException {
        COSStream content = document.getDocument().createCOSStream();
        content.setItem(COSName.TYPE, COSName.getPDFName("EmbeddedFile"));
        try (OutputStream stream = content.createOutputStream(COSName.FLATE_DECODE)) {
            stream.write("a,b\n1,2\n".getBytes());
        }
        COSDictionary embedded = new COSDictionary();
        embedded.setItem(COSName.F, content);
        COSDictionary description = new COSDictionary();
        description.setItem(COSName.TYPE, COSName.getPDFName("Filespec"));
        description.setString(COSName.F, "table.csv");
        description.setItem(COSName.getPDFName("EF"), embedded);
        COSArray names = new COSArray();
        names.add(new COSString("table.csv"));
        names.add(description);
        COSDictionary files = new COSDictionary();
        files.setItem(COSName.getPDFName("Names"), names);
        COSDictionary tree = new COSDictionary();
        tree.setItem(COSName.getPDFName("EmbeddedFiles"), files);
        document.getDocumentCatalog().getCOSObject().setItem(COSName.getPDFName("Names"), tree);
    }

    @Override
    public byte[] sign(InputStream content) throws IOException {
        try {
            X509Certificate certificate = (X509Certificate) chain[0];
            String algorithm = digest + "with" + (key.getAlgorithm().equals("RSA") ? "RSA" : "ECDSA");
            JcaSignerInfoGeneratorBuilder builder = new JcaSignerInfoGeneratorBuilder(
                    new JcaDigestCalculatorProviderBuilder().build());
            if (cades)
                builder.setSignedAttributeGenerator(
                        new DefaultSignedAttributeTableGenerator(named(certificate)));
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(builder.build(
                    new JcaContentSignerBuilder(algorithm).build(key), certificate));
            generator.addCertificates(new JcaCertStore(Arrays.asList(chain)));
            return generator.generate(new CMSProcessableByteArray(content.readAllBytes()), false)
                    .getEncoded();
        } catch (Exception failure) {
            throw new IOException(failure);
        }
    }

    private static AttributeTable named(X509Certificate certificate) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2,
                new DERSet(new SigningCertificateV2(new ESSCertIDv2(hash)))));
        return new AttributeTable(attributes);
    }
}
