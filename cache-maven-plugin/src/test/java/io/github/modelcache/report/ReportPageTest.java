package io.github.modelcache.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReportPageTest {

    private static ReportData.Model named(String reference, long bytes) {
        return new ReportData.Model(
                reference,
                "hf",
                bytes,
                "complete",
                Optional.of("main"),
                Optional.of("<i>mit</i>"),
                List.of("bin"),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    @Nested
    class EveryPart {

        private final String page = ReportPage.of(ReportSample.full());

        @Test
        void findingsHaveTheirFixAndACommandToCopy() {
            assertThat(page)
                    .contains("1 error, 1 warning")
                    .contains("<code>model-corrupt</code>")
                    .contains("<b>Fix:</b> <span class=cmd><code>mvn cache:download</code>")
                    .contains("run <span class=cmd><code>mvn cache:clean -Dcache.scope=unused</code>");
        }

        @Test
        void theTreemapHasATitleForEachModel() {
            assertThat(page).contains("<title>hf:Systran/faster-whisper-large-v3, 3.1 GB (23 %)</title>");
        }

        @Test
        void labelsOfWideCharactersStayInTheirTiles() {
            String wide = ReportPage.of(ReportSample.with(
                    List.of(named("hf:a/" + "模".repeat(100), 900_000_000_000L)), List.of()));

            assertThat(wide).contains(">" + "模".repeat(61) + "…</text>", ">" + "模".repeat(22) + "…</text>");
        }

        @Test
        void budgetsSayWhatIsOver() {
            assertThat(page).contains("11 GB, over warn_size of 10 GB").contains("13 GB of 20 GB");
        }

        @Test
        void cleaningHasSizesEntriesAndCommands() {
            assertThat(page)
                    .contains("<th scope=row>unused<span class=quiet>models that are not in the lock file</span><td"
                            + " class=n>1.5 GB<td class=n>2<td>")
                    .contains("mvn cache:clean -Dcache.scope=metadata");
        }

        @Test
        void growthIsAChartWithItsNumbers() {
            assertThat(page)
                    .contains("From 1.1 GB on 2026-08-01 to 13 GB on 2026-11-30")
                    .contains("<path class=line");
        }

        @Test
        void theTableHasWhatIsKnownOfEachModel() {
            assertThat(page)
                    .contains("<tr><th scope=row>hf:pyannote/segmentation-3.0<td class=n data-v=6000000>6.0 MB<td><span"
                            + " class=\"state \">complete</span><td><code>edaa852ec7e1</code><td>mit<td>bin<td>2026-11-28"
                            + "<td>hf:pyannote/speaker-diarization-3.1");
        }

        @Test
        void itAsksForNothing() {
            assertThat(page).contains("default-src 'none'");
            assertThat(page.replace("url:https://example.org", "").replaceAll("xmlns=\"[^\"]*\"", ""))
                    .doesNotContain("http://")
                    .doesNotContain("https://")
                    .doesNotContain("src=");
        }
    }

    @Nested
    class HostileNames {

        private String page(String name) {
            return ReportPage.of(ReportSample.with(
                    List.of(named("hf:" + name, 50_000_000_000L)),
                    List.of(Finding.of(
                            FindingId.MODEL_CORRUPT, name + " is corrupt", "mvn cache:download \"-D" + name))));
        }

        @Test
        void markupStaysText() {
            String page = page("a/<script>alert(1)</script>\"onload='x'&amp;");
            assertThat(page)
                    .doesNotContain("<script>alert")
                    .doesNotContain("\"onload")
                    .doesNotContain("<i>mit")
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;onload=&#39;x&#39;&amp;amp;");
        }

        @Test
        void controlAndDirectionCharactersAreReplaced() {
            String page = page("a/\u001b[31mred\u202egnp.exe\u0000\u2066");
            assertThat(page).contains("a/?[31mred?gnp.exe??").doesNotContainPattern("[\u001b\u202e\u0000\u2066]");
        }

        @Test
        void aNameOf300CharactersIsWholeInTheTableAndShortInTheTreemap() {
            String name = "a/" + "\ud83e\udd8a".repeat(150);
            String page = page(name);
            assertThat(page).contains("<th scope=row>hf:" + name + "<td");
            assertThat(page).contains("\ud83e\udd8a…</text>");
        }

        @Test
        void aNameThatEndsWithASlashHasALabel() {
            assertThat(page("org/")).contains(">hf:org/</text>");
        }
    }

    @Nested
    class Extremes {

        @Test
        void tenThousandModelsAreAPageOfLessThanFiveMegabytes() {
            List<ReportData.Model> many = IntStream.range(0, 10_000)
                    .mapToObj(i -> named("hf:organisation-" + i % 97 + "/a-model-with-a-usual-name-" + i, 20_000 - i))
                    .toList();
            String page = ReportPage.of(ReportSample.with(many, List.of()));
            assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(5_000_000);
            assertThat(page).contains("9940 other models").contains("a-model-with-a-usual-name-9999<td");
        }

        @Test
        void anEmptyCacheSaysSo() {
            String page = ReportPage.of(ReportSample.with(List.of(), List.of()));
            assertThat(page).contains("No models are declared").contains("✓ Verified, nothing to fix");
        }

        @Test
        void thousandsOfFindingsAreCutWithANote() {
            Finding one = Finding.of(FindingId.MODEL_MISSING, "hf:a/b is missing", "mvn cache:download");
            String page = ReportPage.of(ReportSample.with(List.of(), java.util.Collections.nCopies(1_000, one)));
            assertThat(page).contains("1000 errors").contains("And 800 more");
        }
    }

    @Test
    void aPageWithoutAReportSaysWhy() {
        assertThat(ReportPage.without("no <config>")).contains("<p class=note>no &lt;config&gt;</p>");
    }
}
