package dev.fairlead.cli.trace;

import dev.fairlead.cli.failure.ExitCode;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Spans sent over OTLP/gRPC as they end, at most two seconds after. */
final class OtlpTracing implements Tracing {
    private final String endpoint;

    OtlpTracing(String endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public Span start(String command) {
        var exporter = OtlpGrpcSpanExporter.builder()
                .setEndpoint(endpoint)
                .setTimeout(Duration.ofSeconds(2))
                .build();
        var provider = SdkTracerProvider.builder()
                .setResource(Resource.create(
                        Attributes.builder().put("service.name", "fairlead-cli").build()))
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build();
        var span = provider.get("dev.fairlead.cli")
                .spanBuilder("fairlead " + command)
                .setSpanKind(SpanKind.CLIENT)
                .startSpan();
        var ids = span.getSpanContext();
        return new Span() {
            @Override
            public String traceparent() {
                return "00-" + ids.getTraceId() + "-" + ids.getSpanId() + "-"
                        + ids.getTraceFlags().asHex();
            }

            @Override
            public void end(ExitCode code) {
                span.setAttribute("fairlead.exit_code", code.number());
                span.setStatus(code == ExitCode.OK ? StatusCode.OK : StatusCode.ERROR);
                span.end();
                provider.shutdown().join(2, TimeUnit.SECONDS);
            }
        };
    }
}
