package dev.fairlead.model.rewrite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What each version of each operator of ONNX takes, from ONNX' own schemas (src/test/python/make_operators.py). */
final class OperatorTable {
    private static final OperatorTable ALL = read();

    private final Map<String, NavigableMap<Long, Entry>> byName = new HashMap<>();

    /**
     * A version of an operator.
     *
     * @param inputs allowed element types of each dense input; the last repeats
     */
    record Entry(
            long since,
            boolean gone,
            int fewestInputs,
            int mostInputs,
            Set<String> attributes,
            List<Set<String>> inputs,
            List<Set<String>> outputs) {
        boolean takes(int input, String dtype) {
            return allows(inputs, input, dtype);
        }

        boolean makes(int output, String dtype) {
            return allows(outputs, output, dtype);
        }

        private static boolean allows(List<Set<String>> types, int index, String dtype) {
            if (types.isEmpty()) {
                return true;
            }
            Set<String> allowed = types.get(Math.min(index, types.size() - 1));
            return allowed.contains(dtype);
        }
    }

    static OperatorTable all() {
        return ALL;
    }

    /** The version of an operator that an operator set has. */
    Optional<Entry> find(String op, long opset) {
        NavigableMap<Long, Entry> versions = byName.getOrDefault(op, new TreeMap<>());
        return Optional.ofNullable(versions.floorEntry(opset))
                .map(Map.Entry::getValue)
                .filter(entry -> !entry.gone());
    }

    private static OperatorTable read() {
        OperatorTable table = new OperatorTable();
        try (InputStream in = OperatorTable.class.getResourceAsStream("operators.tsv")) {
            if (in == null) {
                throw new IllegalStateException("operators.tsv is not packed with its class");
            }
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .forEach(table::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private void add(String line) {
        String[] parts = line.split("\t", -1);
        boolean gone = parts[3].equals("gone");
        Entry entry = new Entry(
                Long.parseLong(parts[1]),
                gone,
                Integer.parseInt(parts[2]),
                gone ? 0 : Integer.parseInt(parts[3]),
                Set.of(Stream.of(parts[6].split(",")).filter(s -> !s.isEmpty()).toArray(String[]::new)),
                types(parts[7]),
                types(parts[8]));
        byName.computeIfAbsent(parts[0], name -> new TreeMap<>()).put(entry.since(), entry);
    }

    private static List<Set<String>> types(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split(","))
                        .map(types -> Set.of(types.split("\\|")))
                        .toList();
    }
}
