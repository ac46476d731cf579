package dev.fairlead.agent.wiring;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;

/** The connection to the control plane: plain on loopback and in tests, TLS where certificates are given. */
final class Channels {
    private static final int LARGEST_MESSAGE = 64 << 20;

    private Channels() {}

    static ManagedChannel open(String server, Optional<Path> tlsCa) throws IOException {
        var builder = NettyChannelBuilder.forTarget(server)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .executor(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("grpc-", 0).factory()));
        if (tlsCa.isPresent()) {
            builder.sslContext(GrpcSslContexts.forClient()
                    .trustManager(tlsCa.get().toFile())
                    .build());
        } else {
            builder.usePlaintext();
        }
        return builder.build();
    }
}
