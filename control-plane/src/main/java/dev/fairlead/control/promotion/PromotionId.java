package dev.fairlead.control.promotion;

import dev.fairlead.control.error.FairleadException;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** A promotion's name: {@code pr-}, eleven hex digits of its start in milliseconds, eight random ones; sorts by age. */
public record PromotionId(String value) implements Comparable<PromotionId> {
    private static final Pattern FORM = Pattern.compile("pr-[0-9a-f]{19}");

    public PromotionId {
        check(value, "id");
    }

    /** Reads an id; a failure names {@code field}. */
    public static PromotionId parse(String text, String field) {
        check(text, field);
        return new PromotionId(text);
    }

    private static void check(String value, String field) {
        if (value.isEmpty()) {
            throw FairleadException.missing(field);
        }
        if (!FORM.matcher(value).matches()) {
            String shown = value.length() <= 40 ? value : value.substring(0, 40) + "…";
            throw FairleadException.invalid(field, "has the form pr-<19 hex digits>, not '" + shown + "'");
        }
    }

    static PromotionId next(Instant now, RandomGenerator random) {
        return new PromotionId("pr-%011x%08x".formatted(now.toEpochMilli(), random.nextInt()));
    }

    @Override
    public int compareTo(PromotionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
