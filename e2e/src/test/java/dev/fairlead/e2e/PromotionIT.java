package dev.fairlead.e2e;

import static dev.fairlead.proto.v1.PromotionState.PROMOTION_STATE_AWAITING_APPROVAL;
import static dev.fairlead.proto.v1.PromotionState.PROMOTION_STATE_CONVERTING;
import static dev.fairlead.proto.v1.PromotionState.PROMOTION_STATE_DEPLOYING;
import static dev.fairlead.proto.v1.PromotionState.PROMOTION_STATE_PROMOTED;
import static dev.fairlead.proto.v1.PromotionState.PROMOTION_STATE_REJECTED;
import static dev.fairlead.proto.v1.PromotionState.PROMOTION_STATE_ROLLED_BACK;
import static dev.fairlead.proto.v1.PromotionState.PROMOTION_STATE_VALIDATING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.proto.v1.ApprovePromotionRequest;
import dev.fairlead.proto.v1.GetReportRequest;
import dev.fairlead.proto.v1.ParityVerdict;
import dev.fairlead.proto.v1.Promotion;
import dev.fairlead.proto.v1.ResolveModelRequest;
import dev.fairlead.proto.v1.StateChange;
import dev.fairlead.proto.v1.UndoPromotionRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model's way into production, through crashes and faults. */
class PromotionIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = Cluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void resumesAfterTheControlPlaneWasKilledInEachState() throws Exception {
        var mac = cluster.macAgent("mac-1");
        Prototype.train(cluster);
        Prototype.acceptStandIns(cluster);
        mac.close();

        // No agent that could convert: the promotion waits in CONVERTING.
        var id = Prototype.promote(cluster, "crash");
        await(id, PROMOTION_STATE_CONVERTING);
        crash();
        assertThat(cluster.client().promotion(id).getState()).isEqualTo(PROMOTION_STATE_CONVERTING);
        cluster.macAgent("mac-1");

        // No agent for the candidate's side: it waits in VALIDATING.
        await(id, PROMOTION_STATE_VALIDATING);
        crash();
        cluster.cudaAgent("node-1");

        await(id, PROMOTION_STATE_AWAITING_APPROVAL);
        crash();
        assertThat(cluster.client().promotion(id).getVerdict()).isEqualTo(ParityVerdict.PARITY_VERDICT_PASSED);
        assertNoAlias();

        killWhileTheAliasMoves(id);
        var promoted = await(id, PROMOTION_STATE_PROMOTED);
        assertThat(alias()).isEqualTo(promoted.getCandidateDigest());
        assertThat(promoted.getHistoryList())
                .extracting(StateChange::getTo)
                .containsExactly("VALIDATING", "AWAITING_APPROVAL", "DEPLOYING", "PROMOTED");
        assertThat(aliasMoves()).isEqualTo(1);

        var undone = cluster.client()
                .promotions()
                .undo(UndoPromotionRequest.newBuilder()
                        .setId(id)
                        .setReason("test")
                        .build());
        assertThat(undone.getState()).isEqualTo(PROMOTION_STATE_ROLLED_BACK);
        assertNoAlias();
    }

    @Test
    void rejectsAConversionWithAnEpsilonTenTimesTooLarge() throws Exception {
        cluster.faultyMacAgent("mac-1");
        cluster.cudaAgent("node-1");
        Prototype.train(cluster);
        Prototype.acceptStandIns(cluster);

        var id = Prototype.promote(cluster, "fault");
        var rejected = await(id, PROMOTION_STATE_REJECTED);

        assertThat(rejected.getVerdict()).isEqualTo(ParityVerdict.PARITY_VERDICT_FAILED);
        assertThat(rejected.getReason().getSentence()).contains("y").contains("normalised RMSE");
        assertNoAlias();
        var report = cluster.client()
                .parity()
                .getReport(GetReportRequest.newBuilder().setPromotionId(id).build());
        assertThat(report.getOutputs(0).getNormalisedRmse())
                .isGreaterThan(report.getOutputs(0).getLimit());
        var whole = ReportJson.report("report.json", report.getJson());
        assertThat(whole.sentence()).startsWith("FAILED: the conversion is at fault");
        assertThat(whole.culprit()).isNotNull().satisfies(culprit -> {
            assertThat(culprit.operation()).startsWith("LayerNormalization");
            assertThat(culprit.source()).startsWith("train.py:").contains("norm");
        });
    }

    private void crash() {
        cluster.killControlPlane();
        cluster.restartControlPlane();
    }

    /** Holds the table that the move must write, so that the promotion stays in DEPLOYING until the control plane is dead. */
    private void killWhileTheAliasMoves(String id) throws SQLException {
        try (var database = cluster.database()) {
            database.setAutoCommit(false);
            try (var statement = database.createStatement()) {
                statement.execute("LOCK TABLE model_alias_move IN EXCLUSIVE MODE");
            }
            cluster.client()
                    .promotions()
                    .approve(ApprovePromotionRequest.newBuilder().setId(id).build());
            await(id, PROMOTION_STATE_DEPLOYING);
            cluster.killControlPlane();
            database.rollback();
        }
        cluster.restartControlPlane();
    }

    private Promotion await(String id, dev.fairlead.proto.v1.PromotionState state) {
        return cluster.client().awaitPromotion(id, LIMIT, state);
    }

    private String alias() {
        return cluster.client()
                .models()
                .resolve(ResolveModelRequest.newBuilder()
                        .setRef(Prototype.MODEL + "@prod")
                        .build())
                .getTreeDigest();
    }

    private void assertNoAlias() {
        assertThatThrownBy(this::alias)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    private long aliasMoves() throws SQLException {
        try (var database = cluster.database();
                var statement = database.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM model_alias_move")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
