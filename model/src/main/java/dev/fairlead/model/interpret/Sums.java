package dev.fairlead.model.interpret;

/** How a kernel adds up numbers: each kernel's reductions go through here, so that a run can have them as a machine might. */
interface Sums {
    /** In float64, from the first to the last. */
    Sums EXACT = new Exact();

    /** The sum of two numbers. */
    double add(double sum, double term);

    /** The order in which so many terms are added; not to be changed. */
    int[] order(int count);

    /** The factors of products as the machine reads them; the same memory where it reads them as they are. */
    double[] factors(double[] values);

    /** The sum of all. */
    double of(double[] terms);

    /** {@code a[aFrom + i] * b[bFrom + i]}, summed over {@code count}; both have gone through {@link #factors}. */
    double dot(double[] a, int aFrom, double[] b, int bFrom, int count);

    /** Adds to {@code c[rows][columns]} the product of {@code a[rows][depth]} and {@code b[depth][columns]}; likewise. */
    void product(
            double[] a, int aStart, double[] b, int bStart, double[] c, int start, int rows, int depth, int columns);

    /** Plain loops. */
    final class Exact implements Sums {
        private Exact() {}

        @Override
        public double add(double sum, double term) {
            return sum + term;
        }

        @Override
        public int[] order(int count) {
            return Shapes.all(count);
        }

        @Override
        public double[] factors(double[] values) {
            return values;
        }

        @Override
        public double of(double[] terms) {
            double sum = 0;
            for (double term : terms) {
                sum += term;
            }
            return sum;
        }

        @Override
        public double dot(double[] a, int aFrom, double[] b, int bFrom, int count) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += a[aFrom + i] * b[bFrom + i];
            }
            return sum;
        }

        @Override
        public void product(
                double[] a,
                int aStart,
                double[] b,
                int bStart,
                double[] c,
                int start,
                int rows,
                int depth,
                int columns) {
            for (int row = 0; row < rows; row++) {
                for (int k = 0; k < depth; k++) {
                    double factor = a[aStart + row * depth + k];
                    for (int column = 0; column < columns; column++) {
                        c[start + row * columns + column] += factor * b[bStart + k * columns + column];
                    }
                }
            }
        }
    }
}
