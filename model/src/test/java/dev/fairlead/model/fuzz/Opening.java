package dev.fairlead.model.fuzz;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.gguf.GgufFile;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.safetensors.Safetensors;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** Opens files one after the other in a small JVM and prints what each gave: its name, the milliseconds of processor time, and the error. */
final class Opening {
    private Opening() {}

    public static void main(String[] files) {
        for (String file : files) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            String answer = open(Path.of(file));
            long millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1_000_000;
            System.out.println(Path.of(file).getFileName() + " | " + millis + " | " + answer);
        }
    }

    private static String open(Path file) {
        String name = file.toString();
        try {
            if (name.endsWith(".onnx")) {
                OnnxFile.open(file).close();
            } else if (name.endsWith(".gguf")) {
                GgufFile.open(file).close();
            } else {
                Safetensors.open(file).close();
            }
            return "read";
        } catch (ModelException e) {
            return e.code() + " " + e.getMessage();
        } catch (OutOfMemoryError | StackOverflowError | RuntimeException e) {
            return e.toString();
        }
    }
}
