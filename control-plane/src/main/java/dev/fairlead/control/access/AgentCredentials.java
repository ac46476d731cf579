package dev.fairlead.control.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Checks what an agent shows: a compact JWS (RFC 7515) signed with Ed25519 (RFC 8037, alg {@code EdDSA}), with the claims
 * {@code sub} (the agent), {@code aud} = {@code fairlead}, {@code iat} and {@code exp} at most 60 s after it.
 */
@Singleton
public final class AgentCredentials {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** How far an agent's clock may be ahead or behind. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private static final int LONGEST_TEXT = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AgentKeys keys;
    private final InstantSource clock;

    public AgentCredentials(AgentKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The agent that signed {@code jws}. */
    public Caller authenticate(String jws) {
        String[] parts = jws.split("\\.", -1);
        if (jws.length() > LONGEST_TEXT || parts.length != 3) {
            throw invalid("it is no compact JWS");
        }
        JsonNode header = json(parts[0]);
        JsonNode claims = json(parts[1]);
        if (!header.path("alg").asText().equals("EdDSA")) {
            throw invalid("its alg is not EdDSA");
        }
        String agent = claims.path("sub").asText();
        PublicKey key = keys.find(agent).orElseThrow(() -> invalid("no agent of that name is enrolled"));
        if (!signed(key, parts[0] + "." + parts[1], decode(parts[2]))) {
            throw invalid("its signature is not by the key that the agent enrolled with");
        }
        if (!claims.path("aud").asText().equals("fairlead")) {
            throw invalid("its aud is not 'fairlead'");
        }
        checkTimes(claims);
        return Caller.agent(agent);
    }

    private void checkTimes(JsonNode claims) {
        if (!claims.path("iat").canConvertToLong() || !claims.path("exp").canConvertToLong()) {
            throw invalid("iat or exp is missing");
        }
        long issued = claims.path("iat").longValue();
        long expires = claims.path("exp").longValue();
        long now = clock.instant().getEpochSecond();
        if (expires < issued || expires - issued > LONGEST.toSeconds() || issued > now + SKEW.toSeconds()) {
            throw invalid("iat and exp must be at most " + LONGEST.toSeconds() + " s apart and not in the future");
        }
        if (now > expires + SKEW.toSeconds()) {
            throw new FairleadException(
                    ErrorCode.CREDENTIALS_EXPIRED,
                    "authorization",
                    "the agent's credentials expired at " + Instant.ofEpochSecond(expires) + "; check its clock");
        }
    }

    private static boolean signed(PublicKey key, String text, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(text.getBytes(StandardCharsets.US_ASCII));
            return ed25519.verify(signature);
        } catch (GeneralSecurityException e) {
            // A signature of the wrong length or form: not signed, whatever the provider calls it.
            return false;
        }
    }

    private static JsonNode json(String part) {
        try {
            return JSON.readTree(decode(part));
        } catch (JsonProcessingException e) {
            throw invalid("it holds no JSON");
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot fail to be read", e);
        }
    }

    private static byte[] decode(String part) {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw invalid("it is not base64url");
        }
    }

    private static FairleadException invalid(String why) {
        return new FairleadException(
                ErrorCode.CREDENTIALS_INVALID, "authorization", "the agent's credentials are not valid: " + why);
    }
}
