package dev.fairlead.model.interpret;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All kernels by domain and operator. A kernel looks at {@link Call#opset} where versions of an operator differ in meaning. */
public final class Kernels {
    private static final Kernels ALL = build();

    private final Map<String, Kernel> byName = new HashMap<>();

    static Kernels all() {
        return ALL;
    }

    /** Operators of ONNX' own domain by their name, others as {@code domain.Operator}. */
    public static Set<String> operators() {
        return Set.copyOf(ALL.byName.keySet());
    }

    void add(String op, Kernel kernel) {
        if (byName.put(op, kernel) != null) {
            throw new IllegalStateException("two kernels for " + op);
        }
    }

    /** A kernel of another domain than ONNX' own. */
    void add(String domain, String op, Kernel kernel) {
        add(domain + "." + op, kernel);
    }

    Optional<Kernel> find(String domain, String op) {
        boolean own = domain.isEmpty() || domain.equals("ai.onnx");
        return Optional.ofNullable(byName.get(own ? op : domain + "." + op));
    }

    private static Kernels build() {
        Kernels kernels = new Kernels();
        CoreKernels.register(kernels);
        NeuralKernels.register(kernels);
        return kernels;
    }
}
