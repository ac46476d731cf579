/** NVIDIA GPUs as the driver tells them: through NVML, or else through nvidia-smi. */
@NullMarked
package dev.fairlead.agent.cuda.gpu;

import org.jspecify.annotations.NullMarked;
