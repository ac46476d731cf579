package dev.fairlead.cli.token;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.ListTokensRequest;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "Lists the tokens' names and roles.")
final class TokenLs extends ServerCommand {
    TokenLs(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var answer = connection.access().listTokens(ListTokensRequest.getDefaultInstance());
        if (json()) {
            printJson(answer);
            return ExitCode.OK;
        }
        var table = new Table("NAME", "ROLE", "AGE", "EXPIRES");
        var now = context().clock().instant();
        answer.getTokensList()
                .forEach(token -> table.row(
                        token.getName(),
                        Words.of(token.getRole()),
                        Words.age(token.getCreatedAt(), now),
                        token.hasExpiresAt()
                                ? Words.instant(token.getExpiresAt()).toString()
                                : "never"));
        table.print(terminal(), "no tokens");
        return ExitCode.OK;
    }
}
