package dev.fairlead.agent.telemetry;

import dev.fairlead.agent.attempt.Assignment;
import dev.fairlead.agent.attempt.Steps;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Steps as spans below the span that the assignment names. */
public final class OtelSteps implements Steps {
    private static final String TRACEPARENT = "traceparent";

    private final Tracer tracer;

    public OtelSteps(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public Step begin(String name, Assignment assignment) {
        var propagator = W3CTraceContextPropagator.getInstance();
        var parent = propagator.extract(Context.root(), assignment.traceparent(), new Only());
        Span span = tracer.spanBuilder("attempt." + name)
                .setParent(parent)
                .setAttribute("jobId", assignment.key().jobId())
                .setAttribute("attempt", assignment.number())
                .startSpan();
        Map<String, String> carrier = new HashMap<>();
        propagator.inject(parent.with(span), carrier, Map::put);
        return new SpanStep(span, carrier.getOrDefault(TRACEPARENT, ""));
    }

    private record SpanStep(Span span, String traceparent) implements Step {
        @Override
        public void close() {
            span.end();
        }
    }

    private static final class Only implements TextMapGetter<String> {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(TRACEPARENT) && carrier != null && !carrier.isEmpty() ? carrier : null;
        }
    }
}
