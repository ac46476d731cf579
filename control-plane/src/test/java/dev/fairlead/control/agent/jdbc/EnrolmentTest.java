package dev.fairlead.control.agent.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.AgentState;
import dev.fairlead.control.agent.Enrolment;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.Machine;
import dev.fairlead.control.agent.Sighting;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.event.LocalChanges;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EnrolmentTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    private static final AgentName MAC = new AgentName("mac-1");

    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = time::get;
    private final JdbiAgentStore store = new JdbiAgentStore(DATABASE.jdbi());
    private final LocalChanges changes = new LocalChanges(DATABASE.transactions());
    private final Enrolment enrolment = new Enrolment(
            DATABASE.transactions(), store, changes, clock, new Enrolment.Terms(new Random(5), Set.of("guarded")));
    private final Fleet fleet = new Fleet(
            DATABASE.transactions(),
            store,
            changes,
            clock,
            new Fleet.Patience(Duration.ofSeconds(10), Duration.ofSeconds(30)));

    @BeforeEach
    void empty() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("truncate agent, agent_tree, join_token"));
    }

    private static byte[] key() throws NoSuchAlgorithmException {
        return KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPublic()
                .getEncoded();
    }

    private String token(String pool) {
        return enrolment.createToken(MAC, pool, Duration.ofMinutes(15)).token();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void tradesATokenForAnIdentity() throws NoSuchAlgorithmException {
        byte[] key = key();
        Agent agent = enrolment.enrol(token("mac"), MAC, "mac", key);

        assertThat(agent.pool()).isEqualTo("mac");
        assertThat(agent.state()).isEqualTo(AgentState.OFFLINE);
        assertThat(enrolment.publicKey(MAC).orElseThrow().getEncoded()).isEqualTo(key);
        assertThat(fleet.connected(MAC, Machine.NOT_KNOWN).state()).isEqualTo(AgentState.READY);
    }

    @Test
    void answersTheSameKeyAgainAndNoOther() throws NoSuchAlgorithmException {
        String token = token("mac");
        byte[] key = key();
        enrolment.enrol(token, MAC, "mac", key);

        assertThat(enrolment.enrol(token, MAC, "mac", key).name()).isEqualTo(MAC);
        byte[] other = key();
        refused(ErrorCode.JOIN_TOKEN_USED, () -> enrolment.enrol(token, MAC, "mac", other));
    }

    @Test
    void bindsATokenToItsNameItsPoolAndItsTime() throws NoSuchAlgorithmException {
        String token = token("mac");
        byte[] key = key();
        refused(ErrorCode.JOIN_TOKEN_INVALID, () -> enrolment.enrol(token, new AgentName("mac-2"), "mac", key));
        refused(ErrorCode.JOIN_TOKEN_INVALID, () -> enrolment.enrol(token, MAC, "cuda", key));
        refused(ErrorCode.JOIN_TOKEN_INVALID, () -> enrolment.enrol("fj_guess", MAC, "mac", key));
        time.updateAndGet(now -> now.plus(Duration.ofMinutes(15)));
        refused(ErrorCode.JOIN_TOKEN_EXPIRED, () -> enrolment.enrol(token, MAC, "mac", key));
    }

    @Test
    void refusesWhatIsNoKey() {
        String token = token("mac");
        refused(ErrorCode.FIELD_INVALID, () -> enrolment.enrol(token, MAC, "mac", new byte[] {1, 2, 3}));
    }

    @Test
    void keepsTheNameOfAConnectedAgent() throws NoSuchAlgorithmException {
        enrolment.enrol(token("mac"), MAC, "mac", key());
        fleet.connected(MAC, Machine.NOT_KNOWN);
        byte[] other = key();
        String second = token("mac");

        refused(ErrorCode.AGENT_NAME_TAKEN, () -> enrolment.enrol(second, MAC, "mac", other));
    }

    @Test
    void waitsForApprovalWhereThePoolAsksForIt() throws NoSuchAlgorithmException {
        enrolment.enrol(token("guarded"), MAC, "guarded", key());
        assertThat(fleet.connected(MAC, Machine.NOT_KNOWN).state()).isEqualTo(AgentState.PENDING);
        assertThat(fleet.approve(MAC).state()).isEqualTo(AgentState.READY);
        assertThat(fleet.drain(MAC).state()).isEqualTo(AgentState.DRAINING);
        assertThat(fleet.resume(MAC).state()).isEqualTo(AgentState.READY);
    }

    @Test
    void keepsWhatHeartbeatsTell() throws NoSuchAlgorithmException {
        enrolment.enrol(token("mac"), MAC, "mac", key());
        fleet.connected(MAC, Machine.NOT_KNOWN);
        fleet.seen(
                List.of(new Sighting(MAC, Map.of("metal:0", 7L), List.of("sha256:a", "sha256:b"), List.of(), false)));
        fleet.seen(List.of(new Sighting(MAC, Map.of("metal:0", 9L), List.of(), List.of("sha256:a"), true)));

        assertThat(fleet.get(MAC).freeBytes()).containsEntry("metal:0", 9L);
        assertThat(fleet.get(MAC).state()).isEqualTo(AgentState.DRAINING);
        assertThat(fleet.holders(List.of("sha256:a", "sha256:b"))).isEqualTo(Map.of("sha256:b", Set.of(MAC)));
    }

    @Test
    void callsSilenceUnreachableAndThenOffline() throws NoSuchAlgorithmException {
        enrolment.enrol(token("mac"), MAC, "mac", key());
        fleet.connected(MAC, Machine.NOT_KNOWN);
        time.updateAndGet(now -> now.plusSeconds(11));
        fleet.sweep();
        assertThat(fleet.get(MAC).state()).isEqualTo(AgentState.UNREACHABLE);
        time.updateAndGet(now -> now.plusSeconds(31));
        fleet.sweep();
        assertThat(fleet.get(MAC).state()).isEqualTo(AgentState.OFFLINE);
    }
}
