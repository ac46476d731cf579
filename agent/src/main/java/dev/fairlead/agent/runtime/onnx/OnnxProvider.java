package dev.fairlead.agent.runtime.onnx;

import dev.fairlead.agent.machine.Accelerator;
import java.util.Map;

/** The execution provider that is asked for; the CPU takes what it leaves. */
public sealed interface OnnxProvider {
    /** As ONNX Runtime calls it. */
    String id();

    Accelerator accelerator();

    /** Every setting that changes results. */
    Map<String, String> precisionSettings();

    record Cpu() implements OnnxProvider {
        @Override
        public String id() {
            return "CPUExecutionProvider";
        }

        @Override
        public Accelerator accelerator() {
            return Accelerator.CPU;
        }

        @Override
        public Map<String, String> precisionSettings() {
            return Map.of();
        }
    }

    /**
     * CUDA.
     *
     * @param device ordinal of the GPU
     * @param tf32 whether float32 products may be computed with 11 bits; never left to the library's default
     */
    record Cuda(int device, Tf32 tf32) implements OnnxProvider {
        @Override
        public String id() {
            return "CUDAExecutionProvider";
        }

        @Override
        public Accelerator accelerator() {
            return Accelerator.CUDA;
        }

        @Override
        public Map<String, String> precisionSettings() {
            return Map.of("use_tf32", tf32 == Tf32.ALLOWED ? "1" : "0");
        }
    }

    /** Whether TF32 may be used. */
    enum Tf32 {
        REFUSED,
        ALLOWED
    }

    /** Core ML; computes in float16 on the Neural Engine and the GPU where it chooses to. */
    record CoreMl(ComputeUnits units) implements OnnxProvider {
        @Override
        public String id() {
            return "CoreMLExecutionProvider";
        }

        @Override
        public Accelerator accelerator() {
            return Accelerator.METAL;
        }

        @Override
        public Map<String, String> precisionSettings() {
            return Map.of("ModelFormat", "MLProgram", "MLComputeUnits", units.option());
        }
    }

    /** Which units Core ML may use. */
    enum ComputeUnits {
        ALL("ALL"),
        CPU_AND_GPU("CPUAndGPU"),
        CPU_ONLY("CPUOnly");

        private final String option;

        ComputeUnits(String option) {
            this.option = option;
        }

        String option() {
            return option;
        }
    }
}
