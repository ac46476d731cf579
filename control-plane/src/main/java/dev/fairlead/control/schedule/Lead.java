package dev.fairlead.control.schedule;

/** The lead among control planes over one database: at most one holds it. */
public interface Lead extends AutoCloseable {
    /** True where this control plane leads now; takes the lead where it is free. */
    boolean held();

    /** Gives the lead up. */
    @Override
    void close();
}
