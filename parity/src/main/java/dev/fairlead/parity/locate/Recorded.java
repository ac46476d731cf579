package dev.fairlead.parity.locate;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Values that another program computed and wrote: tensors named {@code <case>/<value>}, such as those that the Python package's
 * float64 reference gives for {@code tap}. The file stays its opener's.
 */
public final class Recorded implements Values {
    private final Map<String, Tensor> tensors;
    private final Set<String> names = new TreeSet<>();

    public Recorded(Safetensors file) {
        this.tensors = file.tensors();
        tensors.keySet().forEach(name -> names.add(name.substring(name.indexOf('/') + 1)));
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(names);
    }

    @Override
    public void stream(Case one, Set<String> wanted, Sink sink) {
        boolean isThere = false;
        for (String name : names) {
            Tensor tensor = tensors.get(one.name() + "/" + name);
            isThere |= tensor != null;
            if (tensor != null && wanted.contains(name)) {
                sink.take(name, Array.of(tensor));
            }
        }
        if (!isThere) {
            throw new ModelException(ErrorCode.MISSING, "recorded values", one.name(), "nothing was recorded for it");
        }
    }
}
