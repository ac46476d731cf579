package dev.fairlead.control.schedule.jdbc;

import dev.fairlead.control.schedule.Lead;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The lead as a PostgreSQL advisory lock, held by a connection of its own: a lost connection is a lost lead. */
public final class AdvisoryLead implements Lead {
    /** "FAIRLEAD" in ASCII. */
    private static final long KEY = 0x464149524C454144L;

    private final DataSource pool;
    private @Nullable Connection holder;

    public AdvisoryLead(DataSource pool) {
        this.pool = pool;
    }

    @Override
    public synchronized boolean held() {
        try {
            Connection connection = holder;
            if (connection != null) {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute("select 1");
                }
            }
            return take();
        } catch (SQLException e) {
            close();
            return false;
        }
    }

    @Override
    public synchronized void close() {
        Connection connection = holder;
        holder = null;
        if (connection != null) {
            try (connection;
                    PreparedStatement statement = connection.prepareStatement("select pg_advisory_unlock(?)")) {
                statement.setLong(1, KEY);
                statement.execute();
            } catch (SQLException e) {
                // The connection is gone, and the lock with it.
                return;
            }
        }
    }

    private boolean take() throws SQLException {
        Connection connection = pool.getConnection();
        boolean taken = false;
        try (PreparedStatement statement = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            statement.setLong(1, KEY);
            try (ResultSet answer = statement.executeQuery()) {
                taken = answer.next() && answer.getBoolean(1);
            }
        } finally {
            if (!taken) {
                connection.close();
            }
        }
        holder = taken ? connection : null;
        return taken;
    }
}
