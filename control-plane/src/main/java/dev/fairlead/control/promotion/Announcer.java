package dev.fairlead.control.promotion;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Events;
import dev.fairlead.control.event.Topic;
import jakarta.inject.Singleton;
import java.util.Locale;

/** Tells the world and this process about a promotion: an event, a wake-up, a line in the log. */
@Singleton
public final class Announcer {
    private static final System.Logger LOG = System.getLogger(Announcer.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Events events;
    private final Changes changes;

    public Announcer(Events events, Changes changes) {
        this.events = events;
        this.changes = changes;
    }

    /** The promotion came into its state. */
    void entered(Promotion promotion) {
        String phase = promotion.phase().name();
        String id = promotion.id().value();
        events.append(new Event("promotion." + phase.toLowerCase(Locale.ROOT), "promotion", id, payload(promotion)));
        changed();
        LOG.log(
                System.Logger.Level.INFO,
                "promotionId={0} state={1} reason={2}",
                id,
                phase,
                promotion.reason().code());
    }

    /** Something about a promotion changed within its state. */
    void changed() {
        changes.signal(Topic.PROMOTIONS);
    }

    private static String payload(Promotion promotion) {
        ObjectNode payload = JSON.createObjectNode();
        payload.put("promotion", promotion.id().value());
        payload.put("model", promotion.start().model());
        payload.put("version", promotion.start().version());
        payload.put("environment", promotion.environment().name());
        payload.put("state", promotion.phase().name());
        payload.put("reason", promotion.reason().code());
        payload.put("sentence", promotion.reason().sentence());
        Evidence evidence = promotion.state().evidence();
        evidence.candidate().ifPresent(tree -> payload.put("candidate", tree.toString()));
        evidence.judgement().ifPresent(judgement -> {
            payload.put("verdict", judgement.verdict().name());
            payload.put("report", judgement.report().toString());
        });
        promotion
                .overruling()
                .ifPresent(overruling -> payload.putObject("overruling")
                        .put("by", overruling.by())
                        .put("at", overruling.at().toString())
                        .put("reason", overruling.why()));
        return payload.toString();
    }
}
