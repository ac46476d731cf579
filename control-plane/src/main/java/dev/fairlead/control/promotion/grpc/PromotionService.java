package dev.fairlead.control.promotion.grpc;

import dev.fairlead.control.access.grpc.Callers;
import dev.fairlead.control.access.grpc.TraceParent;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.promotion.Environments;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.PromotionId;
import dev.fairlead.control.promotion.Promotions;
import dev.fairlead.control.promotion.StartRequest;
import dev.fairlead.proto.v1.AbortPromotionRequest;
import dev.fairlead.proto.v1.ApprovePromotionRequest;
import dev.fairlead.proto.v1.Environment;
import dev.fairlead.proto.v1.GetPromotionRequest;
import dev.fairlead.proto.v1.ListEnvironmentsRequest;
import dev.fairlead.proto.v1.ListEnvironmentsResponse;
import dev.fairlead.proto.v1.ListPromotionsRequest;
import dev.fairlead.proto.v1.ListPromotionsResponse;
import dev.fairlead.proto.v1.PromotionsGrpc;
import dev.fairlead.proto.v1.PutEnvironmentRequest;
import dev.fairlead.proto.v1.StartPromotionRequest;
import dev.fairlead.proto.v1.UndoPromotionRequest;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service {@code Promotions}. Failures leave as exceptions; one place turns them into statuses. */
@GrpcService
class PromotionService extends PromotionsGrpc.PromotionsImplBase {
    private static final int DEFAULT_PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    private final Promotions promotions;
    private final Environments environments;
    private final PromotionWatch watch;

    PromotionService(Promotions promotions, Environments environments, PromotionWatch watch) {
        this.promotions = promotions;
        this.environments = environments;
        this.watch = watch;
    }

    @Override
    public void start(StartPromotionRequest request, StreamObserver<dev.fairlead.proto.v1.Promotion> reply) {
        one(
                promotions.start(new StartRequest(
                        request.getIdempotencyKey(),
                        request.getRef(),
                        request.getEnvironment(),
                        Messages.suite(request.getSuiteDigest()),
                        Callers.current().name(),
                        TraceParent.current())),
                reply);
    }

    @Override
    public void get(GetPromotionRequest request, StreamObserver<dev.fairlead.proto.v1.Promotion> reply) {
        one(promotions.get(new PromotionId(request.getId())), reply);
    }

    @Override
    public void list(ListPromotionsRequest request, StreamObserver<ListPromotionsResponse> reply) {
        int asked = request.getPage().getSize();
        if (asked < 0 || asked > LARGEST_PAGE) {
            throw FairleadException.invalid("page.size", "is 0 to %d, not %d".formatted(LARGEST_PAGE, asked));
        }
        int size = asked == 0 ? DEFAULT_PAGE : asked;
        String token = request.getPage().getToken();
        @Nullable PromotionId before = token.isEmpty() ? null : PromotionId.parse(token, "page.token");
        @Nullable String model = request.getModel().isEmpty() ? null : request.getModel();
        List<Promotion> page = promotions.list(size + 1, before, model);
        boolean more = page.size() > size;
        List<Promotion> shown = more ? page.subList(0, size) : page;
        reply.onNext(ListPromotionsResponse.newBuilder()
                .addAllPromotions(shown.stream().map(Messages::promotion).toList())
                .setNextPageToken(more ? shown.getLast().id().value() : "")
                .build());
        reply.onCompleted();
    }

    @Override
    public void watch(GetPromotionRequest request, StreamObserver<dev.fairlead.proto.v1.Promotion> reply) {
        watch.follow(new PromotionId(request.getId()), reply);
    }

    @Override
    public void approve(ApprovePromotionRequest request, StreamObserver<dev.fairlead.proto.v1.Promotion> reply) {
        PromotionId id = new PromotionId(request.getId());
        String by = Callers.current().name();
        one(request.getForce() ? promotions.overrule(id, by, request.getReason()) : promotions.approve(id, by), reply);
    }

    @Override
    public void abort(AbortPromotionRequest request, StreamObserver<dev.fairlead.proto.v1.Promotion> reply) {
        PromotionId id = new PromotionId(request.getId());
        one(promotions.abort(id, Callers.current().name(), request.getReason()), reply);
    }

    @Override
    public void undo(UndoPromotionRequest request, StreamObserver<dev.fairlead.proto.v1.Promotion> reply) {
        PromotionId id = new PromotionId(request.getId());
        String by = Callers.current().name();
        one(
                request.getForce()
                        ? promotions.undoAnyway(id, by, request.getReason())
                        : promotions.undo(id, by, request.getReason()),
                reply);
    }

    @Override
    public void listEnvironments(ListEnvironmentsRequest request, StreamObserver<ListEnvironmentsResponse> reply) {
        reply.onNext(ListEnvironmentsResponse.newBuilder()
                .addAllEnvironments(
                        environments.list().stream().map(Messages::environment).toList())
                .build());
        reply.onCompleted();
    }

    @Override
    public void putEnvironment(PutEnvironmentRequest request, StreamObserver<Environment> reply) {
        if (!request.hasEnvironment()) {
            throw FairleadException.missing("environment");
        }
        var environment = Messages.environment(request.getEnvironment());
        environments.put(environment);
        reply.onNext(Messages.environment(environment));
        reply.onCompleted();
    }

    private static void one(Promotion promotion, StreamObserver<dev.fairlead.proto.v1.Promotion> reply) {
        reply.onNext(Messages.promotion(promotion));
        reply.onCompleted();
    }
}
