package dev.fairlead.agent.session.grpc;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes spans as a collector does. */
final class OtlpReceiver extends TraceServiceGrpc.TraceServiceImplBase implements AutoCloseable {
    private final List<ResourceSpans> received = new CopyOnWriteArrayList<>();
    private final Server server;

    OtlpReceiver() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getPort();
    }

    List<ResourceSpans> received() {
        return List.copyOf(received);
    }

    List<Span> spans() {
        return received.stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    @Override
    public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answers) {
        received.addAll(request.getResourceSpansList());
        answers.onNext(ExportTraceServiceResponse.getDefaultInstance());
        answers.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
