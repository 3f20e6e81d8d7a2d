package io.github.modelcache.report;

import io.github.modelcache.config.Budget;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Budgets, what cleaning would free, and growth. */
final class SizeSections {

    private static final int MOST_POINTS = 400;
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 200;

    private final Html html;
    private final ReportData data;

    SizeSections(Html html, ReportData data) {
        this.html = html;
        this.data = data;
    }

    void budgets() {
        html.raw("<section aria-labelledby=budgets><h2 id=budgets>Budgets</h2><div class=rows>");
        budget("All caches", "", data.bytes(), data.budget());
        for (ReportData.Root root : data.roots()) {
            String facts = Plan.name(data.project(), root.path()) + ", " + root.files()
                    + (root.files() == 1 ? " file" : " files");
            if (root.budget().isPresent()) {
                budget(root.name(), facts, root.bytes(), root.budget().get());
            } else {
                row(root.name(), facts, ByteSize.format(root.bytes()), share(root.bytes(), data.bytes()), "plain");
            }
        }
        html.raw("</div></section>");
    }

    private void budget(String name, String facts, long bytes, Budget budget) {
        boolean limited = budget.maxBytes() < Long.MAX_VALUE;
        long limit = limited ? budget.maxBytes() : budget.warnBytes();
        String state = bytes > budget.maxBytes() ? "error" : bytes > budget.warnBytes() ? "warning" : "ok";
        String over = limited || bytes <= limit ? " of " + ByteSize.format(limit) : "";
        String words = ByteSize.format(bytes)
                + over
                + (bytes > budget.maxBytes()
                        ? ", over max_size"
                        : bytes > budget.warnBytes()
                                ? ", over warn_size of " + ByteSize.format(budget.warnBytes())
                                : "");
        row(name, facts, words, share(bytes, limit), state);
    }

    private void row(String name, String facts, String words, double share, String state) {
        html.raw("<div class=row><div><b>")
                .text(name)
                .raw("</b> <span class=quiet>")
                .text(facts)
                .raw("</span></div>");
        html.raw("<div class=words>").text(words).raw("</div><div class=\"bar " + state + "\"><span style=\"width:");
        html.number(Math.min(1, share) * 100).raw("%\"></span></div></div>");
    }

    private static double share(long bytes, long of) {
        return of <= 0 ? (bytes > 0 ? 1 : 0) : (double) bytes / of;
    }

    void cleaning() {
        html.raw(
                "<section aria-labelledby=clean><h2 id=clean>What cleaning would free</h2><div class=scroll tabindex=0 "
                        + "role=region aria-labelledby=clean><table class=\"plain cleaning\"><thead><tr><th scope=col>Scope<th scope=col class=n>"
                        + "Would free<th scope=col class=n>Entries<th scope=col>Command</thead><tbody>");
        for (ReportData.Cleaning cleaning : data.cleanings()) {
            html.raw("<tr><th scope=row>")
                    .text(cleaning.scope())
                    .raw("<span class=quiet>")
                    .text(cleaning.meaning());
            html.raw("</span><td class=n>")
                    .text(cleaning.bytes().map(ByteSize::format).orElse("unknown"));
            html.raw("<td class=n>").text(cleaning.bytes().isPresent() ? String.valueOf(cleaning.entries()) : "–");
            html.raw("<td>");
            FindingsSection.command(html, cleaning.command());
        }
        html.raw("</tbody></table></div></section>");
    }

    void growth() {
        html.raw("<section aria-labelledby=growth><h2 id=growth>Growth</h2>");
        List<SizeRecord> history = thinned(data.history());
        if (history.size() < 2) {
            html.raw(
                    "<p class=quiet>The size has not changed since it was first recorded. verify and report record each"
                            + " change.</p></section>");
            return;
        }
        SizeRecord first = history.get(0);
        SizeRecord last = history.get(history.size() - 1);
        long most = history.stream().mapToLong(SizeRecord::bytes).max().orElse(1);
        html.raw("<figure class=chart><div class=y><span>")
                .text(ByteSize.format(most))
                .raw("</span><span>0 B</span></div>");
        html.raw("<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" preserveAspectRatio=none role=img aria-label=\"");
        html.text("From " + ByteSize.format(first.bytes()) + " on " + date(first) + " to "
                        + ByteSize.format(last.bytes()) + " on " + date(last) + ", at most " + ByteSize.format(most))
                .raw("\">");
        String line = line(history, most);
        html.raw("<path class=area d=\"" + line + "V" + HEIGHT + "H0Z\"/><path class=line d=\"" + line + "\"/></svg>");
        html.raw("<figcaption><span>")
                .text(date(first))
                .raw("</span><span>")
                .text(date(last))
                .raw("</span></figcaption>");
        html.raw("</figure>");
        changes(data.history());
        html.raw("</section>");
    }

    /** Steps: a size holds until it changes. */
    private static String line(List<SizeRecord> history, long most) {
        long from = history.get(0).at().getEpochSecond();
        long span = Math.max(1, history.get(history.size() - 1).at().getEpochSecond() - from);
        StringBuilder path = new StringBuilder();
        for (SizeRecord size : history) {
            double x = (double) (size.at().getEpochSecond() - from) / span * WIDTH;
            double y = HEIGHT - (most == 0 ? 0 : (double) size.bytes() / most * (HEIGHT - 4));
            path.append(
                    path.length() == 0
                            ? String.format(Locale.ROOT, "M%.0f,%.1f", x, y)
                            : String.format(Locale.ROOT, "H%.0fV%.1f", x, y));
        }
        return path.toString();
    }

    private void changes(List<SizeRecord> history) {
        html.raw(
                "<details><summary>The last changes</summary><table class=plain><thead><tr><th scope=col>Date<th scope=col"
                        + " class=n>Size<th scope=col class=n>Change</thead><tbody>");
        int from = Math.max(1, history.size() - 20);
        for (int i = history.size() - 1; i >= from; i--) {
            long change = history.get(i).bytes() - history.get(i - 1).bytes();
            html.raw("<tr><td>").text(date(history.get(i))).raw("<td class=n>");
            html.text(ByteSize.format(history.get(i).bytes())).raw("<td class=n>");
            html.text((change < 0 ? "−" : "+") + ByteSize.format(Math.abs(change)));
        }
        html.raw("</tbody></table></details>");
    }

    private String date(SizeRecord size) {
        return LocalDate.ofInstant(size.at(), data.zone()).toString();
    }

    /** Enough points for any screen. */
    private static List<SizeRecord> thinned(List<SizeRecord> history) {
        int step = history.size() / MOST_POINTS + 1;
        List<SizeRecord> some = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            if (i % step == 0 || i == history.size() - 1) {
                some.add(history.get(i));
            }
        }
        return some;
    }
}
