package dev.fairlead.agent.cuda.gpu;

import java.util.List;

/** What was found of NVIDIA GPUs. */
public sealed interface GpuSurvey {
    record Found(List<Gpu> gpus) implements GpuSurvey {
        public Found {
            gpus = List.copyOf(gpus);
        }
    }

    /**
     * There is none.
     *
     * @param why one sentence
     */
    record None(String why) implements GpuSurvey {}

    /** Asks NVML first, then nvidia-smi. */
    static GpuSurvey take() {
        GpuSurvey nvml = Nvml.survey();
        return switch (nvml) {
            case Found found -> found;
            case None(String why) ->
                switch (NvidiaSmi.survey()) {
                    case Found found -> found;
                    case None(String also) -> new None(why + "; " + also);
                };
        };
    }
}
