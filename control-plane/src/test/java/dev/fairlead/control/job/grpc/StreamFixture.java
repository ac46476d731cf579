package dev.fairlead.control.job.grpc;

import dev.fairlead.control.access.Caller;
import dev.fairlead.control.access.grpc.Callers;
import dev.fairlead.control.agent.Admission;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Enrolment;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.grpc.AgentsService;
import dev.fairlead.control.agent.jdbc.JdbiAgentStore;
import dev.fairlead.control.error.grpc.ErrorMapping;
import dev.fairlead.control.job.DurableJobs;
import dev.fairlead.control.job.JobFixture;
import dev.fairlead.control.job.Logs;
import dev.fairlead.control.job.jdbc.JdbiHoldings;
import dev.fairlead.control.schedule.Placing;
import dev.fairlead.control.tx.Transactions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Jdbi;

/** Jobs, fleet and streams behind a real gRPC server on an ephemeral port. */
final class StreamFixture implements AutoCloseable {
    static final Duration GRACE = Duration.ofSeconds(30);

    final JobFixture jobs;
    final Fleet fleet;
    final Logs logs;
    final AgentStreams streams;
    final Placing placing;
    /** Submissions that may be placed as they arrive. */
    final DurableJobs arriving;

    final ManagedChannel channel;
    private final JdbiAgentStore agents;
    private final Server server;

    StreamFixture(Jdbi jdbi, Transactions transactions, Path folder) throws IOException {
        jobs = new JobFixture(jdbi, transactions);
        agents = new JdbiAgentStore(jdbi);
        fleet = new Fleet(transactions, agents, jobs.changes, jobs.clock, new Fleet.Patience(JobFixture.LEASE, GRACE));
        logs = new Logs(folder, 1 << 20);
        streams = new AgentStreams(
                fleet,
                jobs.attempts,
                new AgentStreams.Work(jobs.store, jobs.news, jobs.changes),
                logs,
                jobs.clockwork.leases());
        placing = new Placing(fleet, jobs.store, jobs.catalog, jobs.attempts, jobs.changes, jobs.clock);
        arriving = new DurableJobs(transactions, jobs.store, jobs.catalog, jobs.news, jobs.clockwork, placing);
        Enrolment enrolment = new Enrolment(
                transactions, agents, jobs.changes, jobs.clock, new Enrolment.Terms(new Random(1), Set.of()));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new AgentsService(enrolment, fleet, new JdbiHoldings(jdbi), streams))
                .intercept(new Named())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    FakeAgent agent(String name, int slots, dev.fairlead.proto.v1.AttemptRef... running) {
        agents.enrol(new AgentName(name), "mac", new byte[] {1}, Admission.ADMITTED, jobs.clock.instant());
        FakeAgent agent = new FakeAgent(channel, name, slots, running);
        return agent;
    }

    int round() {
        return placing.round(jobs.clock.instant());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        streams.close();
        server.shutdownNow();
        arriving.close();
        jobs.close();
    }

    /** Takes the agent's name from a header instead of a signature. */
    private static final class Named implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String name = headers.get(FakeAgent.NAME);
            if (name == null) {
                throw ErrorMapping.toStatus(new IllegalStateException("the test names no agent"));
            }
            return Callers.start(Caller.agent(name), call, headers, next);
        }
    }
}
