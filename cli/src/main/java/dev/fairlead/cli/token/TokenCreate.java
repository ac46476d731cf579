package dev.fairlead.cli.token;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.DurationConverter;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.CreateTokenRequest;
import dev.fairlead.proto.v1.Role;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "create",
        description = "Makes a token and shows it once.",
        footer = {"", "Example:", "  fairlead token create ci --role submitter --valid-for 90d"})
final class TokenCreate extends ServerCommand {
    /** The roles as options name them; each may do what the one before it may. */
    private enum Named {
        VIEWER(Role.ROLE_VIEWER),
        SUBMITTER(Role.ROLE_SUBMITTER),
        PROMOTER(Role.ROLE_PROMOTER),
        ADMIN(Role.ROLE_ADMIN);

        private final Role role;

        Named(Role role) {
            this.role = role;
        }
    }

    @Parameters(index = "0", paramLabel = "NAME", description = "Whom the token stands for.")
    private String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            required = true,
            description = "viewer, submitter, promoter or admin.")
    private Named role = Named.VIEWER;

    @Option(
            names = "--valid-for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Where not given, it does not expire.")
    private @Nullable Duration validFor;

    TokenCreate(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var request = CreateTokenRequest.newBuilder().setName(name).setRole(role.role);
        if (validFor != null) {
            request.setValidFor(Words.duration(validFor));
        }
        var answer = connection.access().createToken(request.build());
        if (json()) {
            printJson(answer);
        } else {
            terminal().line(answer.getToken());
            terminal().note("it is not shown again");
        }
        return ExitCode.OK;
    }
}
