package dev.fairlead.control.model;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What people write where a tree is meant: {@code name@alias}, {@code name@version}, either with {@code /suite}, or a digest. */
public sealed interface ModelRef {
    /** What an environment runs: {@code digits@prod}. */
    record OfAlias(ModelName model, String environment) implements ModelRef {
        @Override
        public String toString() {
            return model + "@" + environment;
        }
    }

    /** A numbered version: {@code digits@3}. */
    record OfVersion(ModelName model, int version) implements ModelRef {
        @Override
        public String toString() {
            return model + "@" + version;
        }
    }

    /** The golden inputs of what {@code of} names. */
    record OfSuite(ModelRef of) implements ModelRef {
        @Override
        public String toString() {
            return of + SUITE;
        }
    }

    /** A tree, whether or not it is a model. */
    record OfTree(Digest digest) implements ModelRef {
        @Override
        public String toString() {
            return digest.toString();
        }
    }

    String SUITE = "/suite";

    /** Version numbers have at most nine digits, so that every one fits an int. */
    Pattern NAMED = Pattern.compile("([a-z0-9][a-z0-9._-]{0,62})@(?:([1-9][0-9]{0,8})|([a-z][a-z0-9-]{0,62}))");

    /** A failure names {@code field}. */
    static ModelRef parse(String text, String field) {
        if (text.isEmpty()) {
            throw FairleadException.missing(field);
        }
        if (Digest.looksLike(text)) {
            return new OfTree(Digest.parse(text, field));
        }
        boolean suite = text.endsWith(SUITE);
        String base = suite ? text.substring(0, text.length() - SUITE.length()) : text;
        Matcher match = NAMED.matcher(base);
        if (!match.matches()) {
            String shown = text.length() <= 200 ? text : text.substring(0, 200) + "…";
            throw new FairleadException(
                    ErrorCode.MODEL_REF_INVALID,
                    field,
                    field + " must be name@alias, name@version, name@version/suite or sha256:…, got '" + shown + "'");
        }
        ModelName name = new ModelName(match.group(1));
        ModelRef named = match.group(2) == null
                ? new OfAlias(name, match.group(3))
                : new OfVersion(name, Integer.parseInt(match.group(2)));
        return suite ? new OfSuite(named) : named;
    }
}
