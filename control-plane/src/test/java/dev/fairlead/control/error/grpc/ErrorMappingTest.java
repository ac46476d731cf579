package dev.fairlead.control.error.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.proto.v1.ErrorDetail;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorMappingTest {
    @Test
    void tellsCodeFieldAndSentence() throws InvalidProtocolBufferException {
        StatusRuntimeException status = ErrorMapping.toStatus(
                new FairleadException(ErrorCode.DISK_FULL, "blob.size", "needs 5 bytes and 3 are free"));

        assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getStatus().getDescription()).isEqualTo("needs 5 bytes and 3 are free");
        assertThat(detail(status))
                .isEqualTo(ErrorDetail.newBuilder()
                        .setNumber(409)
                        .setCode("DiskFull")
                        .setField("blob.size")
                        .setRetryable(true)
                        .build());
    }

    @Test
    void tellsNothingOfWhatIsInside() throws InvalidProtocolBufferException {
        StatusRuntimeException status =
                ErrorMapping.toStatus(new IllegalStateException("secret of dev.fairlead.control"));

        assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status.getStatus().getDescription()).isEqualTo("internal error; the server's log says more");
        assertThat(status.getStatus().getCause()).isNull();
        assertThat(detail(status).getCode()).isEqualTo("Internal");
    }

    @Test
    void tellsALostDatabaseFromALostRace() {
        assertThat(code(new SQLException("gone", "08006"))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(code(new SQLException("stopping", "57P01"))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(code(new SQLException("deadlock", "40P01"))).isEqualTo(Status.Code.ABORTED);
        assertThat(code(new SQLException("broken", "42601"))).isEqualTo(Status.Code.INTERNAL);
    }

    @Test
    void leavesAStatusAsItIs() {
        StatusRuntimeException status =
                Status.CANCELLED.withDescription("by the client").asRuntimeException();

        assertThat(ErrorMapping.toStatus(status)).isSameAs(status);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasANumberOfItsOwnAndACamelCaseName(ErrorCode code) {
        assertThat(Arrays.stream(ErrorCode.values()).filter(other -> other.number() == code.number()))
                .containsExactly(code);
        assertThat(code.code()).matches("([A-Z][a-z]+)+");
    }

    private static Status.Code code(SQLException cause) {
        return ErrorMapping.toStatus(new IllegalStateException("wrapped", cause))
                .getStatus()
                .getCode();
    }

    private static ErrorDetail detail(StatusRuntimeException status) throws InvalidProtocolBufferException {
        return ErrorDetail.parseFrom(
                Objects.requireNonNull(status.getTrailers()).get(ErrorMapping.TRAILER));
    }
}
