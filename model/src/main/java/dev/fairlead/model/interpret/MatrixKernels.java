package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** Products of matrices, the determinant and the inverse. */
final class MatrixKernels {
    private MatrixKernels() {}

    static void register(Kernels kernels) {
        kernels.add("MatMul", call -> Elementwise.one(matmul(call, call.array(0), call.array(1))));
        kernels.add("Gemm", MatrixKernels::gemm);
        kernels.add("Det", MatrixKernels::determinant);
        kernels.add("com.microsoft", "Inverse", MatrixKernels::inverse);
    }

    /** As NumPy's: a vector is a row on the left and a column on the right, leading axes broadcast. */
    static Array matmul(Call call, Array left, Array right) {
        if (left.rank() == 0 || right.rank() == 0) {
            throw call.malformed("an input is a scalar");
        }
        int[] a = left.rank() == 1 ? new int[] {1, left.shape()[0]} : left.shape();
        int[] b = right.rank() == 1 ? new int[] {right.shape()[0], 1} : right.shape();
        int rows = a[a.length - 2];
        int depth = a[a.length - 1];
        int columns = b[b.length - 1];
        if (b[b.length - 2] != depth) {
            throw call.malformed("shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " have no product");
        }
        int[] aLead = Arrays.copyOf(a, a.length - 2);
        int[] bLead = Arrays.copyOf(b, b.length - 2);
        int[] lead = Shapes.broadcast(call, aLead, bLead);
        int[] aMatrix = Shapes.broadcastIndices(aLead, lead);
        int[] bMatrix = Shapes.broadcastIndices(bLead, lead);
        int[] shape = lead;
        shape = left.rank() == 1 ? shape : Shapes.concat(shape, rows);
        shape = right.rank() == 1 ? shape : Shapes.concat(shape, columns);
        Array result = Elements.blank(left, shape);
        if (left instanceof Array.Reals x && right instanceof Array.Reals y && result instanceof Array.Reals z) {
            double[] one = call.sums().factors(x.values());
            double[] other = call.sums().factors(y.values());
            for (int i = 0; i < aMatrix.length; i++) {
                int aStart = aMatrix[i] * rows * depth;
                int bStart = bMatrix[i] * depth * columns;
                call.sums().product(one, aStart, other, bStart, z.values(), i * rows * columns, rows, depth, columns);
            }
            return result;
        }
        for (int i = 0; i < aMatrix.length; i++) {
            int aStart = aMatrix[i] * rows * depth;
            int bStart = bMatrix[i] * depth * columns;
            int start = i * rows * columns;
            if (left instanceof Array.Integers x
                    && right instanceof Array.Integers y
                    && result instanceof Array.Integers z
                    && x.dtype() == y.dtype()) {
                multiply(x.values(), aStart, y.values(), bStart, z.values(), start, rows, depth, columns);
                for (int j = start; j < start + rows * columns; j++) {
                    z.values()[j] = Widths.wrap(z.dtype(), z.values()[j]);
                }
            } else {
                throw call.malformed("inputs are not of one numeric type");
            }
        }
        return result;
    }

    private static void multiply(
            long[] a, int aStart, long[] b, int bStart, long[] c, int start, int rows, int depth, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < depth; k++) {
                long factor = a[aStart + row * depth + k];
                for (int column = 0; column < columns; column++) {
                    c[start + row * columns + column] += factor * b[bStart + k * columns + column];
                }
            }
        }
    }

    private static List<Datum> gemm(Call call) {
        Array left = call.array(0);
        Array right = call.array(1);
        boolean leftTurned = call.integer("transA", 0) != 0;
        boolean rightTurned = call.integer("transB", 0) != 0;
        Array product;
        if (left instanceof Array.Reals a && right instanceof Array.Reals b && rightTurned && !leftTurned) {
            product = timesTransposed(call, a, b);
        } else {
            product = matmul(call, leftTurned ? turned(call, left) : left, rightTurned ? turned(call, right) : right);
        }
        product = scaled(call, product, call.real("alpha", 1));
        if (!call.has(2)) {
            return Elementwise.one(product);
        }
        Array c = Elements.broadcast(scaled(call, call.array(2), call.real("beta", 1)), product.shape());
        return Elementwise.one(Elementwise.combine(call, product, c, Double::sum, (_, x, y) -> x + y));
    }

    /** The usual form of a layer, whose weight may be too large to be copied. */
    private static Array timesTransposed(Call call, Array.Reals a, Array.Reals b) {
        if (a.rank() != 2 || b.rank() != 2 || a.shape()[1] != b.shape()[1]) {
            throw call.malformed("shapes %s and %s have no product"
                    .formatted(Arrays.toString(a.shape()), Arrays.toString(b.shape())));
        }
        int rows = a.shape()[0];
        int columns = b.shape()[0];
        int depth = a.shape()[1];
        double[] left = call.sums().factors(a.values());
        double[] right = call.sums().factors(b.values());
        double[] values = new double[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[row * columns + column] = call.sums().dot(left, row * depth, right, column * depth, depth);
            }
        }
        return new Array.Reals(a.dtype(), new int[] {rows, columns}, values);
    }

    private static Array turned(Call call, Array matrix) {
        if (matrix.rank() != 2) {
            throw call.malformed("an input of rank " + matrix.rank() + " is no matrix");
        }
        return ShapeKernels.permuted(matrix, new int[] {1, 0});
    }

    private static Array scaled(Call call, Array array, double factor) {
        if (factor == 1) {
            return array;
        }
        double[] values = Arrays.stream(Numbers.doubles(call, array))
                .map(value -> value * factor)
                .toArray();
        return Numbers.like(call, array, array.shape(), values);
    }

    private static List<Datum> inverse(Call call) {
        Array.Reals array = call.reals(0);
        int size = size(call, array);
        double[] values = new double[array.size()];
        for (int start = 0; start < values.length; start += size * size) {
            double[] inverted = inverse(Arrays.copyOfRange(array.values(), start, start + size * size), size);
            System.arraycopy(inverted, 0, values, start, inverted.length);
        }
        return Elementwise.one(new Array.Reals(array.dtype(), array.shape(), values));
    }

    /** By Gauss and Jordan's elimination with the largest pivot of each column; of a singular matrix it is not finite. */
    private static double[] inverse(double[] m, int size) {
        double[] y = new double[size * size];
        for (int i = 0; i < size; i++) {
            y[i * size + i] = 1;
        }
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int row = column + 1; row < size; row++) {
                pivot = Math.abs(m[row * size + column]) > Math.abs(m[pivot * size + column]) ? row : pivot;
            }
            swap(m, pivot, column, size);
            swap(y, pivot, column, size);
            double by = m[column * size + column];
            for (int row = 0; row < size; row++) {
                double factor = m[row * size + column] / by;
                for (int j = 0; row != column && j < size; j++) {
                    m[row * size + j] -= factor * m[column * size + j];
                    y[row * size + j] -= factor * y[column * size + j];
                }
            }
            for (int j = 0; j < size; j++) {
                m[column * size + j] /= by;
                y[column * size + j] /= by;
            }
        }
        return y;
    }

    private static void swap(double[] m, int one, int other, int size) {
        for (int j = 0; one != other && j < size; j++) {
            double kept = m[one * size + j];
            m[one * size + j] = m[other * size + j];
            m[other * size + j] = kept;
        }
    }

    /** Rows of square matrices. */
    private static int size(Call call, Array.Reals array) {
        int rank = array.rank();
        if (rank < 2 || array.shape()[rank - 1] != array.shape()[rank - 2]) {
            throw call.malformed("shape " + Arrays.toString(array.shape()) + " holds no square matrices");
        }
        return array.shape()[rank - 1];
    }

    private static List<Datum> determinant(Call call) {
        Array.Reals array = call.reals(0);
        int size = size(call, array);
        int[] shape = Arrays.copyOf(array.shape(), array.rank() - 2);
        double[] values = new double[Array.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = determinant(Arrays.copyOfRange(array.values(), i * size * size, (i + 1) * size * size), size);
        }
        return Elementwise.one(new Array.Reals(array.dtype(), shape, values));
    }

    /** By elimination with the largest pivot of each column. */
    private static double determinant(double[] m, int size) {
        double result = 1;
        for (int k = 0; k < size; k++) {
            int pivot = k;
            for (int row = k + 1; row < size; row++) {
                if (Math.abs(m[row * size + k]) > Math.abs(m[pivot * size + k])) {
                    pivot = row;
                }
            }
            double head = m[pivot * size + k];
            if (head == 0) {
                return 0;
            }
            if (pivot != k) {
                for (int column = 0; column < size; column++) {
                    double swapped = m[k * size + column];
                    m[k * size + column] = m[pivot * size + column];
                    m[pivot * size + column] = swapped;
                }
                result = -result;
            }
            result *= head;
            for (int row = k + 1; row < size; row++) {
                double factor = m[row * size + k] / head;
                for (int column = k; column < size; column++) {
                    m[row * size + column] -= factor * m[k * size + column];
                }
            }
        }
        return result;
    }
}
