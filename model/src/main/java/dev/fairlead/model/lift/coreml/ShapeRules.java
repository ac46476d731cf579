package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The same numbers under another shape or in another order of axes. */
final class ShapeRules {
    private ShapeRules() {}

    static void register(Rules rules) {
        rules.add("identity", (call, out) -> out.alias(call.output(), tensor(call)));
        rules.add("reshape", ShapeRules::reshape);
        rules.add("reshape_like", ShapeRules::reshapeLike);
        rules.add("expand_dims", ShapeRules::expandDims);
        rules.add("squeeze", ShapeRules::squeeze);
        rules.add("transpose", ShapeRules::transpose);
        rules.add("flatten2d", ShapeRules::flatten);
        rules.add(
                "shape",
                (call, out) -> out.result("Cast", Attributes.to(call.outputDtype()), out.shape(call.get("x"))));
        rules.add("concat", ShapeRules::concat);
        rules.add("stack", ShapeRules::stack);
        rules.add("split", ShapeRules::split);
        rules.add("tile", (call, out) -> out.result("Tile", out.of(call.get("x")), out.longs(call.get("reps"))));
    }

    private static Operand tensor(Invocation call) {
        Operand x = call.get("x");
        call.type(x);
        return x;
    }

    private static void reshape(Invocation call, Emitter out) {
        Operand x = call.get("x");
        Optional<Tensor> known = call.known("shape");
        if (known.isEmpty()) {
            out.result("Reshape", out.of(x), out.longs(call.get("shape")));
            return;
        }
        List<Long> shape = Invocation.integers(known.get());
        if (!shape.contains(0L)) {
            out.result("Reshape", out.of(x), out.integers(shape));
            return;
        }
        if (call.specification() < CoremlModel.IOS_17) {
            // Zero stands for the axis of the same place, as in ONNX; otherwise the model has empty tensors.
            if (shape.size() == call.rank(x)) {
                out.result("Reshape", out.of(x), out.integers(shape));
            } else {
                throw call.unsupported("a zero in the shape of another rank than the operand's");
            }
            return;
        }
        out.result("Reshape", out.of(x), fromTheRight(x, shape, call, out));
    }

