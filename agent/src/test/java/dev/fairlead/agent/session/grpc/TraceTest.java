package dev.fairlead.agent.session.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.fairlead.agent.telemetry.Telemetry;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.JobOutput;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of an attempt are spans of the trace that its submission began. */
@Timeout(60)
class TraceTest extends AgentFixture {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    TraceTest() throws IOException {}

    @Test
    void exportsTheStepsUnderTheAssignmentsTrace() throws IOException {
        agent.close();
        try (var receiver = new OtlpReceiver()) {
            try (var telemetry = Telemetry.open(receiver.endpoint(), "studio")) {
                agent = new TestAgent(home, control.port(), telemetry.steps(), TestAgent.LOG_GRACE);
                control.assign(assignment(
                                "a1",
                                1,
                                shell("echo $TRACEPARENT")
                                        .addOutputs(JobOutput.newBuilder().setName("out")))
                        .setTraceparent("00-" + TRACE + "-" + PARENT + "-01")
                        .build());
                control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
            }

            assertThat(receiver.spans())
                    .extracting(Span::getName)
                    .containsExactlyInAnyOrder("attempt.stage", "attempt.run", "attempt.commit");
            assertThat(receiver.spans()).allSatisfy(span -> {
                assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
                assertThat(hex(span.getParentSpanId())).isEqualTo(PARENT);
                assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
            });
            Span run = receiver.spans().stream()
                    .filter(span -> span.getName().equals("attempt.run"))
                    .findFirst()
                    .orElseThrow();
            assertThat(control.log("a1").strip()).isEqualTo("00-" + TRACE + "-" + hex(run.getSpanId()) + "-01");
            assertThat(receiver.received().getFirst().getResource().getAttributesList())
                    .anySatisfy(attribute -> {
                        assertThat(attribute.getKey()).isEqualTo("service.instance.id");
                        assertThat(attribute.getValue().getStringValue()).isEqualTo("studio");
                    });
        }
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
