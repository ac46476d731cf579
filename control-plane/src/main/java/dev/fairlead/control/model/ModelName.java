package dev.fairlead.control.model;

import dev.fairlead.control.error.FairleadException;
import java.util.regex.Pattern;

/** A model's name: {@code [a-z0-9][a-z0-9._-]{0,62}}. */
public record ModelName(String text) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    public ModelName {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("model name must match " + FORM.pattern() + ": '" + text + "'");
        }
    }

    /** A failure names {@code field}. */
    public static ModelName parse(String text, String field) {
        if (text.isEmpty()) {
            throw FairleadException.missing(field);
        }
        if (!FORM.matcher(text).matches()) {
            String shown = text.length() <= 100 ? text : text.substring(0, 100) + "…";
            throw FairleadException.invalid(field, "must match " + FORM.pattern() + ", got '" + shown + "'");
        }
        return new ModelName(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
