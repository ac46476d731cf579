package dev.fairlead.control.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Events;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.tx.Transactions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells others that jobs changed: the world through the outbox, loops through the topic, watchers of one job directly. */
public final class JobNews {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Transactions transactions;
    private final Events events;
    private final Changes changes;
    private final Map<JobId, List<Runnable>> watchers = new ConcurrentHashMap<>();
    private final List<Consumer<Collection<Job>>> followers = new CopyOnWriteArrayList<>();

    public JobNews(Transactions transactions, Events events, Changes changes) {
        this.transactions = transactions;
        this.events = events;
        this.changes = changes;
    }

    /** Runs {@code wake} after each durable change of the job in this process, on the thread that made it. */
    public Changes.Subscription watch(JobId job, Runnable wake) {
        watchers.computeIfAbsent(job, id -> new CopyOnWriteArrayList<>()).add(wake);
        return () -> watchers.computeIfPresent(job, (id, all) -> {
            all.remove(wake);
            return all.isEmpty() ? null : all;
        });
    }

    /** Hands {@code follower} every durable change of jobs in this process, on the thread that made it; it must not block. */
    public Changes.Subscription follow(Consumer<Collection<Job>> follower) {
        followers.add(follower);
        return () -> followers.remove(follower);
    }

    /** Called in the transaction that writes the jobs. */
    void changed(Collection<Job> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        List<Event> worthTelling = new ArrayList<>();
        boolean waiting = false;
        boolean promotions = false;
        for (Job job : jobs) {
            waiting |= job.state() == JobState.SUBMITTED;
            promotions |= job.promotionId() != null;
            if (job.state().ended() || job.state() == JobState.UNKNOWN || job.state() == JobState.RECOVERING) {
                worthTelling.add(event(job));
            }
        }
        events.appendAll(worthTelling);
        // What an agent goes on with asks nothing of the loops, and their queries would compete with its way to the
        // agent.
        if (waiting || !worthTelling.isEmpty()) {
            changes.signal(Topic.JOBS);
        }
        if (promotions) {
            changes.signal(Topic.PROMOTIONS);
        }
        transactions.afterCommit(() -> {
            followers.forEach(follower -> follower.accept(jobs));
            jobs.forEach(job -> watchers.getOrDefault(job.id(), List.of()).forEach(Runnable::run));
        });
    }

    private static Event event(Job job) {
        ObjectNode body = JSON.createObjectNode()
                .put("id", job.id().value())
                .put("name", job.spec().name())
                .put("kind", job.spec().kind().name().toLowerCase(Locale.ROOT))
                .put("state", job.state().name());
        if (job.reason() != null) {
            body.put("reason", job.reason().code()).put("sentence", job.reason().sentence());
        }
        if (job.promotionId() != null) {
            body.put("promotion", job.promotionId());
        }
        if (job.latest() != null) {
            body.put("attempt", job.latest().id().number())
                    .put("agent", job.latest().agent().value());
        }
        return new Event(
                "job." + job.state().name().toLowerCase(Locale.ROOT),
                "job",
                job.id().value(),
                body.toString());
    }
}
