package dev.fairlead.model.graph;

/** One size of a shape. */
public sealed interface Dim {
    /** Known when the model was made; not negative. */
    record Fixed(long size) implements Dim {
        public Fixed {
            if (size < 0) {
                throw new IllegalArgumentException("size: negative, " + size);
            }
        }

        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /** Depends on the inputs' sizes. */
    record Symbolic(Expression expression) implements Dim {
        public Symbolic {
            if (expression.constant().isPresent()) {
                throw new IllegalArgumentException("expression: constant, " + expression);
            }
        }

        @Override
        public String toString() {
            return expression.toString();
        }
    }

    /** Nothing is stated. */
    record Unknown() implements Dim {
        @Override
        public String toString() {
            return "?";
        }
    }

    static Dim of(Expression expression) {
        return expression.constant().isPresent()
                ? new Fixed(expression.constant().getAsLong())
                : new Symbolic(expression);
    }
}
