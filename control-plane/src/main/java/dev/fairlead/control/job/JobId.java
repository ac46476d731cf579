package dev.fairlead.control.job;

import dev.fairlead.control.error.FairleadException;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Twenty characters of Crockford's base 32 in lower case: ten of the time in milliseconds, ten random. Newer ones sort later. */
public record JobId(String value) implements Comparable<JobId> {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int HALF = 10;
    private static final Pattern GRAMMAR = Pattern.compile("[0-9a-hjkmnp-tv-z]{20}");

    public JobId {
        if (!GRAMMAR.matcher(value).matches()) {
            throw FairleadException.invalid(
                    "id", "must be 20 characters of " + DIGITS + ", got '" + shown(value) + "'");
        }
    }

    public static JobId next(Instant now, RandomGenerator random) {
        char[] text = new char[2 * HALF];
        long time = now.toEpochMilli();
        long noise = random.nextLong();
        for (int i = HALF - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (time & 31));
            text[HALF + i] = DIGITS.charAt((int) (noise & 31));
            time >>>= 5;
            noise >>>= 5;
        }
        return new JobId(new String(text));
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
