package dev.fairlead.control.job.grpc;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Sighting;
import dev.fairlead.control.agent.wire.AgentMessages;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.AttemptRef;
import dev.fairlead.control.job.AttemptState;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.Verdict;
import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.AttemptUpdate;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.DrainCommand;
import dev.fairlead.proto.v1.Heartbeat;
import dev.fairlead.proto.v1.HeartbeatAck;
import dev.fairlead.proto.v1.Hello;
import dev.fairlead.proto.v1.LogAck;
import dev.fairlead.proto.v1.LogData;
import dev.fairlead.proto.v1.StopAttempt;
import dev.fairlead.proto.v1.UpdateAck;
import dev.fairlead.proto.v1.Welcome;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One agent's stream. gRPC's threads only fill a queue, whose size flow control bounds; one virtual thread works it off in
 * order, and what waits while it works becomes one batch.
 */
final class AgentStream implements StreamObserver<AgentMessage> {
    private static final int WINDOW = 512;
    private static final int LARGEST_LOG = 64 * 1024;

    /** What ends the reader. */
    private sealed interface Inbound {
        record Message(AgentMessage message) implements Inbound {}

        record End(String sentence) implements Inbound {}
    }

    private final AgentName name;
    private final Desk desk;
    private final AgentStreams streams;
    private final ServerCallStreamObserver<ControlMessage> toAgent;
    private final BlockingQueue<Inbound> inbox = new LinkedBlockingQueue<>();
    private final Outbox outbox;
    // Attempts whose logs this agent may write: asked of the database once each.
    private final Map<AttemptRef, Boolean> owned = new LinkedHashMap<>();

    AgentStream(AgentName name, Desk desk, AgentStreams streams, ServerCallStreamObserver<ControlMessage> toAgent) {
        this.name = name;
        this.desk = desk;
        this.streams = streams;
        this.toAgent = toAgent;
        this.outbox = new Outbox(toAgent);
    }

    /** Called while the call is being opened. */
    void start() {
        toAgent.disableAutoRequest();
        toAgent.setOnCancelHandler(() -> inbox.add(new Inbound.End("the connection broke")));
        Thread.ofVirtual().name("agent-reader-" + name).start(this::read);
        toAgent.request(WINDOW);
    }

    AgentName name() {
        return name;
    }

    @Override
    public void onNext(AgentMessage message) {
        inbox.add(new Inbound.Message(message));
    }

    @Override
    public void onError(Throwable failure) {
        inbox.add(new Inbound.End("the connection broke"));
    }

    @Override
    public void onCompleted() {
        inbox.add(new Inbound.End("the agent closed its stream"));
    }

    /** Ends this stream; the agent is told why. */
    void end(FairleadException why) {
        outbox.end(why);
        inbox.add(new Inbound.End(why.getMessage() == null ? "ended" : why.getMessage()));
    }

    void assign(Job job, Attempt attempt) {
        outbox.send(ControlMessage.newBuilder()
                .setAssignment(JobMessages.assignment(job, attempt))
                .build());
    }

    void stop(AttemptRef attempt, Reason why) {
        outbox.send(ControlMessage.newBuilder()
                .setStop(StopAttempt.newBuilder()
                        .setAttempt(JobMessages.ref(attempt))
                        .setReason(AgentMessages.reason(why)))
                .build());
    }

    void drain(DrainCommand command) {
        outbox.send(ControlMessage.newBuilder().setDrain(command).build());
    }

    private void read() {
        String end = "the control plane ended the stream";
        boolean open = true;
        boolean welcomed = false;
        List<Inbound> batch = new ArrayList<>();
        try {
            while (open) {
                batch.add(inbox.take());
                inbox.drainTo(batch);
                List<AgentMessage> messages = new ArrayList<>();
                for (Inbound inbound : batch) {
                    switch (inbound) {
                        case Inbound.Message(AgentMessage message) -> messages.add(message);
                        case Inbound.End(String sentence) -> {
                            end = sentence;
                            open = false;
                        }
                    }
                }
                batch.clear();
                int received = messages.size();
                if (received > 0) {
                    if (!welcomed) {
                        welcome(hello(messages.removeFirst()));
                        welcomed = true;
                    }
                    work(messages);
                    toAgent.request(received);
                }
            }
            outbox.end(new FairleadException(ErrorCode.LOST_RACE, "", end));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outbox.end(e);
        } catch (RuntimeException e) {
            // The stream's boundary: the agent reconnects and repeats what was not acknowledged.
            end = e.getMessage() == null ? "the stream failed" : e.getMessage();
            outbox.end(e);
        } finally {
            streams.closed(this, end);
        }
    }

