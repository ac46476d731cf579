package dev.fairlead.cli.yaml;

import dev.fairlead.cli.failure.CommandFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A value of a YAML file that knows its file, line and field, so that whatever is wrong with it can be said. */
public record YamlField(String file, String path, Node node) {
    private static final String STANDARD = "tag:yaml.org,2002:";

    public YamlField {
        if (node.getAnchor() != null) {
            throw problem(file, node, path, "anchors and aliases are not allowed");
        }
        if (!node.getTag().getValue().startsWith(STANDARD)
                || node.getTag().getValue().contains("java")) {
            throw problem(file, node, path, "the tag " + node.getTag().getValue() + " is not allowed");
        }
    }

    public CommandFailure fail(String what) {
        return problem(file, node, path, what);
    }

    private static CommandFailure problem(String file, Node node, String path, String what) {
        var line = node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
        return CommandFailure.usage(file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + what);
    }

    /** The members of a mapping; any name outside `known` is refused. */
    public Map<String, YamlField> members(Set<String> known) {
        var members = members();
        members.forEach((name, field) -> {
            if (!known.contains(name)) {
                throw field.fail("unknown field; known here: "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        });
        return members;
    }

    /** The members of a mapping with free names. */
    public Map<String, YamlField> members() {
        if (!(node instanceof MappingNode mapping)) {
            throw fail("must be a mapping");
        }
        var members = new LinkedHashMap<String, YamlField>();
        for (var tuple : mapping.getValue()) {
            var name = new YamlField(file, path, tuple.getKeyNode()).text();
            var field = new YamlField(file, path.isEmpty() ? name : path + "." + name, tuple.getValueNode());
            if (members.put(name, field) != null) {
                throw problem(file, tuple.getKeyNode(), field.path(), "given twice");
            }
        }
        return members;
    }

    public List<YamlField> items() {
        if (!(node instanceof SequenceNode sequence)) {
            throw fail("must be a list");
        }
        var items = new ArrayList<YamlField>();
        for (var item : sequence.getValue()) {
            items.add(new YamlField(file, path + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** A scalar as it is written, quotes removed. */
    public String text() {
        if (!(node instanceof ScalarNode scalar)) {
            throw fail("must be a single value");
        }
        if (scalar.getTag().getValue().equals(STANDARD + "null")) {
            throw fail("has no value");
        }
        return scalar.getValue();
    }

    public int integer() {
        try {
            return Integer.parseInt(text());
        } catch (NumberFormatException e) {
            throw fail("\"" + text() + "\" is no whole number");
        }
    }

    public double number() {
        try {
            return Double.parseDouble(text());
        } catch (NumberFormatException e) {
            throw fail("\"" + text() + "\" is no number");
        }
    }

    public boolean flag() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            case String other -> throw fail("\"" + other + "\" is neither true nor false");
        };
    }
}
