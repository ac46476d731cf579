package dev.fairlead.control.tx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Events;
import dev.fairlead.control.event.LocalChanges;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.event.jdbc.JdbiEvents;
import dev.fairlead.control.tx.Transactions;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbiTransactionsTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    private final Transactions transactions = DATABASE.transactions();
    private final Events events =
            new JdbiEvents(DATABASE.jdbi(), InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));

    @Test
    void rollsBackEveryJoinedCall() {
        assertThatThrownBy(() -> transactions.run(() -> {
                    events.append(new Event("job.succeeded", "job", "outer", "{}"));
                    transactions.run(() -> events.append(new Event("job.succeeded", "job", "inner", "{}")));
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(keys()).doesNotContain("outer", "inner");
    }

    @Test
    void keepsAnEventOnceItsTransactionCommits() {
        transactions.run(() -> events.append(new Event("job.succeeded", "job", "kept", "{\"n\": 1}")));

        assertThat(keys()).contains("kept");
    }

    @Test
    void wakesListenersAfterCommitAndNeverAfterRollback() {
        LocalChanges changes = new LocalChanges(transactions);
        List<String> seen = new ArrayList<>();
        try (var _ = changes.listen(Topic.JOBS, () -> seen.add("woken"))) {
            transactions.run(() -> {
                changes.signal(Topic.JOBS);
                assertThat(seen).isEmpty();
            });
            assertThat(seen).hasSize(1);

            assertThatThrownBy(() -> transactions.run(() -> {
                        changes.signal(Topic.JOBS);
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");
            assertThat(seen).hasSize(1);

            changes.signal(Topic.JOBS);
            changes.signal(Topic.AGENTS);
            assertThat(seen).hasSize(2);
        }
        changes.signal(Topic.JOBS);
        assertThat(seen).hasSize(2);
    }

    private static List<String> keys() {
        return DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("select entity_key from event_outbox")
                        .mapTo(String.class)
                        .list());
    }
}
