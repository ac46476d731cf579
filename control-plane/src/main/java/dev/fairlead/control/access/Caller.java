package dev.fairlead.control.access;

import java.util.Optional;

/**
 * Who makes a call.
 *
 * @param name the token's name, or the agent's
 * @param role of the token; agents are viewers, and {@link Rule} says what else they may do
 * @param agent the agent's name where an agent calls
 */
public record Caller(String name, Role role, Optional<String> agent) {
    public static Caller person(String name, Role role) {
        return new Caller(name, role, Optional.empty());
    }

    public static Caller agent(String name) {
        return new Caller(name, Role.VIEWER, Optional.of(name));
    }
}
