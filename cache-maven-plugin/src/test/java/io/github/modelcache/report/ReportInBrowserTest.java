package io.github.modelcache.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.process.SearchPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The report in a headless Chromium, where one is installed. */
class ReportInBrowserTest {

    @TempDir
    Path folder;

    private Optional<Path> browser = Optional.empty();

    @BeforeEach
    void findBrowser() {
        SearchPath path = SearchPath.of(System.getenv());
        browser = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> path.find(name).stream())
                .findFirst();
        assumeThat(browser).as("Chromium on the PATH").isPresent();
    }

    /** The page after its script has run, and what the browser said about it. */
    private record Shown(String dom, String log) {}

    private Shown show(ReportData data) throws IOException, InterruptedException {
        Path page = Files.writeString(folder.resolve("report.html"), ReportPage.of(data));
        return run(List.of("--dump-dom", page.toUri().toString()));
    }

    private Shown run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                browser.orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr"));
        command.addAll(arguments);
        Path dom = folder.resolve("dom");
        Path log = folder.resolve("log");
        int code = new ProcessBuilder(command)
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(log)).isZero();
        return new Shown(Files.readString(dom), new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
    }

    private static List<String> console(Shown shown) {
        return shown.log().lines().filter(line -> line.contains("CONSOLE")).toList();
    }

    @Test
    void theScriptRunsWithoutAnErrorAndEveryPartIsThere() throws Exception {
        Shown shown = show(ReportSample.full());

        assertThat(console(shown)).isEmpty();
        assertThat(shown.dom())
                .contains("<h2 id=\"findings\">", "<h2 id=\"space\">", "<h2 id=\"budgets\">", "<h2 id=\"clean\">")
                .contains("<h2 id=\"growth\">", "<h2 id=\"models\">")
                .contains("<button type=\"button\">Copy<span")
                .contains("<output id=\"shown\">14 models</output>")
                .contains("<th scope=\"col\"><button type=\"button\">Licence</button></th>");
    }

    /** {@code docs/images/report.sh} asks for it. */
    @Test
    @EnabledIfSystemProperty(named = "docs.update", matches = ".*")
    void drawsThePictureOfTheDocs() throws Exception {
        Path picture = Path.of(System.getProperty("basedir", ".")).resolve("../docs/images/report.png");
        Path page = Files.writeString(folder.resolve("report.html"), ReportPage.of(ReportSample.full()));
        run(List.of(
                "--hide-scrollbars",
                "--force-device-scale-factor=0.8",
                "--window-size=1000,1200",
                "--screenshot=" + picture.toAbsolutePath().normalize(),
                page.toUri().toString()));
        assertThat(picture).exists();
        assertThat(Files.size(picture)).isLessThan(100_000);
    }

    @Test
    void hostileNamesStayText() throws Exception {
        String name = "hf:a/<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        ReportData.Model model = ReportSample.models().get(0);
        ReportData.Model hostile = new ReportData.Model(
                name,
                "hf",
                model.bytes(),
                "complete",
                Optional.of(name),
                Optional.of(name),
                List.of(name),
                Optional.empty(),
                List.of(name),
                Optional.of(name));
        List<Finding> findings = ReportSample.findings();
        Shown shown = show(ReportSample.with(List.of(hostile), findings));

        assertThat(console(shown)).isEmpty();
        assertThat(shown.dom())
                .contains("<title>Model cache of subtitles</title>")
                .doesNotContain("<img");
    }
}
