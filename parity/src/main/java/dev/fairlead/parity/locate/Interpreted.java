package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A graph in float64. */
public final class Interpreted implements Values {
    private final Feeds feeds;
    private final Interpreter interpreter;
    private final Set<String> names = new LinkedHashSet<>();

    /**
     * @param inputs the names of a case's tensors, in the order of the graph's inputs
     * @throws dev.fairlead.model.ModelException UNSUPPORTED naming every operator that has no kernel
     */
    public Interpreted(Model model, List<String> inputs) {
        this.feeds = new Feeds(model.graph(), inputs);
        this.interpreter = new Interpreter(model);
        for (Node node : model.graph().nodes()) {
            node.outputs().stream().filter(name -> !name.isEmpty()).forEach(names::add);
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(names);
    }

    @Override
    public void stream(Case one, Set<String> wanted, Sink sink) {
        interpreter.run(feeds.of(one.inputs()), (_, name, datum) -> {
            if (wanted.contains(name) && datum instanceof Datum.Dense(Array array) && !(array instanceof Array.Texts)) {
                sink.take(name, array);
            }
        });
    }
}
