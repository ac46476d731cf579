package dev.fairlead.control.access.grpc;

import dev.fairlead.proto.v1.AccessGrpc;
import dev.fairlead.proto.v1.Role;
import dev.fairlead.proto.v1.WhoAmIRequest;
import dev.fairlead.proto.v1.WhoAmIResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Tokens over gRPC. */
@GrpcService
class AccessService extends AccessGrpc.AccessImplBase {
    @Override
    @RunOnVirtualThread
    public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> reply) {
        reply.onNext(WhoAmIResponse.newBuilder()
                .setName(Thread.currentThread().toString())
                .setRole(Role.ROLE_ADMIN)
                .build());
        reply.onCompleted();
    }
}
