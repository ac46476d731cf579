package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One trace runs from the command line through the control plane to the agent, as a real collector receives it. */
class TraceIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private record Seen(String service, ByteString trace) {}

    private final Queue<Seen> spans = new ConcurrentLinkedQueue<>();
    private Server collector;
    private Cluster cluster;

    @BeforeEach
    void start() throws Exception {
        collector = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Collector())
                .build()
                .start();
        cluster = Cluster.start(Map.of(), Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint()));
    }

    @AfterEach
    void stop() {
        cluster.close();
        collector.shutdownNow();
    }

    @Test
    void runsFromTheCommandLineToTheAgent() throws Exception {
        cluster.cudaAgent("node-1");
        var file = Files.writeString(cluster.folder().resolve("job.yaml"), """
                kind: train
                name: traced
                command: {argv: [sh, -c, "test -n \\"$TRACEPARENT\\""]}
                """);
        assertThat(submit(file.toString())).isZero();

        var services = List.of("fairlead-cli", "fairlead-control-plane", "fairlead-agent");
        Await.until(
                "one trace with spans of " + services + "; seen: " + spans,
                LIMIT,
                () -> spans.stream()
                        .collect(Collectors.groupingBy(
                                Seen::trace, Collectors.mapping(Seen::service, Collectors.toSet())))
                        .values()
                        .stream()
                        .anyMatch(seen -> seen.containsAll(services)));
    }

    private int submit(String file) throws Exception {
        var command = List.of(
                Cluster.java(),
                "-cp",
                Cluster.classPath("cli"),
                "dev.fairlead.cli.Main",
                "job",
                "submit",
                file,
                "--follow",
                "--server",
                "127.0.0.1:" + cluster.grpcPort(),
                "--token",
                cluster.token());
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint());
        var process = builder.start();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String endpoint() {
        return "http://127.0.0.1:" + collector.getPort();
    }

    private final class Collector extends TraceServiceGrpc.TraceServiceImplBase {
        @Override
        public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> reply) {
            for (var resource : request.getResourceSpansList()) {
                var service = resource.getResource().getAttributesList().stream()
                        .filter(attribute -> attribute.getKey().equals("service.name"))
                        .map(attribute -> attribute.getValue().getStringValue())
                        .findFirst()
                        .orElse("unknown");
                resource.getScopeSpansList().stream()
                        .flatMap(scope -> scope.getSpansList().stream())
                        .forEach(span -> spans.add(new Seen(service, span.getTraceId())));
            }
            reply.onNext(ExportTraceServiceResponse.getDefaultInstance());
            reply.onCompleted();
        }
    }
}
