package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.TextArray;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a value of the graph holds while it is interpreted. */
public sealed interface Datum {
    /** A dense array. */
    record Dense(Array array) implements Datum {}

    /** ONNX' sequence type. */
    record Sequence(List<Datum> items) implements Datum {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** ONNX' optional type. */
    record Maybe(Optional<Datum> item) implements Datum {}

    static Datum of(Array array) {
        return new Dense(array);
    }

    /** A copy of what a file or a constant holds. */
    static Datum of(Content content) {
        return switch (content) {
            case Content.Dense(var tensor) -> of(Array.of(tensor));
            case Content.Texts(var texts) -> of(Array.of(texts));
            case Content.Sequence(var items) ->
                new Sequence(items.stream().map(Datum::of).toList());
            case Content.Maybe(var item) -> new Maybe(item.map(Datum::of));
        };
    }

    /** A copy that holds each number at its declared width, rounded to nearest. */
    default Content content() {
        return switch (this) {
            case Dense(Array.Texts texts) ->
                new Content.Texts(new TextArray(
                        Arrays.stream(texts.shape()).asLongStream().boxed().toList(), List.of(texts.values())));
            case Dense(Array.Reals array) -> new Content.Dense(array.tensor());
            case Dense(Array.Integers array) -> new Content.Dense(array.tensor());
            case Dense(Array.Complexes array) -> new Content.Dense(array.tensor());
            case Sequence(var items) ->
                new Content.Sequence(items.stream().map(Datum::content).toList());
            case Maybe(var item) -> new Content.Maybe(item.map(Datum::content));
        };
    }
}
