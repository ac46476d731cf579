package dev.fairlead.control.tx;

/**
 * Who, among all control planes over one database, does the work that only one may do. Named by a constant; held from
 * the first true answer until the process ends or loses its database.
 */
public interface Leadership extends AutoCloseable {
    /** True while this process leads; tries to become the leader where it is not. Never blocks on another leader. */
    boolean held();

    @Override
    void close();
}
