package io.github.modelcache.verify.report;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.verify.VerifyReport;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes findings as JUnit XML, as CI services read it: one test case for each kind of finding. It fails if one of its findings is
 * an error; warnings and infos are its output.
 *
 * @see <a href="https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd">Surefire's schema</a>
 */
public final class JUnitReport {

    private static final String SUITE = "cache:verify";

    private JUnitReport() {}

    /**
     * The report as an XML document.
     *
     * @param project the path of the project in its repository, empty for the top folder. It is part of the names of the
     *     cases, because GitLab shows one of several cases of one name.
     */
    public static String toXml(VerifyReport report, String project) {
        String suite = project.isEmpty() ? SUITE : SUITE + "." + project.replace('.', '_');
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", suite);
            xml.writeAttribute("tests", String.valueOf(FindingId.values().length));
            xml.writeAttribute("failures", String.valueOf(failures(report)));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            xml.writeAttribute("time", seconds(report));
            xml.writeAttribute("timestamp", report.startedAt().toString());
            for (FindingId id : FindingId.values()) {
                writeCase(xml, suite, id, of(report, id));
            }
            xml.writeEndElement();
            xml.writeEndDocument();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e); // a StringWriter has no errors
        }
        return text.append('\n').toString();
    }

    private static void writeCase(XMLStreamWriter xml, String suite, FindingId id, List<Finding> findings)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", suite);
        xml.writeAttribute("name", id.id());
        xml.writeAttribute("time", "0");
        List<Finding> errors = findings.stream().filter(JUnitReport::isError).toList();
        if (!errors.isEmpty()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("type", id.id());
            xml.writeAttribute("message", line(errors.get(0)));
            xml.writeCharacters(lines(errors));
            xml.writeEndElement();
        }
        List<Finding> others =
                findings.stream().filter(finding -> !isError(finding)).toList();
        if (!others.isEmpty()) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(lines(others));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static long failures(VerifyReport report) {
        return report.findings().stream()
                .filter(JUnitReport::isError)
                .map(Finding::id)
                .distinct()
                .count();
    }

    private static List<Finding> of(VerifyReport report, FindingId id) {
        return report.findings().stream().filter(finding -> finding.id() == id).toList();
    }

    private static boolean isError(Finding finding) {
        return finding.severity() == Severity.ERROR;
    }

    private static String lines(List<Finding> findings) {
        return findings.stream().map(JUnitReport::line).collect(Collectors.joining("\n"));
    }

    /** XML has no way to write control characters, so they are replaced. */
    private static String line(Finding finding) {
        return TextSanitizer.text(finding.severity().id() + ": " + finding.message() + ". Fix: " + finding.fix());
    }

    private static String seconds(VerifyReport report) {
        return String.valueOf(report.duration().toMillis() / 1000.0);
    }
}
