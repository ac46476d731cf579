package dev.fairlead.model.rewrite;

import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Lists of numbers that operators default to. */
final class LongRange {
    private LongRange() {}

    static List<Long> to(int end) {
        return LongStream.range(0, end).boxed().toList();
    }

    static List<Long> repeat(long value, int times) {
        return Collections.nCopies(times, value);
    }
}
