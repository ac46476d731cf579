package dev.fairlead.control.promotion.jdbc;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.promotion.Environment;
import dev.fairlead.control.promotion.Environments;
import dev.fairlead.control.promotion.Policy;
import dev.fairlead.control.promotion.PolicyJson;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of environments. */
@Singleton
final class JdbiEnvironments implements Environments {
    private final Jdbi jdbi;

    JdbiEnvironments(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Environment get(String name) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select name, reference_pool, candidate_pool, target_format, stand_ins, approval,
                               minimum_inputs, normalised_rmse, judging
                        from environment where name = :name
                        """)
                        .bind("name", name)
                        .map(JdbiEnvironments::environment)
                        .findOne())
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.ENVIRONMENT_NOT_FOUND, "environment", "there is no environment '" + name + "'"));
    }

    @Override
    public List<Environment> list() {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                        select name, reference_pool, candidate_pool, target_format, stand_ins, approval,
                               minimum_inputs, normalised_rmse, judging
                        from environment order by name
                        """).map(JdbiEnvironments::environment).list());
    }

    @Override
    public void put(Environment environment) {
        Policy policy = environment.policy();
        int rows = jdbi.withHandle(handle -> handle.createUpdate("""
                        insert into environment
                            (name, reference_pool, candidate_pool, target_format, stand_ins, approval,
                             minimum_inputs, normalised_rmse, judging)
                        values
                            (:name, :referencePool, :candidatePool, :targetFormat, :standIns, :approval,
                             :minimumInputs, cast(:normalisedRmse as jsonb), cast(:judging as jsonb))
                        on conflict (name) do update set
                            reference_pool = excluded.reference_pool,
                            candidate_pool = excluded.candidate_pool,
                            target_format = excluded.target_format,
                            stand_ins = excluded.stand_ins,
                            approval = excluded.approval,
                            minimum_inputs = excluded.minimum_inputs,
                            normalised_rmse = excluded.normalised_rmse,
                            judging = excluded.judging
                        """)
                .bind("name", environment.name())
                .bind("referencePool", environment.referencePool())
                .bind("candidatePool", environment.candidatePool())
                .bind("targetFormat", environment.targetFormat().name())
                .bind("standIns", policy.standIns().name())
                .bind("approval", policy.approval().name())
                .bind("minimumInputs", policy.minimumInputs())
                .bind("normalisedRmse", PolicyJson.writeLimits(policy.normalisedRmse()))
                .bind("judging", PolicyJson.writeJudging(policy))
                .execute());
        if (rows != 1) {
            throw new IllegalStateException("environment " + environment.name() + " took " + rows + " rows");
        }
    }

    private static Environment environment(ResultSet row, StatementContext context) throws SQLException {
        return new Environment(
                row.getString("name"),
                row.getString("reference_pool"),
                row.getString("candidate_pool"),
                ModelFormat.valueOf(row.getString("target_format")),
                PolicyJson.readJudging(
                        new Policy(
                                Policy.StandIns.valueOf(row.getString("stand_ins")),
                                Policy.Approval.valueOf(row.getString("approval")),
                                row.getInt("minimum_inputs"),
                                PolicyJson.readLimits(row.getString("normalised_rmse"))),
                        row.getString("judging")));
    }
}
