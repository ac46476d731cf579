package dev.fairlead.control.job.jdbc;

import dev.fairlead.control.artifact.FenceCheck;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.AttemptId;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Lets an attempt commit artifacts for as long as it is the current one. */
@Singleton
public final class JdbiFences implements FenceCheck {
    private final Jdbi jdbi;

    public JdbiFences(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public void require(String attemptId, long fence) {
        AttemptId id = AttemptId.parse(attemptId, "attempt_id");
        // The row stays locked until the commit: nobody fences the attempt off in between.
        Optional<Boolean> holds = jdbi.withHandle(handle -> handle.createQuery("""
                        select attempt = :number and fence = :fence
                            and attempt_state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN') as holds
                        from job where id = :id for share
                        """)
                .bind("id", id.job().value())
                .bind("number", id.number())
                .bind("fence", fence)
                .map((row, context) -> row.getBoolean("holds"))
                .findOne());
        if (holds.isEmpty()) {
            throw new FairleadException(ErrorCode.ATTEMPT_NOT_FOUND, "attempt_id", "there is no attempt " + attemptId);
        }
        if (!holds.get()) {
            throw new FairleadException(
                    ErrorCode.STALE_FENCE,
                    "fence",
                    "attempt " + attemptId + " with fence " + fence + " is not current any more: drop its results");
        }
    }
}
