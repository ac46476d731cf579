package dev.fairlead.agent.wiring;

import dev.fairlead.agent.identity.AgentName;
import dev.fairlead.agent.session.grpc.AgentStream;
import io.grpc.Status;

/** Tells whoever started the agent that it is ready, once. */
final class Announcer implements AgentStream.Events {
    private final AgentName name;
    private final String pool;
    private final Enroller enroller;
    private boolean announced;

    Announcer(AgentName name, String pool, Enroller enroller) {
        this.name = name;
        this.pool = pool;
        this.enroller = enroller;
    }

    @Override
    public void welcomed() {
        if (!announced) {
            announced = true;
            System.out.println("ready agent=" + name.value() + " pool=" + pool);
            System.out.flush();
        }
    }

    @Override
    public void disconnected(Status status) {
        if (status.getCode() == Status.Code.UNAUTHENTICATED) {
            enroller.unknown();
        }
    }
}
