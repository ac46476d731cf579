package dev.fairlead.control.job;

import dev.fairlead.control.error.FairleadException;

/**
 * One attempt of a job; printed as {@code <job>.<number>}.
 *
 * @param number 1, 2, …
 */
public record AttemptId(JobId job, int number) {
    public AttemptId {
        if (number < 1) {
            throw FairleadException.invalid("attempt", "must be at least 1, got " + number);
        }
    }

    /** Reads the printed form; a failure names {@code field}. */
    public static AttemptId parse(String text, String field) {
        int dot = text.indexOf('.');
        String digits = text.substring(dot + 1);
        if (dot < 0
                || digits.isEmpty()
                || digits.length() > 9
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw FairleadException.invalid(field, "must be <job>.<number>, got '" + text + "'");
        }
        return new AttemptId(new JobId(text.substring(0, dot)), Integer.parseInt(digits));
    }

    @Override
    public String toString() {
        return job.value() + "." + number;
    }
}
