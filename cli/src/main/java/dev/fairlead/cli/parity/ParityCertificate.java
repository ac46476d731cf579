package dev.fairlead.cli.parity;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.GetCertificateRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "certificate",
        description = "Prints the certificate of a promotion that passed, or keeps it in a file for parity verify.",
        footer = {
            "",
            "Example:",
            "  fairlead parity certificate 01JD… --out certificate.json --key-out control-plane.pem"
        })
final class ParityCertificate extends ServerCommand {
    @Parameters(index = "0", paramLabel = "PROMOTION", description = "The promotion's id.")
    private String promotion = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it.")
    private @Nullable Path out;

    @Option(names = "--key-out", paramLabel = "FILE", description = "Where to write the control plane's public key.")
    private @Nullable Path keyOut;

    ParityCertificate(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var certificate = connection
                .parity()
                .getCertificate(GetCertificateRequest.newBuilder()
                        .setPromotionId(promotion)
                        .build());
        if (keyOut != null) {
            write(keyOut, certificate.getPublicKey());
        }
        if (out != null) {
            write(out, certificate.getJson());
        } else {
            terminal().line(certificate.getJson().stripTrailing());
        }
        return ExitCode.OK;
    }

    private void write(Path file, String text) {
        try {
            Files.writeString(file, text);
            terminal().note("wrote " + file);
        } catch (IOException e) {
            throw CommandFailure.usage(file + ": cannot be written");
        }
    }
}
