package dev.fairlead.model.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.tensor.DType;
import java.util.List;

/**
 * One traced primitive. The argument accessors fail with {@link ErrorCode#MALFORMED} naming the argument, so a rule
 * can read state without checking each piece.
 *
 * @param path where it stands in the file, {@code nodes[12]}
 */
public record MlxNode(
        String file,
        String path,
        String op,
        List<MlxValue> inputs,
        List<MlxValue> outputs,
        List<Argument> arguments,
        Origin origin) {
    public MlxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        arguments = List.copyOf(arguments);
    }

    public MlxValue input(int index) {
        if (index >= inputs.size()) {
            throw error("inputs", op + " has " + inputs.size() + ", expected at least " + (index + 1));
        }
        return inputs.get(index);
    }

    public MlxValue output() {
        return outputs.getFirst();
    }

    public long integer(int index) {
        return fixed(size(index), index);
    }

    public double real(int index) {
        return switch (argument(index)) {
            case Argument.Real(double value) -> value;
            case Argument.Int(long value) -> value;
            default -> throw wrong(index, "a number");
        };
    }

    public boolean flag(int index) {
        return switch (argument(index)) {
            case Argument.Flag(boolean value) -> value;
            case Argument.Int(long value) -> value != 0;
            default -> throw wrong(index, "true or false");
        };
    }

    public DType type(int index) {
        return argument(index) instanceof Argument.Type(DType value) ? value : fail(index, "a dtype");
    }

    /** A list of integers that depend on no symbol. */
    public List<Long> integers(int index) {
        return sizes(index).stream().map(size -> fixed(size, index)).toList();
    }

    /** A list of integers, each perhaps a function of symbols. */
    public List<Expression> sizes(int index) {
        if (!(argument(index) instanceof Argument.Items(List<Argument> values))) {
            throw wrong(index, "a list");
        }
        return values.stream().map(value -> expression(value, index)).toList();
    }

    public Expression size(int index) {
        return expression(argument(index), index);
    }

    private Expression expression(Argument argument, int index) {
        return switch (argument) {
            case Argument.Int(long value) -> Expression.of(value);
            case Argument.Size(Expression value) -> value;
            case Argument.Real(double value)
            when value == Math.rint(value) && Math.abs(value) < 0x1p53 -> Expression.of((long) value);
            default -> throw wrong(index, "an integer");
        };
    }

    private long fixed(Expression size, int index) {
        return size.constant()
                .orElseThrow(() -> new ModelException(
                        ErrorCode.UNSUPPORTED,
                        file,
                        path + ".arguments[" + index + "]",
                        op + " cannot be converted with " + size + " here, only with a fixed number"));
    }

    private Argument argument(int index) {
        if (index >= arguments.size()) {
            throw error("arguments", op + " has " + arguments.size() + ", expected at least " + (index + 1));
        }
        return arguments.get(index);
    }

    private DType fail(int index, String wanted) {
        throw wrong(index, wanted);
    }

    private ModelException wrong(int index, String wanted) {
        return error("arguments[" + index + "]", op + " expects " + wanted + " here");
    }

    private ModelException error(String field, String problem) {
        return new ModelException(ErrorCode.MALFORMED, file, path + "." + field, problem);
    }
}
