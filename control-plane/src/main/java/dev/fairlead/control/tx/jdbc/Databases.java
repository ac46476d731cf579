package dev.fairlead.control.tx.jdbc;

import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** One way to set Jdbi up, for the service and for tests. */
public final class Databases {
    private Databases() {}

    /** Jdbi over a pool, with the array types that stores bind. */
    public static Jdbi over(DataSource pool) {
        Jdbi jdbi = Jdbi.create(pool);
        jdbi.registerArrayType(String.class, "text");
        jdbi.registerArrayType(Long.class, "bigint");
        return jdbi;
    }
}
