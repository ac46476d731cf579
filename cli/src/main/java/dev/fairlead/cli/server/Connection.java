package dev.fairlead.cli.server;

import dev.fairlead.proto.v1.AccessGrpc;
import dev.fairlead.proto.v1.AgentsGrpc;
import dev.fairlead.proto.v1.ArtifactsGrpc;
import dev.fairlead.proto.v1.JobsGrpc;
import dev.fairlead.proto.v1.ModelsGrpc;
import dev.fairlead.proto.v1.ParityGrpc;
import dev.fairlead.proto.v1.PromotionsGrpc;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A channel to one control plane. The stubs that answer once carry a deadline of 30 seconds from the moment they are taken; those
 * named `…Stream` have none. Calls that the server repeats safely are retried while it is unavailable.
 */
public final class Connection implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACEPARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final long DEADLINE_SECONDS = 30;

    private final Target target;
    private final ManagedChannel channel;
    private final Metadata headers;

    private Connection(Target target, ManagedChannel channel, Metadata headers) {
        this.target = target;
        this.channel = channel;
        this.headers = headers;
    }

    /** Opens lazily: nothing is sent before the first call. */
    public static Connection open(Target target, String traceparent) {
        var headers = new Metadata();
        if (!target.token().isEmpty()) {
            headers.put(AUTHORIZATION, "Bearer " + target.token());
        }
        headers.put(TRACEPARENT, traceparent);
        var channel = Grpc.newChannelBuilder(target.address(), target.credentials())
                .defaultServiceConfig(retries())
                .enableRetry()
                .build();
        return new Connection(target, channel, headers);
    }

    /** Creating tokens is left out: a repeated one would meet its own first effect. */
    private static Map<String, ?> retries() {
        var policy = Map.of(
                "maxAttempts",
                4.0,
                "initialBackoff",
                "0.1s",
                "maxBackoff",
                "1s",
                "backoffMultiplier",
                3.0,
                "retryableStatusCodes",
                List.of("UNAVAILABLE"));
        var names = List.of(
                Map.of("service", JobsGrpc.SERVICE_NAME),
                Map.of("service", ModelsGrpc.SERVICE_NAME),
                Map.of("service", ArtifactsGrpc.SERVICE_NAME),
                Map.of("service", PromotionsGrpc.SERVICE_NAME),
                Map.of("service", ParityGrpc.SERVICE_NAME),
                Map.of("service", AgentsGrpc.SERVICE_NAME, "method", "List"),
                Map.of("service", AgentsGrpc.SERVICE_NAME, "method", "Get"));
        return Map.of("methodConfig", List.of(Map.of("name", names, "retryPolicy", policy)));
    }

    public String address() {
        return target.address();
    }

    public AccessGrpc.AccessBlockingStub access() {
        return once(AccessGrpc.newBlockingStub(channel));
    }

    public AgentsGrpc.AgentsBlockingStub agents() {
        return once(AgentsGrpc.newBlockingStub(channel));
    }

    public ArtifactsGrpc.ArtifactsBlockingStub artifacts() {
        return once(ArtifactsGrpc.newBlockingStub(channel));
    }

    public ArtifactsGrpc.ArtifactsBlockingStub artifactsStream() {
        return with(ArtifactsGrpc.newBlockingStub(channel));
    }

    public ArtifactsGrpc.ArtifactsStub artifactsUpload() {
        return with(ArtifactsGrpc.newStub(channel));
    }

    public JobsGrpc.JobsBlockingStub jobs() {
        return once(JobsGrpc.newBlockingStub(channel));
    }

    public JobsGrpc.JobsBlockingStub jobsStream() {
        return with(JobsGrpc.newBlockingStub(channel));
    }

    public ModelsGrpc.ModelsBlockingStub models() {
        return once(ModelsGrpc.newBlockingStub(channel));
    }

    public ParityGrpc.ParityBlockingStub parity() {
        return once(ParityGrpc.newBlockingStub(channel));
    }

    public PromotionsGrpc.PromotionsBlockingStub promotions() {
        return once(PromotionsGrpc.newBlockingStub(channel));
    }

    public PromotionsGrpc.PromotionsBlockingStub promotionsStream() {
        return with(PromotionsGrpc.newBlockingStub(channel));
    }

    private <S extends AbstractStub<S>> S with(S stub) {
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private <S extends AbstractStub<S>> S once(S stub) {
        return with(stub).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
