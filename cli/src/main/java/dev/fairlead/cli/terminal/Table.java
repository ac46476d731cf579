package dev.fairlead.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings in columns as wide as their widest cell, two spaces apart, without trailing spaces. */
public final class Table {
    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** Adds a row; an empty cell shows as `-`. */
    public Table row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException("row: " + cells.length + " cells for " + headings.size() + " columns");
        }
        rows.add(
                List.of(cells).stream().map(cell -> cell.isEmpty() ? "-" : cell).toList());
        return this;
    }

    /** Prints the table, or `empty` where it has no rows. */
    public void print(Terminal terminal, String empty) {
        if (rows.isEmpty()) {
            terminal.line(empty);
            return;
        }
        lines().forEach(terminal::line);
    }

    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(line(headings));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private String line(List<String> cells) {
        var line = new StringBuilder();
        for (var column = 0; column < cells.size(); column++) {
            var cell = cells.get(column);
            line.append(cell).append(" ".repeat(width(column) - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return Math.max(
                headings.get(column).length(),
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
}
