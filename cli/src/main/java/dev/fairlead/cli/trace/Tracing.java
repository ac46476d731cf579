package dev.fairlead.cli.trace;

import dev.fairlead.cli.failure.ExitCode;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Starts the span of a command. */
public interface Tracing {
    Span start(String command);

    /** A running span. */
    interface Span {
        /** W3C Trace Context of the span: `00-<trace id>-<span id>-<flags>`. */
        String traceparent();

        void end(ExitCode code);
    }

    /** Exports where OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise makes the ids only, and loads no exporter. */
    static Tracing of(Map<String, String> environment, RandomGenerator random) {
        var endpoint = environment.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        return endpoint.isEmpty() ? idsOnly(random) : new OtlpTracing(endpoint);
    }

    private static Tracing idsOnly(RandomGenerator random) {
        return command -> {
            var ids = new byte[24];
            random.nextBytes(ids);
            // An id of zeros is invalid by the specification.
            ids[0] |= 1;
            ids[16] |= 1;
            var hex = HexFormat.of().formatHex(ids);
            var traceparent = "00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-01";
            return new Span() {
                @Override
                public String traceparent() {
                    return traceparent;
                }

                @Override
                public void end(ExitCode code) {}
            };
        };
    }
}
