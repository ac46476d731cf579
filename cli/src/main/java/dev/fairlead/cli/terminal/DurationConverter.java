package dev.fairlead.cli.terminal;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Option values such as `90s`, `15m`, `24h`, `30d`. */
public final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([smhd])");

    @Override
    public Duration convert(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new TypeConversionException("\"" + text + "\" is no duration; write 90s, 15m, 24h or 30d");
        }
        var amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
