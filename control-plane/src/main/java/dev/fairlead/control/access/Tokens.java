package dev.fairlead.control.access;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.tx.Transactions;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes, checks and revokes tokens. A secret is 256 random bits; only its SHA-256 is kept, which needs no salt at that size. */
@Singleton
public final class Tokens {
    /** How long a revocation made on another control plane may go unseen here. */
    static final Duration REMEMBERED = Duration.ofSeconds(5);

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Duration LONGEST = Duration.ofDays(3660);
    private static final int SECRET_BYTES = 32;
    private static final int LONGEST_SECRET = 512;
    private static final int MOST_REMEMBERED = 1000;

    private final TokenStore store;
    private final Transactions transactions;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Seen> remembered = new ConcurrentHashMap<>();

    private record Seen(Token token, Instant at) {}

    public Tokens(TokenStore store, Transactions transactions, InstantSource clock, SecureRandom random) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
        this.random = random;
    }

    /** A new token and, this once, its secret. */
    public record Issued(String secret, Token token) {}

    /** {@code validFor} null means that it does not expire. */
    public Issued create(String name, Role role, @Nullable Duration validFor) {
        if (!NAME.matcher(name).matches()) {
            throw FairleadException.invalid("name", "must match " + NAME.pattern() + ", got '" + name + "'");
        }
        if (validFor != null && (!validFor.isPositive() || validFor.compareTo(LONGEST) > 0)) {
            throw FairleadException.invalid(
                    "valid_for", "must be more than 0 s and at most " + LONGEST.toDays() + " days, got " + validFor);
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = "fl_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant();
        Token token = new Token(name, role, now, validFor == null ? null : now.plus(validFor));
        if (!store.insert(token, hash(secret))) {
            throw new FairleadException(
                    ErrorCode.TOKEN_NAME_TAKEN, "name", "a token named '" + name + "' exists; revoke it first");
        }
        return new Issued(secret, token);
    }

    /** Makes sure that {@code secret} is an admin's token: the one kept in the home folder. */
    public void ensureAdmin(String name, String secret) {
        Optional<Token> known = store.find(hash(secret));
        if (known.isEmpty()) {
            store.replace(new Token(name, Role.ADMIN, clock.instant(), null), hash(secret));
        }
    }

    public List<Token> list() {
        return store.list();
    }

    /** Refuses to remove the last admin token that does not expire: nobody could make another. */
    public void revoke(String name) {
        transactions.run(() -> {
            boolean othersLeft = store.list().stream()
                    .anyMatch(token -> token.role() == Role.ADMIN
                            && token.expiresAt() == null
                            && !token.name().equals(name));
            if (!othersLeft
                    && store.list().stream().anyMatch(token -> token.name().equals(name) && admin(token))) {
                throw new FairleadException(
                        ErrorCode.LAST_ADMIN_TOKEN, "name", "'" + name + "' is the last lasting admin token");
            }
            if (!store.delete(name)) {
                throw new FairleadException(ErrorCode.TOKEN_NOT_FOUND, "name", "no token is named '" + name + "'");
            }
        });
        remembered.values().removeIf(seen -> seen.token().name().equals(name));
    }

    /** The caller whose secret this is. */
    public Caller authenticate(String secret) {
        if (secret.length() > LONGEST_SECRET) {
            throw invalid();
        }
        String hash = hash(secret);
        Instant now = clock.instant();
        Seen seen = remembered.get(hash);
        Token token;
        if (seen != null && now.isBefore(seen.at().plus(REMEMBERED))) {
            token = seen.token();
        } else {
            token = store.find(hash).orElseThrow(Tokens::invalid);
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.clear();
            }
            remembered.put(hash, new Seen(token, now));
        }
        if (token.expired(now)) {
            throw new FairleadException(
                    ErrorCode.CREDENTIALS_EXPIRED, "authorization", "the token expired at " + token.expiresAt());
        }
        return Caller.person(token.name(), token.role());
    }

    private static boolean admin(Token token) {
        return token.role() == Role.ADMIN && token.expiresAt() == null;
    }

    private static FairleadException invalid() {
        return new FairleadException(
                ErrorCode.CREDENTIALS_INVALID, "authorization", "the token is not known; it may have been revoked");
    }

    private static String hash(String secret) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
