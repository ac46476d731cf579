package dev.fairlead.control.promotion.grpc;

import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.PromotionId;
import dev.fairlead.control.promotion.Promotions;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Sends a promotion at once and at each change, until it has ended or the client has gone. */
@Singleton
class PromotionWatch {
    // Another control plane's changes arrive by this alone.
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Promotions promotions;
    private final Changes changes;

    PromotionWatch(Promotions promotions, Changes changes) {
        this.promotions = promotions;
        this.changes = changes;
    }

    /** Blocks the calling virtual thread. */
    void follow(PromotionId id, StreamObserver<dev.fairlead.proto.v1.Promotion> reply) {
        Semaphore wake = new Semaphore(0);
        try (Changes.Subscription _ = changes.listen(Topic.PROMOTIONS, wake::release)) {
            long sent = 0;
            while (!gone(reply)) {
                Promotion promotion = promotions.get(id);
                if (promotion.revision() != sent) {
                    reply.onNext(Messages.promotion(promotion));
                    sent = promotion.revision();
                }
                if (promotion.phase().terminal()) {
                    reply.onCompleted();
                    return;
                }
                boolean _ = wake.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean gone(StreamObserver<?> reply) {
        return reply instanceof ServerCallStreamObserver<?> call && call.isCancelled();
    }
}
