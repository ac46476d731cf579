package dev.fairlead.cli.promote;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.GetPromotionRequest;
import dev.fairlead.proto.v1.ListPromotionsRequest;
import dev.fairlead.proto.v1.PageRequest;
import dev.fairlead.proto.v1.Promotion;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "status", description = "Shows one promotion, or lists the latest.")
final class PromoteStatus extends ServerCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "PROMOTION", description = "The promotion's id.")
    private String id = "";

    @Option(names = "--model", paramLabel = "NAME", description = "Lists only this model's.")
    private String model = "";

    @Option(names = "--watch", description = "Prints each change until it ends or waits for a person.")
    private boolean watch;

    PromoteStatus(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        if (id.isEmpty()) {
            list(connection);
            return ExitCode.OK;
        }
        if (watch) {
            return watch(this::line, connection, id);
        }
        var promotion = connection
                .promotions()
                .get(GetPromotionRequest.newBuilder().setId(id).build());
        if (json()) {
            printJson(promotion);
        } else {
            show(promotion, terminal());
        }
        return ExitCode.OK;
    }

    static ExitCode watch(Consumer<Promotion> line, Connection connection, String id) {
        return PromotionStates.outcome(new PromotionWatch(connection).follow(id, line));
    }

    private void line(Promotion promotion) {
        if (json()) {
            printJson(promotion, JsonLayout.LINE);
        } else {
            terminal().line(PromotionStates.line(promotion));
        }
    }

    private void list(Connection connection) {
        var answer = connection
                .promotions()
                .list(ListPromotionsRequest.newBuilder()
                        .setModel(model)
                        .setPage(PageRequest.newBuilder().setSize(50))
                        .build());
        if (json()) {
            printJson(answer);
        } else {
            table(answer.getPromotionsList(), context().clock().instant()).print(terminal(), "no promotions");
        }
    }

    static Table table(List<Promotion> promotions, Instant now) {
        var table = new Table("PROMOTION", "MODEL", "TO", "STATE", "VERDICT", "AGE", "REASON");
        promotions.forEach(promotion -> table.row(
                promotion.getId(),
                promotion.getModel() + "@" + promotion.getVersion(),
                promotion.getEnvironment(),
                Words.of(promotion.getState()),
                Words.of(promotion.getVerdict()),
                Words.age(promotion.getStartedAt(), now),
                Words.of(promotion.getReason())));
        return table;
    }

    static void show(Promotion promotion, Terminal terminal) {
        terminal.line(PromotionStates.line(promotion));
        if (promotion.hasOverruling()) {
            var overruling = promotion.getOverruling();
            terminal.line("parity overruled by " + overruling.getBy() + " at " + Words.instant(overruling.getAt())
                    + ": " + overruling.getReason());
        }
        var table = new Table("WHEN", "FROM", "TO", "REASON");
        promotion
                .getHistoryList()
                .forEach(change -> table.row(
                        Words.instant(change.getAt()).toString(),
                        change.getFrom(),
                        change.getTo(),
                        Words.of(change.getReason())));
        table.print(terminal, "no changes yet");
        var jobs = new Table("STEP", "JOB");
        jobs.row("convert", promotion.getConvertJob());
        jobs.row("reference", promotion.getReferenceJob());
        jobs.row("candidate", promotion.getCandidateJob());
        if (!promotion.getReference64Job().isEmpty()) {
            jobs.row("reference in float64", promotion.getReference64Job());
        }
        jobs.row("candidate in float64", promotion.getCandidate64Job());
        jobs.row("compare", promotion.getCompareJob());
        jobs.print(terminal, "");
    }
}