    /** From iOS 17 on zeros are matched counting from the last axis, and stand for 1 where there is no axis. */
    private static String fromTheRight(Operand x, List<Long> shape, Invocation call, Emitter out) {
        int shift = shape.size() - call.rank(x);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            int axis = i - shift;
            parts.add(shape.get(i) != 0 ? out.integers(shape.get(i)) : axis < 0 ? out.integers(1) : out.size(x, axis));
        }
        return out.inner("Concat", Attributes.of("axis", 0), parts.toArray(String[]::new));
    }

    /** The shape is put together from parts of other tensors' shapes. */
    private static void reshapeLike(Invocation call, Emitter out) {
        List<Operand> references = call.all("ref_tensors");
        List<Operand> begins = call.all("begins");
        List<Operand> ends = call.all("ends");
        List<Operand> masks = call.all("end_masks");
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < references.size(); i++) {
            int rank = call.rank(references.get(i));
            long begin = single(begins, i, call);
            long end = single(masks, i, call) != 0 ? rank : single(ends, i, call);
            for (int axis = call.axis(begin, rank + 1); axis < (end < 0 ? end + rank : end); axis++) {
                parts.add(out.size(references.get(i), axis));
            }
        }
        String shape = out.inner("Concat", Attributes.of("axis", 0), parts.toArray(String[]::new));
        out.result("Reshape", out.of(call.get("x")), shape);
    }

    private static long single(List<Operand> operands, int index, Invocation call) {
        if (index >= operands.size()) {
            throw call.malformed("ref_tensors", "has more values than begins, ends or end_masks");
        }
        Tensor tensor = Invocation.known(operands.get(index))
                .orElseThrow(() -> call.unsupported("a position in a shape is not constant"));
        return tensor.longAt(0);
    }

    private static void expandDims(Invocation call, Emitter out) {
        out.result("Unsqueeze", out.of(call.get("x")), out.integers(call.integers("axes")));
    }

    /** MIL leaves an axis that is not of size 1 as it is; ONNX would refuse it. */
    private static void squeeze(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        List<Integer> axes = new ArrayList<>();
        Optional<List<Long>> stated = call.optionalIntegers("axes");
        for (int axis = 0; axis < rank; axis++) {
            int here = axis;
            boolean wanted = stated.isEmpty() || stated.get().stream().anyMatch(a -> call.axis(a, rank) == here);
            Optional<Long> size = call.size(x, axis);
            if (wanted
                    && size.isEmpty()
                    && call.rank(call.outputType(0))
                            == rank - stated.map(List::size).orElse(-1)) {
                // The type says that all stated axes go, so this one is of size 1.
                axes.add(axis);
            } else if (wanted && size.isEmpty()) {
                throw call.unsupported("whether an axis has size 1 is not known");
            } else if (wanted && size.get() == 1) {
                axes.add(axis);
            }
        }
        if (axes.isEmpty()) {
            out.alias(call.output(), x);
        } else {
            out.result("Squeeze", out.of(x), out.integers(axes));
        }
    }

    private static void transpose(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        List<Integer> perm = call.integers("perm").stream()
                .map(axis -> call.axis(axis, rank))
                .toList();
        out.result("Transpose", Attributes.of("perm", perm), out.of(x));
    }

    private static void flatten(Invocation call, Emitter out) {
        Operand x = call.get("x");
        long axis = call.integer("axis", 1);
        out.result("Flatten", Attributes.of("axis", axis < 0 ? axis + call.rank(x) : axis), out.of(x));
    }

    private static void concat(Invocation call, Emitter out) {
        List<Operand> values = call.all("values");
        if (values.isEmpty()) {
            throw call.malformed("values", "is missing");
        }
        int rank = call.rank(values.getFirst());
        int axis = call.axis("axis", 0, rank);
        if (!call.flag("interleave", false)) {
            String[] inputs = values.stream()
                    .map(value -> out.as(value, call.outputDtype()))
                    .toArray(String[]::new);
            out.result("Concat", Attributes.of("axis", axis), inputs);
            return;
        }
        // Side by side on an axis of their own right after, then merged with it.
        String[] apart = values.stream()
                .map(value -> out.inner("Unsqueeze", out.of(value), out.integers(axis + 1)))
                .toArray(String[]::new);
        String together = out.inner("Concat", Attributes.of("axis", axis + 1), apart);
        List<String> shape = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            String size = out.size(values.getFirst(), i);
            shape.add(i == axis ? out.inner("Mul", size, out.integers(values.size())) : size);
        }
        out.result("Reshape", together, out.inner("Concat", Attributes.of("axis", 0), shape.toArray(String[]::new)));
    }

    private static void stack(Invocation call, Emitter out) {
        List<Operand> values = call.all("values");
        if (values.isEmpty()) {
            throw call.malformed("values", "is missing");
        }
        int axis = call.axis("axis", 0, call.rank(values.getFirst()) + 1);
        String[] apart = values.stream()
                .map(value -> out.inner("Unsqueeze", out.as(value, call.outputDtype()), out.integers(axis)))
                .toArray(String[]::new);
        out.result("Concat", Attributes.of("axis", axis), apart);
    }

    private static void split(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int axis = call.axis("axis", 0, call.rank(x));
        if (call.has("split_sizes")) {
            out.results("Split", Attributes.of("axis", axis), out.of(x), out.longs(call.get("split_sizes")));
        } else {
            long count = call.integer("num_splits");
            if (count != call.operation().outputs().size()) {
                throw call.malformed(
                        "num_splits",
                        count + ", but there are as many outputs as "
                                + call.operation().outputs().size());
            }
            out.results(
                    "Split",
                    Attributes.all(Attributes.of("axis", axis), Attributes.of("num_outputs", count)),
                    out.of(x));
        }
    }
}
