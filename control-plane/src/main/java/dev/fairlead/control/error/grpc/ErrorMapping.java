package dev.fairlead.control.error.grpc;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.proto.v1.ErrorDetail;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.ExceptionHandler;
import io.quarkus.grpc.ExceptionHandlerProvider;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The one place where a failure becomes a gRPC status. What has no code is logged here and told as INTERNAL, without its text. */
@Singleton
public final class ErrorMapping implements ExceptionHandlerProvider {
    /** The trailer of every failed call: an {@link ErrorDetail}. */
    public static final Metadata.Key<byte[]> TRAILER =
            Metadata.Key.of("fairlead-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final Logger LOG = Logger.getLogger(ErrorMapping.class);

    /** For streams that end with {@code onError}: status and trailer in one exception. */
    public static StatusRuntimeException toStatus(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException status -> status;
            case StatusException status -> new StatusRuntimeException(status.getStatus(), status.getTrailers());
            case FairleadException known -> toStatus(known.code(), known.field(), known.getMessage());
            default -> unexpected(failure);
        };
    }

    @Override
    public <ReqT, RespT> ExceptionHandler<ReqT, RespT> createHandler(
            ServerCall.Listener<ReqT> listener, ServerCall<ReqT, RespT> call, Metadata headers) {
        return new ExceptionHandler<>(listener, call, headers) {
            @Override
            protected void handleException(Throwable failure, ServerCall<ReqT, RespT> call, Metadata headers) {
                StatusRuntimeException status = toStatus(failure);
                close(call, status);
            }
        };
    }

    @Override
    public Throwable transform(Throwable failure) {
        return toStatus(failure);
    }

    /** Ends {@code call} with the failure's status and trailer. */
    public static void close(ServerCall<?, ?> call, StatusRuntimeException failure) {
        Metadata trailers = failure.getTrailers();
        call.close(failure.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private static StatusRuntimeException unexpected(Throwable failure) {
        String state = sqlState(failure);
        if (state.startsWith("08") || state.startsWith("57P")) {
            LOG.warnf(failure, "the database is not reachable");
            return toStatus(ErrorCode.DATABASE_UNAVAILABLE, "", "the database is not reachable at the moment");
        }
        if (state.equals("40001") || state.equals("40P01")) {
            return toStatus(ErrorCode.LOST_RACE, "", "another call changed the same rows; try again");
        }
        LOG.errorf(failure, "a call failed unexpectedly");
        return toStatus(ErrorCode.INTERNAL, "", "internal error; the server's log says more");
    }

    private static String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    private static StatusRuntimeException toStatus(ErrorCode code, String field, @Nullable String message) {
        Metadata trailers = new Metadata();
        trailers.put(
                TRAILER,
                ErrorDetail.newBuilder()
                        .setNumber(code.number())
                        .setCode(code.code())
                        .setField(field)
                        .setRetryable(code.retryable())
                        .build()
                        .toByteArray());
        return status(code.kind()).withDescription(message).asRuntimeException(trailers);
    }

    private static Status status(ErrorCode.Kind kind) {
        return switch (kind) {
            case MALFORMED -> Status.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case DENIED -> Status.PERMISSION_DENIED;
            case MISSING -> Status.NOT_FOUND;
            case DUPLICATE -> Status.ALREADY_EXISTS;
            case WRONG_STATE -> Status.FAILED_PRECONDITION;
            case LOST_RACE -> Status.ABORTED;
            case EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case UNSUPPORTED -> Status.UNIMPLEMENTED;
            case CORRUPT -> Status.DATA_LOSS;
            case INTERNAL -> Status.INTERNAL;
        };
    }
}
