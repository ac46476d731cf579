package dev.fairlead.control.access.grpc;

import com.google.protobuf.Timestamp;
import dev.fairlead.control.access.Caller;
import dev.fairlead.control.access.Role;
import dev.fairlead.control.access.Token;
import dev.fairlead.control.access.Tokens;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.proto.v1.AccessGrpc;
import dev.fairlead.proto.v1.CreateTokenRequest;
import dev.fairlead.proto.v1.CreateTokenResponse;
import dev.fairlead.proto.v1.ListTokensRequest;
import dev.fairlead.proto.v1.ListTokensResponse;
import dev.fairlead.proto.v1.RevokeTokenRequest;
import dev.fairlead.proto.v1.RevokeTokenResponse;
import dev.fairlead.proto.v1.TokenInfo;
import dev.fairlead.proto.v1.WhoAmIRequest;
import dev.fairlead.proto.v1.WhoAmIResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Tokens over gRPC. */
@GrpcService
class AccessService extends AccessGrpc.AccessImplBase {
    private final Tokens tokens;
    private final String version;

    AccessService(Tokens tokens, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.tokens = tokens;
        this.version = version;
    }

    @Override
    public void createToken(CreateTokenRequest request, StreamObserver<CreateTokenResponse> reply) {
        Duration validFor = request.hasValidFor()
                ? Duration.ofSeconds(
                        request.getValidFor().getSeconds(),
                        request.getValidFor().getNanos())
                : null;
        Tokens.Issued issued = tokens.create(request.getName(), role(request.getRole()), validFor);
        CreateTokenResponse.Builder response = CreateTokenResponse.newBuilder().setToken(issued.secret());
        Instant expires = issued.token().expiresAt();
        if (expires != null) {
            response.setExpiresAt(timestamp(expires));
        }
        reply.onNext(response.build());
        reply.onCompleted();
    }

    @Override
    public void listTokens(ListTokensRequest request, StreamObserver<ListTokensResponse> reply) {
        ListTokensResponse.Builder response = ListTokensResponse.newBuilder();
        for (Token token : tokens.list()) {
            TokenInfo.Builder info = TokenInfo.newBuilder()
                    .setName(token.name())
                    .setRole(proto(token.role()))
                    .setCreatedAt(timestamp(token.createdAt()));
            Instant expires = token.expiresAt();
            if (expires != null) {
                info.setExpiresAt(timestamp(expires));
            }
            response.addTokens(info);
        }
        reply.onNext(response.build());
        reply.onCompleted();
    }

    @Override
    public void revokeToken(RevokeTokenRequest request, StreamObserver<RevokeTokenResponse> reply) {
        if (request.getName().isEmpty()) {
            throw FairleadException.missing("name");
        }
        tokens.revoke(request.getName());
        reply.onNext(RevokeTokenResponse.getDefaultInstance());
        reply.onCompleted();
    }

    @Override
    public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> reply) {
        Caller caller = Callers.current();
        reply.onNext(WhoAmIResponse.newBuilder()
                .setName(caller.name())
                .setRole(proto(caller.role()))
                .setServerVersion(version)
                .build());
        reply.onCompleted();
    }

    private static Role role(dev.fairlead.proto.v1.Role role) {
        return switch (role) {
            case ROLE_VIEWER -> Role.VIEWER;
            case ROLE_SUBMITTER -> Role.SUBMITTER;
            case ROLE_PROMOTER -> Role.PROMOTER;
            case ROLE_ADMIN -> Role.ADMIN;
            case ROLE_UNSPECIFIED -> throw FairleadException.missing("role");
            case UNRECOGNIZED -> throw FairleadException.invalid("role", "is not one this server knows");
        };
    }

    private static dev.fairlead.proto.v1.Role proto(Role role) {
        return switch (role) {
            case VIEWER -> dev.fairlead.proto.v1.Role.ROLE_VIEWER;
            case SUBMITTER -> dev.fairlead.proto.v1.Role.ROLE_SUBMITTER;
            case PROMOTER -> dev.fairlead.proto.v1.Role.ROLE_PROMOTER;
            case ADMIN -> dev.fairlead.proto.v1.Role.ROLE_ADMIN;
        };
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
