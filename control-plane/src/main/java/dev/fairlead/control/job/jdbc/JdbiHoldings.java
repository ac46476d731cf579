package dev.fairlead.control.job.jdbc;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Holdings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;

/** Which jobs agents hold. */
@Singleton
public final class JdbiHoldings implements Holdings {
    private final Jdbi jdbi;

    public JdbiHoldings(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Map<AgentName, List<String>> jobs() {
        Map<AgentName, List<String>> jobs = new TreeMap<>();
        jdbi.useHandle(handle -> handle.createQuery("""
                        select agent, id from job where state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN') order by id
                        """)
                .map((row, context) -> Map.entry(new AgentName(row.getString("agent")), row.getString("id")))
                .forEach(entry -> jobs.computeIfAbsent(entry.getKey(), agent -> new ArrayList<>())
                        .add(entry.getValue())));
        return jobs;
    }
}
