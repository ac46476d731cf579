package dev.fairlead.cli.server;

import dev.fairlead.cli.failure.CommandFailure;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Which control plane to call (`host:port`), with which token (empty: none) and which certificates to trust. */
public record Target(String address, String token, Optional<String> tlsCa) {
    public Target {
        if (!address.matches("(\\[[0-9a-fA-F:.]+]|[^:/\\s]+):\\d{1,5}")) {
            throw CommandFailure.usage("--server: \"" + address + "\" is no HOST:PORT");
        }
    }

    ChannelCredentials credentials() {
        return tlsCa.map(Target::tls).orElseGet(InsecureChannelCredentials::create);
    }

    private static ChannelCredentials tls(String file) {
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(Path.of(file).toFile())
                    .build();
        } catch (IOException e) {
            throw CommandFailure.usage("--tls-ca: " + file + " cannot be read as PEM: " + e.getMessage());
        }
    }
}
