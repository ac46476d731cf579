package dev.fairlead.cli.job;

import dev.fairlead.cli.yaml.YamlField;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** Sizes and durations as job files write them. */
final class Quantities {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,6})?)([A-Za-z]*)");
    private static final Map<String, BigInteger> SIZES = Map.of(
            "", BigInteger.ONE,
            "B", BigInteger.ONE,
            "KiB", BigInteger.TWO.pow(10),
            "MiB", BigInteger.TWO.pow(20),
            "GiB", BigInteger.TWO.pow(30),
            "TiB", BigInteger.TWO.pow(40));
    private static final Map<String, BigInteger> MILLIS = Map.of(
            "ms", BigInteger.ONE,
            "s", BigInteger.valueOf(1000),
            "m", BigInteger.valueOf(60_000),
            "h", BigInteger.valueOf(3_600_000),
            "d", BigInteger.valueOf(86_400_000));

    private Quantities() {}

    /** Bytes of `16GiB`, `1.5MiB` or `1024`. */
    static long bytes(YamlField field) {
        return parse(field, SIZES, "is no size; write 16GiB, 512MiB or plain bytes");
    }

    /** Duration of `90s`, `15m`, `24h`, `500ms`. */
    static Duration duration(YamlField field) {
        return Duration.ofMillis(parse(field, MILLIS, "is no duration; write 90s, 15m or 24h"));
    }

    private static long parse(YamlField field, Map<String, BigInteger> units, String problem) {
        var text = field.text();
        var match = QUANTITY.matcher(text);
        var unit = match.matches() ? units.get(match.group(2)) : null;
        if (unit == null) {
            throw field.fail("\"" + text + "\" " + problem);
        }
        try {
            return new BigDecimal(match.group(1))
                    .multiply(new BigDecimal(unit))
                    .toBigInteger()
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw field.fail("\"" + text + "\" is too large");
        }
    }
}
