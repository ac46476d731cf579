package dev.fairlead.control.job.grpc;

import dev.fairlead.control.access.Caller;
import dev.fairlead.control.access.grpc.Callers;
import dev.fairlead.control.agent.Admission;
import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.wire.Streams;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.AttemptRef;
import dev.fairlead.control.job.Attempts;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobNews;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.JobStore;
import dev.fairlead.control.job.Leases;
import dev.fairlead.control.job.Logs;
import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.DrainCommand;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The streams of the agents that are connected to this control plane. Placements made here leave at once; those made by
 * another control plane, and those that an agent did not confirm, leave on the next look at the database.
 */
public final class AgentStreams implements Streams, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AgentStreams.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Desk desk;
    private final Map<AgentName, AgentStream> open = new ConcurrentHashMap<>();
    private final Map<AgentName, Admission> told = new ConcurrentHashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final List<Changes.Subscription> subscriptions;
    private final Thread ticker;
    private volatile boolean closed;

    public AgentStreams(Fleet fleet, Attempts attempts, Work work, Logs logs, Leases leases) {
        this.desk = Desk.open(fleet, attempts, work.store(), logs, leases);
        this.subscriptions =
                List.of(work.news().follow(this::pass), work.changes().listen(Topic.AGENTS, wake::release));
        this.ticker = Thread.ofVirtual().name("agent-streams").start(this::tick);
    }

    /** Where work comes from. */
    public record Work(JobStore store, JobNews news, Changes changes) {}

    @Override
    public StreamObserver<AgentMessage> connect(StreamObserver<ControlMessage> toAgent) {
        Caller caller = Callers.current();
        AgentName name = new AgentName(caller.agent()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.PERMISSION_DENIED, "", "only agents connect; '" + caller.name() + "' is none")));
        AgentStream stream = new AgentStream(name, desk, this, (ServerCallStreamObserver<ControlMessage>) toAgent);
        stream.start();
        return stream;
    }

    /** Streams that are open. */
    public int size() {
        return open.size();
    }

    @Override
    public void close() {
        subscriptions.forEach(Changes.Subscription::close);
        // Not interrupted: that would close the database connection that the ticker uses.
        closed = true;
        wake.release();
        open.values()
                .forEach(stream -> stream.end(
                        new FairleadException(ErrorCode.SHUTTING_DOWN, "", "the control plane is shutting down")));
        try {
            ticker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        desk.close();
    }

    void opened(AgentStream stream, Set<AttemptRef> adopted) {
        AgentStream before = open.put(stream.name(), stream);
        if (before != null && before != stream) {
            before.end(new FairleadException(
                    ErrorCode.AGENT_CONNECTED_ELSEWHERE, "", "agent " + stream.name() + " has opened another stream"));
        }
        told.remove(stream.name());
        for (Job job : desk.store().heldBy(List.of(stream.name()))) {
            boolean known =
                    job.latest() != null && adopted.contains(job.latest().ref());
            if (!known || job.cancelRequested()) {
                deliver(stream, job);
            }
        }
        wake.release();
    }

    void closed(AgentStream stream, String sentence) {
        // Once this process ends, silence says the same to whoever sweeps next.
        if (!open.remove(stream.name(), stream) || closed) {
            return;
        }
        try {
            desk.fleet().disconnected(stream.name(), sentence);
        } catch (RuntimeException e) {
            // The reader's boundary: the sweep finds the silent agent.
            LOG.warnf(e, "agent %s could not be marked as unreachable", stream.name());
        }
    }

    // Runs on the thread that made the change: it only fills outboxes.
    private void pass(Collection<Job> jobs) {
        for (Job job : jobs) {
            Attempt attempt = job.latest();
            AgentStream stream = attempt == null ? null : open.get(attempt.agent());
            if (stream != null) {
                deliver(stream, job);
            }
        }
    }

    private static void deliver(AgentStream stream, Job job) {
        Attempt attempt = job.latest();
        if (attempt == null || !job.state().held()) {
            return;
        }
        if (job.cancelRequested()) {
            stream.stop(attempt.ref(), new Reason("Cancelled", "the job was cancelled"));
        } else if (job.state() == JobState.PLACED && attempt.sequence() == 0) {
            stream.assign(job, attempt);
        }
    }

    private void tick() {
        while (!closed) {
            try {
                boolean changed = wake.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
                if (open.isEmpty()) {
                    continue;
                }
                if (changed) {
                    drain();
                }
                // What an agent did not confirm since the last look goes out again; it knows a repetition by its fence.
                pass(desk.store().heldBy(open.keySet()));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // The thread's boundary: the database may be away, and the next look finds out.
                LOG.warn("looking for work to send failed", e);
            }
        }
    }

    private void drain() {
        for (Agent agent : desk.fleet().list()) {
            AgentStream stream = open.get(agent.name());
            if (stream == null) {
                continue;
            }
            Admission before = told.put(agent.name(), agent.admission());
            boolean draining = agent.admission() == Admission.DRAINING;
            if (draining != (before == Admission.DRAINING)) {
                stream.drain(DrainCommand.newBuilder().setResume(!draining).build());
            }
        }
    }
}
