package dev.fairlead.agent.wiring;

import dev.fairlead.agent.identity.AgentIdentity;
import dev.fairlead.agent.identity.AgentName;
import dev.fairlead.agent.identity.grpc.Enrolment;
import dev.fairlead.agent.retry.Backoff;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enrols the agent at its first start, and says what to do where it is not enrolled. */
final class Enroller {
    private static final Logger LOG = LoggerFactory.getLogger(Enroller.class);

    private final ManagedChannel channel;
    private final AgentIdentity identity;
    private final AgentName name;
    private final String pool;
    private final Optional<String> token;
    private final Path marker;

    Enroller(
            ManagedChannel channel,
            AgentIdentity identity,
            AgentName name,
            String pool,
            Optional<String> token,
            Path home) {
        this.channel = channel;
        this.identity = identity;
        this.name = name;
        this.pool = pool;
        this.token = token;
        this.marker = home.resolve("enrolled");
    }

    /** Waits for a control plane that is not there yet; a refusal ends the agent. */
    void enrolOnce(Backoff backoff) throws IOException, InterruptedException {
        if (token.isEmpty() || enrolledBefore()) {
            return;
        }
        while (true) {
            try {
                channel.resetConnectBackoff();
                Enrolment.enrol(channel, identity, name, pool, token.get());
                Files.writeString(marker, name.value() + " " + pool + "\n");
                LOG.atInfo().addKeyValue("agentId", name.value()).log("enrolled in pool {}", pool);
                return;
            } catch (StatusException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE
                        && e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
                    throw new IOException(
                            "enrolment was refused: " + e.getStatus().getDescription(), e);
                }
                Thread.sleep(backoff.next());
            }
        }
    }

    private boolean enrolledBefore() throws IOException {
        return Files.exists(marker) && Files.readString(marker).strip().equals(name.value() + " " + pool);
    }

    /** The control plane does not know this key: it may be a new one, and the next start enrols again. */
    void unknown() {
        try {
            Files.deleteIfExists(marker);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("enrolment marker stays");
        }
        LOG.atWarn()
                .addKeyValue("agentId", name.value())
                .log(
                        "the control plane does not know this agent; make a token with 'fairlead agent token {} --pool {}'"
                                + " and start the agent with it in FAIRLEAD_JOIN_TOKEN",
                        name.value(),
                        pool);
    }
}
