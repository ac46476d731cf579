package dev.fairlead.e2e;

/** What a test started and must stop again, without a checked exception. */
interface Running extends AutoCloseable {
    @Override
    void close();
}
