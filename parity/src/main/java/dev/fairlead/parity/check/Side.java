package dev.fairlead.parity.check;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.floor.Contract;
import dev.fairlead.parity.floor.NoiseFloor;
import dev.fairlead.parity.locate.Feeds;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A model in the interpreter whose inputs and outputs have the source's names. */
public final class Side {
    private final Graph graph;
    private final Interpreter interpreter;
    private final List<String> inputs;
    private final Feeds feeds;
    private final List<String> outputs;

    /**
     * @param inputs the source's names, in its order
     * @param outputs likewise
     */
    private Side(Model model, List<String> inputs, List<String> outputs) {
        this.graph = model.graph();
        this.interpreter = new Interpreter(model);
        this.inputs = inputs;
        this.feeds = new Feeds(graph, inputs);
        this.outputs = outputs;
    }

    /** The model whose names all others take. */
    public static Side source(Model model) {
        return new Side(
                model, names(Feeds.fed(model.graph())), names(model.graph().outputs()));
    }

    /**
     * A model that is converted from a source: its inputs and outputs are the source's by name, and by position where names differ.
     *
     * @throws ModelException MALFORMED when it has more or fewer
     */
    public Side candidate(Model model) {
        return new Side(
                model,
                matched("inputs", inputs, names(Feeds.fed(model.graph()))),
                matched("outputs", outputs, names(model.graph().outputs())));
    }

    private static List<String> matched(String what, List<String> wanted, List<String> found) {
        if (wanted.size() != found.size()) {
            throw new ModelException(
                    ErrorCode.MALFORMED,
                    "candidate",
                    what,
                    "has %d, the source has %d".formatted(found.size(), wanted.size()));
        }
        return Feeds.matched(wanted, found);
    }

    private static List<String> names(List<Value> values) {
        return values.stream().map(Value::name).toList();
    }

    /**
     * Runs one case.
     *
     * @param given by the source's names
     * @return the outputs by the source's names: floating numbers in float64, integers in int64 but for uint64
     */
    public Map<String, Tensor> run(Map<String, Tensor> given) {
        Map<String, Datum> results = interpreter.run(feeds.of(given));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            String own = graph.outputs().get(i).name();
            if (!(results.get(own) instanceof Datum.Dense(Array array))) {
                throw new ModelException(
                        ErrorCode.UNSUPPORTED,
                        "outputs",
                        ModelException.shown(outputs.get(i)),
                        "is no dense tensor, and others are not compared");
            }
            tensors.put(outputs.get(i), wide(array));
        }
        return tensors;
    }

    /**
     * What rounding alone does to the floating outputs of one case: the root mean square of each element, float32, by output.
     *
     * @param given by the source's names
     */
    public Map<String, Tensor> floor(Map<String, Tensor> given, long seed) {
        Map<String, Datum> fed = feeds.of(given);
        return named(new NoiseFloor(interpreter, seed).of(fed, interpreter.run(fed)));
    }

    /** The normalised root mean square error that other ways of computing give one case, by output. */
    public Map<Contract, Map<String, Double>> contracts(Map<String, Tensor> given, long seed) {
        Map<String, Datum> fed = feeds.of(given);
        Map<Contract, Map<String, Double>> contracts = new EnumMap<>(Contract.class);
        new NoiseFloor(interpreter, seed)
                .contracts(fed, interpreter.run(fed))
                .forEach((contract, errors) -> contracts.put(contract, named(errors)));
        return contracts;
    }

    private <T> Map<String, T> named(Map<String, T> byOwnName) {
        Map<String, T> named = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            T value = byOwnName.get(graph.outputs().get(i).name());
            if (value != null) {
                named.put(outputs.get(i), value);
            }
        }
        return named;
    }

    private static Tensor wide(Array array) {
        List<Long> shape = Arrays.stream(array.shape()).mapToObj(Long::valueOf).toList();
        return switch (array) {
            case Array.Reals reals -> {
                Tensor tensor = Tensor.allocate(DType.FLOAT64, shape);
                for (int i = 0; i < reals.values().length; i++) {
                    tensor.set(i, reals.values()[i]);
                }
                yield tensor;
            }
            case Array.Integers integers -> Tensor.ofLongs(shape, integers.values());
            case Array.Complexes complexes -> {
                Tensor tensor = Tensor.allocate(
                        DType.FLOAT64,
                        LongStream.concat(shape.stream().mapToLong(size -> size), LongStream.of(2))
                                .boxed()
                                .toList());
                for (int i = 0; i < complexes.values().length; i++) {
                    tensor.set(i, complexes.values()[i]);
                }
                yield tensor;
            }
            case Array.Texts _ ->
                throw new ModelException(ErrorCode.UNSUPPORTED, "outputs", "strings", "are not compared");
        };
    }
}
