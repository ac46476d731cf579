package dev.fairlead.control.access.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.access.Caller;
import dev.fairlead.control.access.Role;
import dev.fairlead.control.access.Token;
import dev.fairlead.control.access.Tokens;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TokensTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final Tokens tokens = tokens();

    @BeforeEach
    void clear() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("delete from access_token"));
    }

    @Test
    void knowsACallerByTheSecretItMade() {
        Tokens.Issued issued = tokens.create("ci", Role.SUBMITTER, null);

        assertThat(issued.secret()).matches("fl_[A-Za-z0-9_-]{43}");
        assertThat(tokens.authenticate(issued.secret())).isEqualTo(Caller.person("ci", Role.SUBMITTER));
        fails(() -> tokens.authenticate(issued.secret() + "x"), ErrorCode.CREDENTIALS_INVALID);
        fails(() -> tokens.authenticate("x".repeat(100_000)), ErrorCode.CREDENTIALS_INVALID);
    }

    @Test
    void keepsNoSecret() {
        String secret = tokens.create("ci", Role.VIEWER, null).secret();

        String rows = DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("select string_agg(t::text, ' ') from access_token t")
                        .mapTo(String.class)
                        .one());
        assertThat(rows).contains("ci").doesNotContain(secret).doesNotContain(secret.substring(3));
    }

    @Test
    void refusesAnExpiredToken() {
        String secret = tokens.create("ci", Role.VIEWER, Duration.ofMinutes(1)).secret();
        tokens.authenticate(secret);
        now = now.plus(Duration.ofMinutes(1));

        fails(() -> tokens.authenticate(secret), ErrorCode.CREDENTIALS_EXPIRED);
    }

    @Test
    void revokesAtOnceHereAndSoonElsewhere() {
        Tokens elsewhere = tokens();
        String secret = tokens.create("ci", Role.VIEWER, null).secret();
        tokens.authenticate(secret);
        elsewhere.authenticate(secret);

        tokens.revoke("ci");

        fails(() -> tokens.authenticate(secret), ErrorCode.CREDENTIALS_INVALID);
        now = now.plusSeconds(5);
        fails(() -> elsewhere.authenticate(secret), ErrorCode.CREDENTIALS_INVALID);
        fails(() -> tokens.revoke("ci"), ErrorCode.TOKEN_NOT_FOUND);
    }

    @Test
    void keepsTheLastLastingAdmin() {
        tokens.create("root", Role.ADMIN, null);
        tokens.create("guest", Role.ADMIN, Duration.ofHours(1));

        fails(() -> tokens.revoke("root"), ErrorCode.LAST_ADMIN_TOKEN);
        tokens.revoke("guest");
        tokens.create("other", Role.ADMIN, null);
        tokens.revoke("root");
        assertThat(tokens.list()).extracting(Token::name).containsExactly("other");
    }

    @Test
    void makesTheSecretOfTheHomeFolderAnAdminsHoweverOften() {
        tokens.ensureAdmin("admin", "first");
        tokens.ensureAdmin("admin", "first");
        tokens.ensureAdmin("admin", "second");

        assertThat(tokens.authenticate("second")).isEqualTo(Caller.person("admin", Role.ADMIN));
        fails(() -> tokens.authenticate("first"), ErrorCode.CREDENTIALS_INVALID);
    }

    @Test
    void namesTheBadField() {
        tokens.create("ci", Role.VIEWER, null);

        fails(() -> tokens.create("ci", Role.VIEWER, null), ErrorCode.TOKEN_NAME_TAKEN);
        fails(() -> tokens.create("C I", Role.VIEWER, null), ErrorCode.FIELD_INVALID);
        assertThatThrownBy(() -> tokens.create("x", Role.VIEWER, Duration.ZERO))
                .hasMessage("valid_for must be more than 0 s and at most 3660 days, got PT0S");
    }

    private Tokens tokens() {
        return new Tokens(new JdbiTokenStore(DATABASE.jdbi()), DATABASE.transactions(), () -> now, new SecureRandom());
    }

    private static void fails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
