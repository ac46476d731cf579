package dev.fairlead.control.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentCredentialsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final long SECOND = NOW.getEpochSecond();

    private final KeyPair pair = newPair();
    private final AgentCredentials credentials = new AgentCredentials(
            agent -> agent.equals("mac-1") ? Optional.of(pair.getPublic()) : Optional.empty(),
            InstantSource.fixed(NOW));

    @Test
    void acceptsWhatTheEnrolledKeySigned() {
        Caller caller = credentials.authenticate(signed(pair, "EdDSA", "mac-1", "fairlead", SECOND - 5, SECOND + 55));

        assertThat(caller).isEqualTo(Caller.agent("mac-1"));
    }

    @Test
    void refusesAnotherKey() {
        refuses(signed(newPair(), "EdDSA", "mac-1", "fairlead", SECOND, SECOND + 60), ErrorCode.CREDENTIALS_INVALID);
    }

    @Test
    void refusesAnAgentThatIsNotEnrolled() {
        refuses(signed(pair, "EdDSA", "mac-2", "fairlead", SECOND, SECOND + 60), ErrorCode.CREDENTIALS_INVALID);
    }

    @Test
    void refusesAnotherAlgorithmAndAnotherAudience() {
        refuses(signed(pair, "none", "mac-1", "fairlead", SECOND, SECOND + 60), ErrorCode.CREDENTIALS_INVALID);
        refuses(signed(pair, "EdDSA", "mac-1", "other", SECOND, SECOND + 60), ErrorCode.CREDENTIALS_INVALID);
    }

    @Test
    void refusesTooLongALifeAndTheFuture() {
        refuses(signed(pair, "EdDSA", "mac-1", "fairlead", SECOND, SECOND + 61), ErrorCode.CREDENTIALS_INVALID);
        refuses(signed(pair, "EdDSA", "mac-1", "fairlead", SECOND + 40, SECOND + 60), ErrorCode.CREDENTIALS_INVALID);
    }

    @Test
    void saysThatCredentialsExpired() {
        refuses(signed(pair, "EdDSA", "mac-1", "fairlead", SECOND - 120, SECOND - 60), ErrorCode.CREDENTIALS_EXPIRED);
    }

    @Test
    void refusesNoise() {
        refuses("", ErrorCode.CREDENTIALS_INVALID);
        refuses("a.b", ErrorCode.CREDENTIALS_INVALID);
        refuses("!.!.!", ErrorCode.CREDENTIALS_INVALID);
        refuses("e30.e30.", ErrorCode.CREDENTIALS_INVALID);
        refuses("bm90IGpzb24.e30.AA", ErrorCode.CREDENTIALS_INVALID);
    }

    private void refuses(String jws, ErrorCode code) {
        assertThatThrownBy(() -> credentials.authenticate(jws))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static String signed(KeyPair pair, String alg, String agent, String audience, long issued, long expires) {
        String head = base64("{\"alg\": \"" + alg + "\"}");
        String claims = base64("{\"sub\": \"%s\", \"aud\": \"%s\", \"iat\": %d, \"exp\": %d}"
                .formatted(agent, audience, issued, expires));
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(pair.getPrivate());
            ed25519.update((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
            return head + "." + claims + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(ed25519.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyPair newPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
