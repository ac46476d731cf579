package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sequences of tensors inside a model, whose lengths and positions are known: nothing of them is left in the program. */
final class SequenceRules {
    private SequenceRules() {}

    static void register(Rules rules) {
        rules.add("SequenceEmpty", (call, mil) -> call.result(List.of()));
        rules.add("SequenceConstruct", SequenceRules::construct);
        rules.add("SequenceInsert", SequenceRules::insert);
        rules.add("SequenceErase", SequenceRules::erase);
        rules.add("SequenceAt", SequenceRules::at);
        rules.add(
                "SequenceLength",
                (call, mil) -> call.result(
                        0, Tensor.ofLongs(List.of(), call.sequence(0).size())));
        rules.add("SplitToSequence", SequenceRules::split);
        rules.add("ConcatFromSequence", SequenceRules::concat);
    }

    private static void construct(Call call, Mil mil) {
        List<Scope.Held> items = new ArrayList<>();
        for (int i = 0; i < call.inputs(); i++) {
            items.add(call.held(i));
        }
        call.result(items);
    }

    private static int position(Call call, int index, int size) {
        long at = call.constant(index, "position").longAt(0);
        long found = at < 0 ? at + size : at;
        if (found < 0 || found > size) {
            throw Refusals.malformed("position " + at + " of a sequence of " + size);
        }
        return (int) found;
    }

    private static void insert(Call call, Mil mil) {
        List<Scope.Held> items = new ArrayList<>(call.sequence(0));
        items.add(call.has(2) ? position(call, 2, items.size()) : items.size(), call.held(1));
        call.result(items);
    }

    private static void erase(Call call, Mil mil) {
        List<Scope.Held> items = new ArrayList<>(call.sequence(0));
        items.remove(call.has(1) ? position(call, 1, items.size()) : items.size() - 1);
        call.result(items);
    }

    private static void at(Call call, Mil mil) {
        Scope.Held item =
                call.sequence(0).get(position(call, 1, call.sequence(0).size()));
        call.result(item.value(), item.declared());
    }

    /** Parts of stated sizes, of one stated size with a smaller one at the end, or single elements. */
    private static void split(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.integer("axis", 0));
        long size = x.size(axis);
        boolean single = !call.has(1);
        long[] sizes;
        if (single || call.constant(1, "split").shape().isEmpty()) {
            long each = single ? 1 : call.constant(1, "split").longAt(0);
            sizes = new long[Math.toIntExact(Math.ceilDiv(size, each))];
            Arrays.fill(sizes, each);
            sizes[sizes.length - 1] = size - each * (sizes.length - 1);
        } else {
            sizes = call.longs(1, "split");
        }
        boolean drop = single && call.integer("keepdims", 1) == 0;
        call.result(mil.split(x, axis, sizes).stream()
                .map(part -> new Scope.Held(drop ? mil.squeeze(part, axis) : part, call.declared(0)))
                .toList());
    }

    private static void concat(Call call, Mil mil) {
        List<Scope.Held> items = call.sequence(0);
        List<Var> values = items.stream().map(Scope.Held::value).toList();
        int axis = Math.toIntExact(call.integer("axis"));
        boolean fresh = call.isSet("new_axis");
        int rank = values.getFirst().rank();
        Var made = fresh ? mil.stack(values, axis < 0 ? axis + rank + 1 : axis) : mil.concat(values, axis);
        call.result(made, items.getFirst().declared());
    }
}
