package dev.fairlead.model.interpret;

/** The discrete Fourier transform by its definition. */
final class Fourier {
    private Fourier() {}

    /**
     * Real and imaginary parts in turns, in and out.
     *
     * @param inverse with the other sign, and divided by the length
     */
    static double[] transform(double[] line, boolean inverse) {
        int length = line.length / 2;
        double[] cos = new double[length];
        double[] sin = new double[length];
        for (int n = 0; n < length; n++) {
            double angle = 2 * Math.PI * n / length;
            cos[n] = StrictMath.cos(angle);
            sin[n] = inverse ? StrictMath.sin(angle) : -StrictMath.sin(angle);
        }
        double[] transformed = new double[line.length];
        for (int k = 0; k < length; k++) {
            double real = 0;
            double imaginary = 0;
            for (int n = 0; n < length; n++) {
                int turn = (int) ((long) k * n % length);
                real += line[2 * n] * cos[turn] - line[2 * n + 1] * sin[turn];
                imaginary += line[2 * n] * sin[turn] + line[2 * n + 1] * cos[turn];
            }
            transformed[2 * k] = inverse ? real / length : real;
            transformed[2 * k + 1] = inverse ? imaginary / length : imaginary;
        }
        return transformed;
    }
}
