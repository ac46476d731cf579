package dev.fairlead.control.agent;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.tx.Transactions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** How a machine becomes an agent: an admin makes a token for one name and pool, the machine trades it for an identity. */
public final class Enrolment {
    public static final Duration DEFAULT_VALIDITY = Duration.ofMinutes(15);
    private static final Duration LONGEST_VALIDITY = Duration.ofHours(24);
    private static final int TOKEN_BYTES = 32;
    private static final int LONGEST_KEY = 256;

    private final Transactions transactions;
    private final AgentStore store;
    private final Changes changes;
    private final InstantSource clock;
    private final Terms terms;

    public Enrolment(Transactions transactions, AgentStore store, Changes changes, InstantSource clock, Terms terms) {
        this.transactions = transactions;
        this.store = store;
        this.changes = changes;
        this.clock = clock;
        this.terms = terms;
    }

    /**
     * What enrolment depends on.
     *
     * @param random a cryptographically strong one
     * @param approvalPools pools whose agents wait for approval
     */
    public record Terms(RandomGenerator random, Set<String> approvalPools) {
        public Terms {
            approvalPools = Set.copyOf(approvalPools);
        }
    }

    public JoinToken createToken(AgentName agent, String pool, Duration validFor) {
        AgentName.requireName("pool", pool);
        if (validFor.isNegative() || validFor.isZero() || validFor.compareTo(LONGEST_VALIDITY) > 0) {
            throw FairleadException.invalid(
                    "valid_for", "must be more than 0 s and at most 24 h, got " + validFor.toSeconds() + " s");
        }
        byte[] secret = new byte[TOKEN_BYTES];
        terms.random().nextBytes(secret);
        String token = "fj_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Instant expiresAt = clock.instant().plus(validFor);
        store.insertToken(hash(token), agent, pool, expiresAt);
        return new JoinToken(token, expiresAt);
    }

    /**
     * Trades a join token for an identity. The same key again gives the same agent, though its token is used.
     *
     * @param publicKey X.509 SubjectPublicKeyInfo of an Ed25519 key, DER
     */
    public Agent enrol(String token, AgentName name, String pool, byte[] publicKey) {
        key(publicKey);
        byte[] hash = hash(token);
        return transactions.call(() -> {
            AgentStore.KeptToken kept = store.lockToken(hash)
                    .filter(known -> known.agent().equals(name) && known.pool().equals(pool))
                    .orElseThrow(() -> new FairleadException(
                            ErrorCode.JOIN_TOKEN_INVALID,
                            "join_token",
                            "join_token is not known for agent " + name + " in pool '" + pool + "'"));
            Instant now = clock.instant();
            Optional<byte[]> known = store.publicKey(name);
            if (kept.usedAt() != null) {
                if (known.isPresent() && Arrays.equals(known.get(), publicKey)) {
                    return require(name);
                }
                throw new FairleadException(
                        ErrorCode.JOIN_TOKEN_USED, "join_token", "join_token was used at " + kept.usedAt());
            }
            if (!now.isBefore(kept.expiresAt())) {
                throw new FairleadException(
                        ErrorCode.JOIN_TOKEN_EXPIRED, "join_token", "join_token expired at " + kept.expiresAt());
            }
            if (known.isPresent() && !Arrays.equals(known.get(), publicKey) && present(require(name))) {
                throw new FairleadException(
                        ErrorCode.AGENT_NAME_TAKEN, "agent", "agent " + name + " is connected with another key");
            }
            store.markUsed(hash, now);
            boolean approval = terms.approvalPools().contains(pool);
            store.enrol(name, pool, publicKey, approval ? Admission.PENDING : Admission.ADMITTED, now);
            changes.signal(Topic.AGENTS);
            return require(name);
        });
    }

    /** The key that an agent proves its name with; empty where it is not enrolled. */
    public Optional<PublicKey> publicKey(AgentName name) {
        return store.publicKey(name).map(Enrolment::key);
    }

    private Agent require(AgentName name) {
        return store.find(name).orElseThrow(() -> new IllegalStateException("agent: " + name + " was not stored"));
    }

    private static boolean present(Agent agent) {
        return agent.link() == Link.CONNECTED || agent.link() == Link.LEAVING;
    }

    private static PublicKey key(byte[] encoded) {
        if (encoded.length == 0 || encoded.length > LONGEST_KEY) {
            throw FairleadException.invalid(
                    "public_key", "must be 1 to " + LONGEST_KEY + " bytes, got " + encoded.length);
        }
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new FairleadException(
                    ErrorCode.FIELD_INVALID,
                    "public_key",
                    "public_key is not an X.509 SubjectPublicKeyInfo of an Ed25519 key",
                    e);
        }
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
