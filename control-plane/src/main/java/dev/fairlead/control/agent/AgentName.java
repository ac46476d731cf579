package dev.fairlead.control.agent;

import dev.fairlead.control.error.FairleadException;
import java.util.regex.Pattern;

/** What an agent is called, for ever: {@code [a-z0-9][a-z0-9._-]{0,62}}. */
public record AgentName(String value) implements Comparable<AgentName> {
    private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    public AgentName {
        requireName("agent", value);
    }

    static void requireName(String field, String value) {
        if (!GRAMMAR.matcher(value).matches()) {
            throw FairleadException.invalid(
                    field, "must be of the form " + GRAMMAR.pattern() + ", got '" + value + "'");
        }
    }

    @Override
    public int compareTo(AgentName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
