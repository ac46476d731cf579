package dev.fairlead.agent.telemetry;

import dev.fairlead.agent.attempt.Steps;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.Optional;

/** Exports spans by OTLP to {@code OTEL_EXPORTER_OTLP_ENDPOINT}; without it nothing is recorded. */
public final class Telemetry implements AutoCloseable {
    private final Optional<SdkTracerProvider> provider;

    private Telemetry(Optional<SdkTracerProvider> provider) {
        this.provider = provider;
    }

    /**
     * Starts the export.
     *
     * @param endpoint gRPC endpoint such as {@code http://127.0.0.1:4317}; empty for none
     */
    public static Telemetry open(String endpoint, String agent) {
        if (endpoint.isEmpty()) {
            return new Telemetry(Optional.empty());
        }
        var exporter = OtlpGrpcSpanExporter.builder().setEndpoint(endpoint).build();
        var resource = Resource.getDefault()
                .merge(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "fairlead-agent",
                        AttributeKey.stringKey("service.instance.id"),
                        agent)));
        return new Telemetry(Optional.of(SdkTracerProvider.builder()
                .setResource(resource)
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build()));
    }

    public Steps steps() {
        return provider.<Steps>map(traces -> new OtelSteps(traces.get("dev.fairlead.agent")))
                .orElse(Steps.NONE);
    }

    /** Sends what is left. */
    @Override
    public void close() {
        provider.ifPresent(SdkTracerProvider::close);
    }
}
