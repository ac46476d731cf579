package dev.fairlead.cli.demo;

import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.Units;
import java.time.Duration;
import java.util.Locale;

/** Numbered steps: a bar while one runs, and one line with the time it took when it is done. */
final class Steps {
    private final Context context;
    private final int total;
    private int number;

    Steps(Context context, int total) {
        this.context = context;
        this.total = total;
    }

    /** Reports how far a step has come: 0 to 1, or negative where that is not known. */
    interface Meter {
        void show(double fraction, String note);
    }

    /** What happens in a step; returns what came out, in a few words. */
    interface Work {
        String run(Meter meter) throws InterruptedException;
    }

    void run(String title, Work work) throws InterruptedException {
        number++;
        var label = String.format(Locale.ROOT, "[%d/%d] %-46s", number, total, title);
        var start = context.clock().instant();
        String result;
        try (var progress = context.terminal().progress(label)) {
            progress.show(0, "");
            result = work.run((fraction, note) -> progress.show(fraction, note + "  " + since(start)));
        }
        context.terminal().line(label + " " + String.format(Locale.ROOT, "%8s", since(start)) + "  " + result);
    }

    private String since(java.time.Instant start) {
        return Units.duration(Duration.between(start, context.clock().instant()));
    }
}
