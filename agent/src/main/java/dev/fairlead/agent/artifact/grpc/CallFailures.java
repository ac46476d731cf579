package dev.fairlead.agent.artifact.grpc;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.proto.v1.ErrorDetail;
import io.grpc.Metadata;
import io.grpc.StatusException;
import io.grpc.protobuf.ProtoUtils;
import org.jspecify.annotations.Nullable;

/** What a failed call to the artifact store means for the attempt. */
final class CallFailures {
    private static final Metadata.Key<ErrorDetail> DETAIL =
            Metadata.Key.of("fairlead-error-bin", ProtoUtils.metadataMarshaller(ErrorDetail.getDefaultInstance()));

    private CallFailures() {}

    static AgentFailure of(String what, StatusException e) {
        var status = e.getStatus();
        String sentence = what + ": " + status.getCode()
                + (status.getDescription() == null ? "" : ", " + status.getDescription());
        @Nullable Metadata trailers = e.getTrailers();
        @Nullable ErrorDetail detail = trailers == null ? null : trailers.get(DETAIL);
        if (detail != null && detail.getCode().contains("Fence")) {
            return new AgentFailure(FailureCode.FENCED, sentence, e);
        }
        FailureCode code = switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, UNKNOWN, UNAUTHENTICATED -> FailureCode.UNAVAILABLE;
            case INTERNAL, RESOURCE_EXHAUSTED -> FailureCode.UNAVAILABLE;
            case DATA_LOSS -> FailureCode.DIGEST_MISMATCH;
            case CANCELLED -> FailureCode.CANCELLED;
            // Without a detail, the store's word for "another attempt holds the fence".
            case ABORTED -> FailureCode.FENCED;
            default -> FailureCode.REFUSED;
        };
        return new AgentFailure(code, sentence, e);
    }

    static AgentFailure interrupted() {
        Thread.currentThread().interrupt();
        return new AgentFailure(FailureCode.CANCELLED, "stopped while talking to the artifact store");
    }
}
