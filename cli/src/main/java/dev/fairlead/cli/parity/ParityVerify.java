package dev.fairlead.cli.parity;

import dev.fairlead.cli.server.Context;
import dev.fairlead.parity.certificate.PublicKeyFile;
import dev.fairlead.parity.certificate.SignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = {
            "Checks the signature of a certificate and says what it certifies. Works offline.",
            "Exit codes: 0 valid, 1 not valid, 3 unreadable."
        },
        footer = {
            "",
            "Examples:",
            "  fairlead parity verify certificate.json --key control-plane.pem",
            "  fairlead parity verify certificate.json"
        })
final class ParityVerify implements Callable<Integer> {
    private static final int VALID = 0;
    private static final int INVALID = 1;
    private static final int UNREADABLE = 3;
    private static final int LARGEST = 1 << 20;

    @Parameters(index = "0", paramLabel = "FILE", description = "What fairlead parity certificate wrote.")
    private Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "PUBLIC_KEY_FILE",
            description =
                    "The control plane's public key in PEM. Default: the key in the certificate, which anybody may"
                            + " have put there.")
    @Nullable private Path key;

    private final Context context;

    ParityVerify(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        SignedCertificate signed;
        byte[] trusted;
        try {
            signed = SignedCertificate.read(file.toString(), text(file));
            trusted = key == null ? signed.publicKey() : PublicKeyFile.read(key.toString(), text(key));
        } catch (IllegalArgumentException e) {
            context.terminal().note("error: " + e.getMessage());
            return UNREADABLE;
        }
        if (!signed.signedBy(trusted)) {
            context.terminal()
                    .line(
                            signed.unchanged()
                                    ? "NOT VALID: signed by another key than the one in " + key
                                    : "NOT VALID: the signature is not of this text by the key it names: one of them was changed");
            return INVALID;
        }
        context.terminal()
                .line(
                        key == null
                                ? "VALID: unchanged since it was signed; --key would show by whom"
                                : "VALID: signed by the key in " + key);
        context.terminal().line(signed.summary());
        return VALID;
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IllegalArgumentException(file + ": is larger than 1 MiB");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read", e);
        }
    }
}
