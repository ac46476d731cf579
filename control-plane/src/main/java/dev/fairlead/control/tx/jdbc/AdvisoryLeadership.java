package dev.fairlead.control.tx.jdbc;

import dev.fairlead.control.tx.Leadership;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Leadership by a session-level advisory lock on a connection of its own. PostgreSQL releases it when the connection
 * ends, so a leader that dies is followed without a timeout.
 */
public final class AdvisoryLeadership implements Leadership {
    private final Jdbi jdbi;
    private final String name;
    private @Nullable Handle handle;

    public AdvisoryLeadership(Jdbi jdbi, String name) {
        this.jdbi = jdbi;
        this.name = name;
    }

    @Override
    public synchronized boolean held() {
        Handle open = handle;
        if (open != null && alive(open)) {
            return true;
        }
        close();
        Handle fresh = jdbi.open();
        try {
            boolean locked = fresh.createQuery("select pg_try_advisory_lock(hashtextextended(:name, 0))")
                    .bind("name", name)
                    .mapTo(Boolean.class)
                    .one();
            handle = locked ? fresh : null;
            return locked;
        } finally {
            if (handle == null) {
                fresh.close();
            }
        }
    }

    private static boolean alive(Handle open) {
        try {
            return open.createQuery("select 1").mapTo(Integer.class).one() == 1;
        } catch (JdbiException e) {
            // The connection is gone and the lock with it; the caller tries again on a fresh one.
            return false;
        }
    }

    @Override
    public synchronized void close() {
        Handle open = handle;
        handle = null;
        if (open != null) {
            try (open) {
                open.createQuery("select pg_advisory_unlock_all()")
                        .mapTo(String.class)
                        .findFirst();
            } catch (JdbiException e) {
                // A dead connection has no lock left to give back.
            }
        }
    }
}
