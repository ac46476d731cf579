package dev.fairlead.cli.promote;

import dev.fairlead.cli.server.Connection;
import dev.fairlead.proto.v1.GetPromotionRequest;
import dev.fairlead.proto.v1.Promotion;
import java.util.function.Consumer;

/** Follows a promotion until nothing moves any more without a person. */
public final class PromotionWatch {
    private final Connection connection;

    public PromotionWatch(Connection connection) {
        this.connection = connection;
    }

    /** Each change goes to `seen`; the last one is returned. */
    public Promotion follow(String id, Consumer<Promotion> seen) {
        var last = Promotion.getDefaultInstance();
        var changes = connection
                .promotionsStream()
                .watch(GetPromotionRequest.newBuilder().setId(id).build());
        while (!PromotionStates.rests(last) && changes.hasNext()) {
            last = changes.next();
            seen.accept(last);
        }
        return last;
    }
}