    private static Hello hello(AgentMessage first) {
        if (!first.hasHello()) {
            throw FairleadException.invalid("hello", "must be the first message of the stream");
        }
        return first.getHello();
    }

    private void welcome(Hello hello) {
        desk.fleet().connected(name, AgentMessages.machine(hello.getMachine(), hello.getSlots()));
        List<AttemptRef> running =
                hello.getRunningList().stream().map(JobMessages::ref).toList();
        Set<AttemptRef> adopted = desk.attempts().reconcile(name, running);
        outbox.send(ControlMessage.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setHeartbeatInterval(
                                SpecMessages.duration(desk.leases().heartbeat()))
                        .setLease(SpecMessages.duration(desk.leases().lease()))
                        .addAllAdopted(adopted.stream().map(JobMessages::ref).toList()))
                .build());
        streams.opened(this, adopted);
    }

    private void work(List<AgentMessage> messages) {
        List<AttemptUpdate> updates = new ArrayList<>();
        List<LogData> logs = new ArrayList<>();
        for (AgentMessage message : messages) {
            // Logs and reports of one attempt keep their order: whoever sees the end finds the whole log.
            switch (message.getMessageCase()) {
                case UPDATE -> {
                    append(logs);
                    updates.add(message.getUpdate());
                }
                case LOG -> {
                    report(updates);
                    logs.add(message.getLog());
                }
                case HEARTBEAT -> {
                    report(updates);
                    heartbeat(message.getHeartbeat());
                }
                case HELLO, MESSAGE_NOT_SET ->
                    throw FairleadException.invalid("message", "is not allowed here: " + message.getMessageCase());
            }
        }
        append(logs);
        report(updates);
    }

    private void report(List<AttemptUpdate> updates) {
        List<CompletableFuture<Verdict>> verdicts = updates.stream()
                .map(update -> desk.reports().hand(JobMessages.told(name, update)))
                .toList();
        for (int i = 0; i < verdicts.size(); i++) {
            AttemptUpdate update = updates.get(i);
            outbox.send(ControlMessage.newBuilder()
                    .setAck(UpdateAck.newBuilder()
                            .setAttempt(update.getAttempt())
                            .setSequence(update.getSequence())
                            .setAccepted(verdicts.get(i).join().accepted()))
                    .build());
        }
        updates.clear();
    }

    private void heartbeat(Heartbeat heartbeat) {
        desk.sightings()
                .call(new Sighting(
                        name,
                        heartbeat.getFreeBytesMap(),
                        heartbeat.getCachedList(),
                        heartbeat.getEvictedList(),
                        heartbeat.getDraining()));
        List<AttemptRef> running =
                heartbeat.getRunningList().stream().map(JobMessages::ref).toList();
        Set<AttemptRef> renewed = desk.attempts().renew(name, running);
        outbox.send(ControlMessage.newBuilder()
                .setHeartbeatAck(HeartbeatAck.newBuilder()
                        .addAllRenewed(renewed.stream().map(JobMessages::ref).toList()))
                .build());
        for (AttemptRef ref : running) {
            if (!renewed.contains(ref)) {
                stop(ref, new Reason("Fenced", "attempt " + ref.id() + " does not hold its lease any more"));
            }
        }
    }

    private void append(List<LogData> logs) {
        for (LogData log : logs) {
            AttemptRef ref = JobMessages.ref(log.getAttempt());
            if (log.getData().size() > LARGEST_LOG || log.getOffset() < 0) {
                throw FairleadException.invalid(
                        "log", "must be at most " + LARGEST_LOG + " bytes at an offset of at least 0");
            }
            long durable = mayLog(ref)
                    ? desk.logs()
                            .append(ref.id(), log.getOffset(), log.getData().asReadOnlyByteBuffer())
                    : log.getOffset() + log.getData().size();
            outbox.send(ControlMessage.newBuilder()
                    .setLogAck(LogAck.newBuilder().setAttempt(log.getAttempt()).setOffset(durable))
                    .build());
        }
        logs.clear();
    }

    // A log of an attempt that is not this agent's is taken and dropped: it has nowhere to go.
    private boolean mayLog(AttemptRef ref) {
        if (owned.size() > 4096) {
            owned.clear();
        }
        return owned.computeIfAbsent(
                ref,
                asked -> desk.store().find(asked.id().job()).stream()
                        .flatMap(job -> job.attempts().stream())
                        .anyMatch(attempt -> attempt.ref().equals(asked)
                                && attempt.agent().equals(name)
                                && attempt.state() != AttemptState.FENCED));
    }
}
