package dev.fairlead.model.gguf;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the key-value pairs. */
final class MetadataReader {
    private static final long MAX_PAIRS = 100_000;
    private static final long MAX_KEY = 65_535;
    private static final long MAX_TEXT = 4L << 20;

    /** Lists in lists are legal, but nobody writes them deep. */
    private static final int MAX_DEPTH = 4;

    /** Elements of lists whose size is not fixed, each of which must be stepped over. */
    private static final long MAX_STEPS = 4_000_000;

    private final Cursor in;
    private long steps;

    MetadataReader(Cursor in) {
        this.in = in;
    }

    Map<String, GgufValue> read(long pairs) {
        Map<String, GgufValue> values = new LinkedHashMap<>();
        for (long i = 0; i < pairs; i++) {
            String key = in.text("metadata[" + i + "].key", MAX_KEY);
            String field = ModelException.shown(key);
            if (values.put(key, value(field)) != null) {
                throw in.error(ErrorCode.MALFORMED, field, "is there twice");
            }
        }
        return values;
    }

    static long limit() {
        return MAX_PAIRS;
    }

    private GgufValue value(String field) {
        ValueType type = type(field);
        return switch (type) {
            case UINT8 -> new GgufValue.Whole(type, in.byteOf(field) & 0xFF);
            case INT8 -> new GgufValue.Whole(type, in.byteOf(field));
            case UINT16 -> new GgufValue.Whole(type, Short.toUnsignedInt(in.shortOf(field)));
            case INT16 -> new GgufValue.Whole(type, in.shortOf(field));
            case UINT32 -> new GgufValue.Whole(type, Integer.toUnsignedLong(in.intOf(field)));
            case INT32 -> new GgufValue.Whole(type, in.intOf(field));
            case UINT64, INT64 -> new GgufValue.Whole(type, in.longOf(field));
            case FLOAT32 -> new GgufValue.Real(type, Float.intBitsToFloat(in.intOf(field)));
            case FLOAT64 -> new GgufValue.Real(type, Double.longBitsToDouble(in.longOf(field)));
            case BOOL -> flag(in.byteOf(field), field);
            case STRING -> new GgufValue.Text(in.text(field, MAX_TEXT));
            case ARRAY -> items(field);
        };
    }

    private GgufValue flag(int value, String field) {
        if (value != 0 && value != 1) {
            throw in.error(ErrorCode.MALFORMED, field, value + " is no boolean");
        }
        return new GgufValue.Flag(value == 1);
    }

    private ValueType type(String field) {
        int code = in.intOf(field);
        return ValueType.of(code)
                .orElseThrow(() -> in.error(
                        ErrorCode.MALFORMED,
                        field + ".type",
                        Integer.toUnsignedString(code) + " is no type of a value"));
    }

    private GgufValue.Items items(String field) {
        ValueType element = type(field);
        long count = in.count(field, element.least(), Long.MAX_VALUE);
        long start = in.position();
        step(element, count, field, 1);
        return new GgufValue.Items(element, count, in.since(start));
    }

    private void step(ValueType element, long count, String field, int depth) {
        if (depth > MAX_DEPTH) {
            throw in.error(ErrorCode.LIMIT, field, "lists nested deeper than " + MAX_DEPTH);
        }
        if (element.hasFixedSize()) {
            in.skip(count * element.least(), field);
            return;
        }
        for (long i = 0; i < count; i++) {
            if (++steps > MAX_STEPS) {
                throw in.error(ErrorCode.LIMIT, field, "more than " + MAX_STEPS + " strings and lists in one file");
            }
            if (element == ValueType.STRING) {
                in.skip(in.count(field, 1, MAX_TEXT), field);
            } else {
                ValueType inner = type(field);
                step(inner, in.count(field, inner.least(), Long.MAX_VALUE), field, depth + 1);
            }
        }
    }
}
