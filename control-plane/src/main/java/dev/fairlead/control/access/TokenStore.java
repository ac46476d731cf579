package dev.fairlead.control.access;

import java.util.List;
import java.util.Optional;

/** Tokens by the SHA-256 of their secret. */
public interface TokenStore {
    /** False where the name is taken. */
    boolean insert(Token token, String hash);

    /** Gives the token of this name a new secret and role, or makes it. */
    void replace(Token token, String hash);

    Optional<Token> find(String hash);

    /** By name. */
    List<Token> list();

    /** False where no token has the name. */
    boolean delete(String name);
}
