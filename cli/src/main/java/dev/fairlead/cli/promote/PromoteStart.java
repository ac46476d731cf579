package dev.fairlead.cli.promote;

import dev.fairlead.cli.artifact.Uploader;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.StartPromotionRequest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "start",
        description = "Starts to lead a model version into an environment.",
        footer = {"", "Example:", "  fairlead promote start digits@1 --to prod --watch"})
final class PromoteStart extends ServerCommand {
    @Parameters(index = "0", paramLabel = "REF", description = "name@version or name@alias.")
    private String ref = "";

    @Option(names = "--to", paramLabel = "ENVIRONMENT", required = true, description = "Where it goes: dev, prod, …")
    private String environment = "";

    @Option(
            names = "--suite",
            paramLabel = "FOLDER|DIGEST",
            description = "Golden inputs in place of the version's own.")
    private @Nullable String suite;

    @Option(names = "--key", paramLabel = "KEY", description = "Idempotency key; default a fresh one.")
    private @Nullable String key;

    @Option(
            names = "--watch",
            description = "Prints each change until it ends or waits for a person; the exit code is the outcome.")
    private boolean watch;

    PromoteStart(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) throws InterruptedException {
        var request = StartPromotionRequest.newBuilder()
                .setRef(ref)
                .setEnvironment(environment)
                .setIdempotencyKey(key == null ? context().keys().get() : key);
        if (suite != null) {
            request.setSuiteDigest(
                    suite.startsWith("sha256:")
                            ? suite
                            : new Uploader(connection, terminal())
                                    .upload(Path.of(suite))
                                    .getDigest());
        }
        var promotion = connection.promotions().start(request.build());
        if (watch) {
            terminal().note("promotion " + promotion.getId());
            return PromoteStatus.watch(this::printLine, connection, promotion.getId());
        }
        if (json()) {
            printJson(promotion);
        } else {
            terminal().line(promotion.getId());
        }
        return ExitCode.OK;
    }

    private void printLine(dev.fairlead.proto.v1.Promotion promotion) {
        if (json()) {
            printJson(promotion, JsonLayout.LINE);
        } else {
            terminal().line(PromotionStates.line(promotion));
        }
    }
}
