package dev.fairlead.cli.token;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.RevokeTokenRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "revoke", description = "Makes a token worthless at once.")
final class TokenRevoke extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The token's name.")
    private String name = "";

    TokenRevoke(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var answer = connection
                .access()
                .revokeToken(RevokeTokenRequest.newBuilder().setName(name).build());
        if (json()) {
            printJson(answer);
        } else {
            terminal().line("revoked " + name);
        }
        return ExitCode.OK;
    }
}
