package dev.fairlead.agent.runtime;

import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.locate.Case;
import dev.fairlead.parity.locate.Values;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The values inside a model that a session runs, such as those of the Python package's float64 reference: tapped a few a run, so that no
 * more are held.
 */
public final class SessionValues implements Values {
    private final RuntimeSession session;
    private final Set<String> names;
    private final int most;

    /**
     * @param names of values that the session lets be tapped, in the order in which the model makes them
     * @param most taps of one run
     */
    public SessionValues(RuntimeSession session, Collection<String> names, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " taps are none");
        }
        this.session = session;
        this.names = new LinkedHashSet<>(names);
        this.most = most;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(names);
    }

    @Override
    public void stream(Case one, Set<String> wanted, Sink sink) {
        List<String> open = new ArrayList<>(names);
        open.retainAll(wanted);
        for (int i = 0; i < open.size(); i += most) {
            List<String> taps = open.subList(i, Math.min(open.size(), i + most));
            Map<String, Tensor> found = session.run(one.inputs(), List.copyOf(taps));
            taps.forEach(name -> sink.take(name, Array.of(Objects.requireNonNull(found.get(name), name))));
        }
    }
}
