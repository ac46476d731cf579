package dev.fairlead.cli.terminal;

/** A progress bar on one line of a terminal. Elsewhere nothing is drawn: callers print plain lines for what is done. */
public final class Progress implements AutoCloseable {
    private static final int WIDTH = 24;

    private final Terminal terminal;
    private final String label;
    private String drawn = "";

    Progress(Terminal terminal, String label) {
        this.terminal = terminal;
        this.label = label;
    }

    /** Draws `fraction` of the bar, 0 to 1; a negative one draws no bar, only the note. */
    public void show(double fraction, String note) {
        if (!terminal.interactive()) {
            return;
        }
        var text = label + (fraction < 0 ? "  " : " " + bar(fraction) + " ") + note;
        if (!text.equals(drawn)) {
            terminal.err().print("\r" + text + " ".repeat(Math.max(0, drawn.length() - text.length())));
            terminal.err().flush();
            drawn = text;
        }
    }

    /** Draws bytes done of a total. */
    public void bytes(long done, long total) {
        show(total == 0 ? 1 : (double) done / total, Units.bytes(done) + " of " + Units.bytes(total));
    }

    static String bar(double fraction) {
        var filled = (int) Math.round(Math.clamp(fraction, 0, 1) * WIDTH);
        return "[" + "█".repeat(filled) + "░".repeat(WIDTH - filled) + "]";
    }

    /** Wipes the bar, so that the next line starts clean. */
    @Override
    public void close() {
        if (!drawn.isEmpty()) {
            terminal.err().print("\r" + " ".repeat(drawn.length()) + "\r");
            terminal.err().flush();
            drawn = "";
        }
    }
}
