package dev.fairlead.bench;

import java.io.IOException;
import java.util.List;

/**
 * One ratio: what Fairlead does (the subject) against the least that has to be done (the baseline), measured in turns in
 * the same run. Made ready once, measured many times, closed once.
 */
public interface Benchmark extends AutoCloseable {
    /** Which way a ratio is good. */
    enum Better {
        HIGHER,
        LOWER
    }

    /** As given on the command line. */
    String name();

    /** What the ratio is, in words. */
    String unit();

    /** The ratio to reach, or to stay under. */
    double target();

    Better better();

    /** Sets up what both sides need. */
    void prepare() throws Exception;

    /** One measurement: a rate where higher is better, a time where lower is. */
    double subject() throws Exception;

    /** Likewise. */
    double baseline() throws Exception;

    /** What the two numbers are: {@code GB/s}, {@code jobs/s}, {@code ms}. */
    String measure();

    /** Lines for the reader that the ratio doesn't tell, asked for after the measurements. */
    default List<String> details() {
        return List.of();
    }

    @Override
    void close() throws IOException;
}
