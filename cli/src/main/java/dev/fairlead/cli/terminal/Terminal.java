package dev.fairlead.cli.terminal;

import java.io.PrintWriter;
import java.util.Map;

/**
 * Where a command writes: results to `out`, everything else to `err`. `interactive` allows redrawing a line, `colour` allows
 * colours; both are off when the output is a file or a pipe.
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colour) {

    /** The process' own terminal, as NO_COLOR and TERM ask. */
    // From JDK 25 on the default console is again that of java.base, which is null without a terminal.
    @SuppressWarnings("SystemConsoleNull")
    public static Terminal of(Map<String, String> environment) {
        var console = System.console();
        var dumb = "dumb".equals(environment.get("TERM"));
        var interactive = console != null && console.isTerminal() && !dumb;
        var colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(
                new PrintWriter(System.out, true, System.out.charset()),
                new PrintWriter(System.err, true, System.err.charset()),
                interactive,
                colour);
    }

    public void line(String text) {
        out.println(text);
        out.flush();
    }

    /** News that is not the command's result. */
    public void note(String text) {
        err.println(text);
        err.flush();
    }

    public String bold(String text) {
        return colour ? "\033[1m" + text + "\033[0m" : text;
    }

    public String green(String text) {
        return colour ? "\033[32m" + text + "\033[0m" : text;
    }

    public String red(String text) {
        return colour ? "\033[31m" + text + "\033[0m" : text;
    }

    /** A bar on `err`; on anything but a terminal only what {@link Progress#close} leaves behind. */
    public Progress progress(String label) {
        return new Progress(this, label);
    }
}
