package dev.fairlead.cli.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.proto.v1.ErrorDetail;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Objects;

/** A failed call in the words of the command line. */
public final class CallFailures {
    private static final Metadata.Key<byte[]> DETAIL =
            Metadata.Key.of("fairlead-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private CallFailures() {}

    /** The failure of a call to the control plane at `address`, with its exit code and what to do next. */
    public static CommandFailure of(StatusRuntimeException e, String address) {
        var status = e.getStatus();
        var detail = detail(e);
        var text = Objects.requireNonNullElse(
                status.getDescription(), status.getCode().name());
        var field = detail.getField();
        var message = field.isEmpty() || text.startsWith(field) ? text : field + ": " + text;
        return switch (status.getCode()) {
            case UNAVAILABLE ->
                new CommandFailure(
                        ExitCode.UNREACHABLE,
                        "no control plane at " + address,
                        "Start one with `fairlead up`, or name another with --server.");
            case DEADLINE_EXCEEDED ->
                new CommandFailure(
                        ExitCode.UNREACHABLE,
                        "the control plane at " + address + " did not answer in time",
                        "Repeat the command; it is safe.");
            case UNAUTHENTICATED ->
                new CommandFailure(ExitCode.DENIED, message, "Give a valid token with --token or FAIRLEAD_TOKEN.");
            case PERMISSION_DENIED ->
                new CommandFailure(
                        ExitCode.DENIED,
                        message,
                        "Ask an administrator for a token with a higher role (fairlead token create).");
            case NOT_FOUND -> new CommandFailure(ExitCode.NOT_FOUND, message, "");
            case ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED ->
                new CommandFailure(ExitCode.CONFLICT, message, detail.getRetryable() ? "Repeat the command." : "");
            case INVALID_ARGUMENT, OUT_OF_RANGE -> new CommandFailure(ExitCode.USAGE, message, "");
            case RESOURCE_EXHAUSTED, CANCELLED -> new CommandFailure(ExitCode.FAILED, message, "");
            case UNIMPLEMENTED ->
                new CommandFailure(
                        ExitCode.INTERNAL,
                        message,
                        "The control plane at " + address + " may be older than this program.");
            case OK, UNKNOWN, INTERNAL, DATA_LOSS ->
                new CommandFailure(ExitCode.INTERNAL, message, "The control plane's log says more.");
        };
    }

    private static ErrorDetail detail(StatusRuntimeException e) {
        var trailers = Status.trailersFromThrowable(e);
        var bytes = trailers == null ? null : trailers.get(DETAIL);
        try {
            return bytes == null ? ErrorDetail.getDefaultInstance() : ErrorDetail.parseFrom(bytes);
        } catch (InvalidProtocolBufferException malformed) {
            return ErrorDetail.getDefaultInstance();
        }
    }
}
