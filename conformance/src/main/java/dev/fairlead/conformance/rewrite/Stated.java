package dev.fairlead.conformance.rewrite;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What inference states of a value, held against a value that a model gave. */
final class Stated {
    /** How a statement relates to a value, from worst to best. */
    enum Answer {
        WRONG,
        /** Not even the type or the rank is stated. */
        SILENT,
        /** Right, but some sizes are left open. */
        OPEN,
        RIGHT
    }

    private final Map<String, Long> symbols = new HashMap<>();

    /**
     * Gives symbols the sizes that they have in a run.
     *
     * @param inputs of the model, and what they hold, by name
     */
    Stated(List<Value> inputs, Map<String, Content> data) {
        for (Value input : inputs) {
            if (data.get(input.name()) instanceof Content.Dense(Tensor tensor)) {
                List<Dim> dims = input.shape().orElse(List.of());
                for (int axis = 0; axis < Math.min(dims.size(), tensor.shape().size()); axis++) {
                    if (dims.get(axis) instanceof Dim.Symbolic(Expression expression)
                            && expression.symbols().size() == 1
                            && expression.equals(
                                    Expression.symbol(expression.symbols().first()))) {
                        symbols.put(expression.symbols().first(), tensor.shape().get(axis));
                    }
                }
            }
        }
    }

    Answer of(Type type, Content content) {
        if (type.equals(Type.UNKNOWN)) {
            return Answer.SILENT;
        }
        return switch (content) {
            case Content.Dense(Tensor tensor)
            when type instanceof Type.Dense(var dtype, var shape) ->
                dtype.isPresent() && dtype.get() != tensor.dtype()
                        ? Answer.WRONG
                        : dtype.isEmpty() ? Answer.SILENT : shape(shape, tensor.shape());
            case Content.Texts(TextArray texts)
            when type instanceof Type.Texts(var shape) -> shape(shape, texts.shape());
            case Content.Sequence(List<Content> items)
            when type instanceof Type.Sequence(Type item) ->
                items.stream()
                        .map(each -> of(item, each))
                        .min(Answer::compareTo)
                        .orElse(Answer.RIGHT);
            case Content.Maybe(Optional<Content> item)
            when type instanceof Type.Maybe(Type inner) ->
                item.map(present -> of(inner, present)).orElse(Answer.RIGHT);
            // ONNX' own data hold a present optional as the value itself in places.
            case Content.Dense _, Content.Texts _, Content.Sequence _, Content.Maybe _ ->
                type instanceof Type.Maybe(Type inner) ? of(inner, content) : Answer.WRONG;
        };
    }

    private Answer shape(Optional<List<Dim>> stated, List<Long> found) {
        if (stated.isEmpty()) {
            return Answer.SILENT;
        }
        List<Dim> dims = stated.get();
        if (dims.size() != found.size()) {
            return Answer.WRONG;
        }
        Answer worst = Answer.RIGHT;
        for (int axis = 0; axis < dims.size(); axis++) {
            Answer answer = size(dims.get(axis), found.get(axis));
            worst = answer.compareTo(worst) < 0 ? answer : worst;
        }
        return worst;
    }

    private Answer size(Dim dim, long found) {
        return switch (dim) {
            case Dim.Fixed(long size) -> size == found ? Answer.RIGHT : Answer.WRONG;
            case Dim.Unknown _ -> Answer.OPEN;
            case Dim.Symbolic(Expression expression) ->
                !symbols.keySet().containsAll(expression.symbols())
                        ? Answer.OPEN
                        : expression.at(symbols) == found ? Answer.RIGHT : Answer.WRONG;
        };
    }
}
