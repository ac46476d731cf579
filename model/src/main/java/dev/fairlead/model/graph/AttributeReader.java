package dev.fairlead.model.graph;

import dev.fairlead.model.ModelException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a node's attributes by kind. One that is missing, or of another kind than is asked for, is an error that names it. */
public abstract class AttributeReader {
    private final Node node;

    protected AttributeReader(Node node) {
        this.node = node;
    }

    /** The node whose attributes these are. */
    public Node node() {
        return node;
    }

    /** An error that names the node's place and says what is wrong with it. */
    public abstract ModelException malformed(String problem);

    /** An attribute of whatever kind. */
    public @Nullable Attribute attribute(String name) {
        return node.attributes().get(name);
    }

    /** An integer, or what it is where it is left out. */
    public long integer(String name, long otherwise) {
        return attribute(name) instanceof Attribute.Int(long value) ? value : absent(name, otherwise);
    }

    /** An integer that may not be left out. */
    public long integer(String name) {
        if (attribute(name) instanceof Attribute.Int(long value)) {
            return value;
        }
        throw missing(name);
    }

    /** A number, widened, or what it is where it is left out. */
    public double real(String name, double otherwise) {
        return attribute(name) instanceof Attribute.Real(float value) ? value : absent(name, otherwise);
    }

    /** A text, or what it is where it is left out. */
    public String text(String name, String otherwise) {
        return attribute(name) instanceof Attribute.Text(String value) ? value : absent(name, otherwise);
    }

    /** Integers, where there are any. */
    public Optional<List<Long>> integers(String name) {
        return attribute(name) instanceof Attribute.Ints(List<Long> values)
                ? Optional.of(values)
                : absent(name, Optional.empty());
    }

    /** Numbers, where there are any. */
    public Optional<List<Float>> reals(String name) {
        return attribute(name) instanceof Attribute.Reals(List<Float> values)
                ? Optional.of(values)
                : absent(name, Optional.empty());
    }

    /** Texts, where there are any. */
    public Optional<List<String>> texts(String name) {
        return attribute(name) instanceof Attribute.Texts(List<String> values)
                ? Optional.of(values)
                : absent(name, Optional.empty());
    }

    /** A graph that may not be left out. */
    public Graph graph(String name) {
        if (attribute(name) instanceof Attribute.GraphValue(Graph graph)) {
            return graph;
        }
        throw missing(name);
    }

    private <T> T absent(String name, T otherwise) {
        if (attribute(name) != null) {
            throw malformed("attribute " + name + " has the wrong kind");
        }
        return otherwise;
    }

    private ModelException missing(String name) {
        return malformed("attribute " + name + (attribute(name) == null ? " is missing" : " has the wrong kind"));
    }
}
