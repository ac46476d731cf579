package dev.fairlead.bench.convert;

import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import java.nio.file.Path;

/** A program that converts one model to ONNX, for its memory to be watched. */
final class ConvertOnce {
    private ConvertOnce() {}

    /** Source and target. */
    public static void main(String[] arguments) {
        Conversion conversion = Converter.convert(Path.of(arguments[0]), Path.of(arguments[1]), Options.defaults());
        System.exit(conversion instanceof Conversion.Converted ? 0 : 1);
    }
}
