package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which values of a graph nothing needs any more, so that a large model does not hold them all.
 *
 * @param used for each node the names that it uses, in its inner graphs too
 * @param ending for each node the names that are last used there, or made and never used
 */
record Lifetimes(List<List<String>> used, List<List<String>> ending) {
    static Lifetimes of(Graph graph) {
        Map<String, Integer> last = new HashMap<>();
        List<List<String>> used = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            int at = i;
            used.add(names(node).toList());
            Stream.concat(used.getLast().stream(), node.outputs().stream()).forEach(name -> last.put(name, at));
        }
        graph.outputs().forEach(output -> last.remove(output.name()));
        List<List<String>> ending = new ArrayList<>();
        graph.nodes().forEach(_ -> ending.add(new ArrayList<>()));
        last.forEach((name, at) -> ending.get(at).add(name));
        return new Lifetimes(used, ending);
    }

    List<String> usedBy(int node) {
        return used.get(node);
    }

    List<String> endingWith(int node) {
        return ending.get(node);
    }

    /** What a node uses, in its inner graphs too. */
    private static Stream<String> names(Node node) {
        return Stream.concat(
                node.inputs().stream(),
                node.attributes().values().stream()
                        .flatMap(attribute -> attribute instanceof Attribute.GraphValue(Graph graph)
                                ? used(graph).stream()
                                : Stream.empty()));
    }

    private static Set<String> used(Graph graph) {
        Set<String> used = new HashSet<>();
        graph.nodes().forEach(node -> names(node).forEach(used::add));
        graph.outputs().stream().map(Value::name).forEach(used::add);
        return used;
    }
}
