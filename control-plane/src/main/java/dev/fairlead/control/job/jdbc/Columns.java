package dev.fairlead.control.job.jdbc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Many rows as one parameter per column, for {@code unnest}. Every column travels as {@code text[]} and is cast to its type in
 * the statement, so that one statement serves any number of rows.
 */
final class Columns {
    private final Map<String, String> types;
    private final Map<String, List<@Nullable String>> values = new LinkedHashMap<>();

    /** Column names and their SQL types, in order. */
    Columns(Map<String, String> types) {
        this.types = types;
        types.keySet().forEach(name -> values.put(name, new ArrayList<>()));
    }

    /** Adds one row's value of a column; null is SQL's null. */
    void add(String column, @Nullable Object value) {
        values.computeIfAbsent(column, name -> {
                    throw new IllegalArgumentException("column " + name + " is not declared");
                })
                .add(value == null ? null : value.toString());
    }

    /**
     * {@code (select unnest(cast(:a as text[])) as a, …) as u}. Functions in the list of a select hand their rows on one by one;
     * as tables, each would keep all of its own first.
     */
    static String unnest(Map<String, String> types) {
        return types.entrySet().stream()
                .map(column ->
                        "unnest(cast(:" + column.getKey() + " as " + column.getValue() + "[])) as " + column.getKey())
                .collect(Collectors.joining(", ", "(select ", ") as u"));
    }

    void bind(SqlStatement<?> statement) {
        types.keySet().forEach(column -> {
            // Strings and not objects: the driver sends them as they are, and would quote and escape the others.
            String[] strings = values.getOrDefault(column, List.of()).toArray(String[]::new);
            statement.bind(column, (Argument) (position, prepared, context) ->
                    prepared.setArray(position, prepared.getConnection().createArrayOf("text", strings)));
        });
    }
}
