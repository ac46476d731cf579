package dev.fairlead.agent.identity;

/** An agent's name; needs no escaping anywhere. */
public record AgentName(String value) {
    public AgentName {
        if (!value.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException("name: want [a-z0-9][a-z0-9._-]{0,62}, got '" + value + "'");
        }
    }
}
