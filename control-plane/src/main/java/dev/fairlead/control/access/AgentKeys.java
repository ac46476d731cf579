package dev.fairlead.control.access;

import java.security.PublicKey;
import java.util.Optional;

/** Where the keys of enrolled agents are kept. */
public interface AgentKeys {
    /** The Ed25519 key that {@code agent} enrolled with; empty where no such agent may call. */
    Optional<PublicKey> find(String agent);
}
