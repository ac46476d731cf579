package dev.fairlead.model.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.Pickle;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parsed and checked header. Every byte of the data belongs to exactly one tensor.
 *
 * @param length bytes of the JSON text
 * @param entries by name, in the header's order
 */
record Header(long length, Map<String, Entry> entries, Map<String, String> metadata) {
    /** The format's own limit on the JSON text. */
    static final long MAX_LENGTH = 100_000_000;

    static final int PREFIX = 8;
    private static final int MAX_RANK = 64;

    /** Tensors of one file. The largest models have a hundred thousand, in many files. */
    private static final int MAX_TENSORS = 100_000;

    /** Characters of all names and metadata. */
    private static final long MAX_TEXT = 8_000_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNumberLength(20)
                    .maxStringLength(4_000_000)
                    .build())
            .build();

    /** @param begin offset in the data, from the header's end */
    record Entry(String name, DType dtype, List<Long> shape, long begin, long end) {}

    static Header parse(MemorySegment file, String fileName) {
        long size = file.byteSize();
        if (size < PREFIX) {
            throw malformed(fileName, "header.length", "the file has " + size + " bytes, fewer than the length's 8");
        }
        // A header may happen to be as long as a pickle's first bytes say, but then it begins with a brace.
        if (size == PREFIX || file.get(ValueLayout.JAVA_BYTE, PREFIX) != '{') {
            Pickle.refuse(file, fileName);
        }
        long length = file.get(Tensor.LONG, 0);
        if (length < 0 || length > MAX_LENGTH) {
            throw new ModelException(
                    ErrorCode.LIMIT,
                    fileName,
                    "header.length",
                    Long.toUnsignedString(length) + " bytes, more than " + MAX_LENGTH);
        }
        if (length == 0) {
            throw malformed(fileName, "header.length", "is 0");
        }
        if (length > size - PREFIX) {
            throw malformed(
                    fileName, "header.length", length + " bytes, but the file has " + (size - PREFIX) + " left");
        }
        if (file.get(ValueLayout.JAVA_BYTE, PREFIX) != '{') {
            throw malformed(fileName, "header", "does not begin with {");
        }
        Header header = new Parser(fileName).parse(file.asSlice(PREFIX, length), length);
        header.checkCoverage(fileName, size - PREFIX - length);
        return header;
    }

    private void checkCoverage(String fileName, long dataSize) {
        List<Entry> inOrder = new ArrayList<>(entries.values());
        inOrder.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : inOrder) {
            String field = field(entry.name, "data_offsets");
            if (entry.end > dataSize) {
                throw malformed(fileName, field, "ends at " + entry.end + ", but the data has " + dataSize + " bytes");
            }
            if (entry.begin < at) {
                throw malformed(
                        fileName, field, "overlaps another tensor: begins at " + entry.begin + ", before " + at);
            }
            if (entry.begin > at) {
                throw malformed(fileName, field, "leaves a hole: begins at " + entry.begin + ", not at " + at);
            }
            at = entry.end;
        }
        if (at != dataSize) {
            throw malformed(fileName, "data", (dataSize - at) + " bytes after the last tensor");
        }
    }

    private static String field(String tensor, String part) {
        return ModelException.shown(tensor) + "." + part;
    }

    private static ModelException malformed(String file, String field, String problem) {
        return new ModelException(ErrorCode.MALFORMED, file, field, problem);
    }

    private static final class Parser {
        private final String file;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Map<String, String> metadata = new HashMap<>();
        private long text;

        Parser(String file) {
            this.file = file;
        }

        Header parse(MemorySegment text, long length) {
            // A strict decoder: Jackson's own detection would also take UTF-16, and replace what it cannot decode.
            var decoder = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            try (Reader reader = new InputStreamReader(new ByteBufferBackedInputStream(text.asByteBuffer()), decoder);
                    JsonParser json = JSON.createParser(reader)) {
                expect(json.nextToken(), JsonToken.START_OBJECT, "header");
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    keep(name);
                    if (entries.size() == MAX_TENSORS) {
                        throw limit("header", "more than " + MAX_TENSORS + " tensors");
                    }
                    json.nextToken();
                    if (name.equals("__metadata__")) {
                        readMetadata(json);
                    } else {
                        entries.put(name, readEntry(json, name));
                    }
                }
                if (json.nextToken() != null) {
                    throw malformed(file, "header", "text after the closing brace");
                }
            } catch (JsonProcessingException e) {
                throw malformed(file, "header", "no valid JSON: " + ModelException.shown(e.getOriginalMessage()));
            } catch (IOException e) {
                throw malformed(file, "header", "not UTF-8");
            }
            return new Header(length, entries, Map.copyOf(metadata));
        }

        private void readMetadata(JsonParser json) throws IOException {
            // MLX writes null where it was given no metadata.
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            expect(json.currentToken(), JsonToken.START_OBJECT, "__metadata__");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                expect(json.nextToken(), JsonToken.VALUE_STRING, "__metadata__." + ModelException.shown(key));
                metadata.put(key, json.getText());
                keep(key);
                keep(json.getText());
            }
        }

        private void keep(String kept) {
            // A short string takes more for itself than for its characters.
            text += kept.length() + 16;
            if (text > MAX_TEXT) {
                throw limit("header", "more than " + MAX_TEXT + " characters of names and metadata");
            }
        }

        private ModelException limit(String field, String problem) {
            return new ModelException(ErrorCode.LIMIT, file, field, problem);
        }

        private Entry readEntry(JsonParser json, String name) throws IOException {
            expect(json.currentToken(), JsonToken.START_OBJECT, ModelException.shown(name));
            DType dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                switch (key) {
                    case "dtype" -> {
                        expect(value, JsonToken.VALUE_STRING, field(name, "dtype"));
                        dtype = dtype(json.getText(), name);
                    }
                    case "shape" -> shape = numbers(json, field(name, "shape"), MAX_RANK);
                    case "data_offsets" -> offsets = numbers(json, field(name, "data_offsets"), 2);
                    default -> throw malformed(file, field(name, ModelException.shown(key)), "is no known field");
                }
            }
            return entry(name, dtype, shape, offsets);
        }

        private Entry entry(
                String name, @Nullable DType dtype, @Nullable List<Long> shape, @Nullable List<Long> offsets) {
            if (dtype == null || shape == null || offsets == null) {
                String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
                throw malformed(file, field(name, missing), "is missing");
            }
            if (offsets.size() != 2) {
                throw malformed(file, field(name, "data_offsets"), "has " + offsets.size() + " numbers, not 2");
            }
            long begin = offsets.get(0);
            long end = offsets.get(1);
            long bytes;
            try {
                bytes = Tensor.byteSize(dtype, shape);
            } catch (ArithmeticException e) {
                throw malformed(file, field(name, "shape"), shape + " has more elements than can be counted");
            }
            if (dtype.isPacked() && Tensor.elements(shape) * dtype.bits() % 8 != 0) {
                throw malformed(file, field(name, "shape"), shape + " of " + dtype.text() + " ends within a byte");
            }
            if (end < begin || end - begin != bytes) {
                throw malformed(
                        file,
                        field(name, "data_offsets"),
                        offsets + ", but " + dtype.text() + shape + " takes " + bytes + " bytes");
            }
            return new Entry(name, dtype, List.copyOf(shape), begin, end);
        }

        private List<Long> numbers(JsonParser json, String field, int most) throws IOException {
            expect(json.currentToken(), JsonToken.START_ARRAY, field);
            List<Long> numbers = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, field);
                if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw malformed(file, field, json.getText() + " does not fit a signed 64-bit integer");
                }
                if (json.getLongValue() < 0) {
                    throw malformed(file, field, json.getLongValue() + " is negative");
                }
                if (numbers.size() == most) {
                    throw malformed(file, field, "has more than " + most + " numbers");
                }
                numbers.add(json.getLongValue());
            }
            return numbers;
        }

        private DType dtype(String text, String name) {
            return DTypes.parse(text)
                    .orElseThrow(() -> new ModelException(
                            ErrorCode.UNSUPPORTED,
                            file,
                            field(name, "dtype"),
                            ModelException.shown(text) + " is none that this reader knows"));
        }

        private void expect(@Nullable JsonToken found, JsonToken wanted, String field) {
            if (found != wanted) {
                throw malformed(file, field, "expected " + wanted + ", found " + found);
            }
        }
    }
}
