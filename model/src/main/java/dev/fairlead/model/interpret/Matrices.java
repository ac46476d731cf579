package dev.fairlead.model.interpret;

import java.util.Arrays;

/**
 * Matrices behind leading axes that are broadcast, and NumPy's product of them.
 *
 * @param shape of rank 1 or more
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Matrices(double[] values, int[] shape) {
    static Matrices of(Call call, int index) {
        return new Matrices(Doubles.of(call, index), call.array(index).shape());
    }

    Matrices times(Call call, Matrices other) {
        if (shape.length == 0 || other.shape.length == 0) {
            throw call.malformed("a scalar is no matrix");
        }
        boolean row = shape.length == 1;
        boolean column = other.shape.length == 1;
        int[] left = row ? new int[] {1, shape[0]} : shape;
        int[] right = column ? new int[] {other.shape[0], 1} : other.shape;
        int inner = left[left.length - 1];
        if (inner != right[right.length - 2]) {
            throw call.malformed(Arrays.toString(shape) + " times " + Arrays.toString(other.shape));
        }
        int rows = left[left.length - 2];
        int columns = right[right.length - 1];
        int[] batch = broadcast(Position.before(left, left.length - 2), Position.before(right, right.length - 2));
        int[] first = Position.broadcast(call, Position.before(left, left.length - 2), batch);
        int[] second = Position.broadcast(call, Position.before(right, right.length - 2), batch);
        double[] product = new double[first.length * rows * columns];
        for (int n = 0; n < first.length; n++) {
            for (int i = 0; i < rows; i++) {
                int to = (n * rows + i) * columns;
                for (int k = 0; k < inner; k++) {
                    double value = values[(first[n] * rows + i) * inner + k];
                    int from = (second[n] * inner + k) * columns;
                    for (int j = 0; j < columns; j++) {
                        product[to + j] += value * other.values[from + j];
                    }
                }
            }
        }
        int[] matrix = row ? (column ? new int[0] : new int[] {columns}) : column ? new int[] {rows} : null;
        return new Matrices(
                product, matrix == null ? Position.joined(batch, rows, columns) : Position.joined(batch, matrix));
    }

    /** NumPy's common shape; what does not fit is left to {@link Position#broadcast}. */
    static int[] broadcast(int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] shape = new int[rank];
        for (int axis = 1; axis <= rank; axis++) {
            int first = axis > a.length ? 1 : a[a.length - axis];
            int second = axis > b.length ? 1 : b[b.length - axis];
            shape[rank - axis] = first == 1 ? second : first;
        }
        return shape;
    }

    /** Swaps the last two axes. */
    Matrices transposed() {
        if (shape.length < 2) {
            return this;
        }
        int rows = shape[shape.length - 2];
        int columns = shape[shape.length - 1];
        double[] turned = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int plane = i / (rows * columns);
            turned[(plane * columns + i % columns) * rows + i / columns % rows] = values[i];
        }
        int[] other = shape.clone();
        other[shape.length - 2] = columns;
        other[shape.length - 1] = rows;
        return new Matrices(turned, other);
    }
}
