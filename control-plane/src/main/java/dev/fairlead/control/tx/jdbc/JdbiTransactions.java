package dev.fairlead.control.tx.jdbc;

import dev.fairlead.control.tx.Transactions;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Transactions over Jdbi: {@code jdbi.withHandle} on the same thread takes part. */
@Singleton
public final class JdbiTransactions implements Transactions {
    private final Jdbi jdbi;
    private final ThreadLocal<@Nullable List<Runnable>> pending = new ThreadLocal<>();

    public JdbiTransactions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public <T> T call(Supplier<T> body) {
        if (pending.get() != null) {
            return body.get();
        }
        List<Runnable> work = new ArrayList<>();
        pending.set(work);
        T result;
        try {
            result = jdbi.<T, RuntimeException>inTransaction(handle -> body.get());
        } finally {
            pending.remove();
        }
        work.forEach(Runnable::run);
        return result;
    }

    @Override
    public void afterCommit(Runnable work) {
        List<Runnable> open = pending.get();
        if (open == null) {
            work.run();
        } else {
            open.add(work);
        }
    }
}
