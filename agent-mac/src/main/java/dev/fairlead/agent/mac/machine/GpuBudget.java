package dev.fairlead.agent.mac.machine;

import dev.fairlead.agent.machine.Bytes;
import java.util.Optional;

/** How much memory jobs may use on Apple's GPU, which shares it with the rest. */
final class GpuBudget {
    private static final Bytes SMALL = Bytes.parse("36GiB");

    private GpuBudget() {}

    /**
     * MLX's word first, then an administrator's limit, then Metal's rule of thumb: two thirds of the memory up to
     * 36 GiB, three quarters above.
     */
    static Bytes of(Optional<Bytes> recommendedByMlx, Sysctl sysctl) {
        if (recommendedByMlx.isPresent()) {
            return recommendedByMlx.get();
        }
        Bytes memory = sysctl.memory();
        return sysctl.wiredLimit()
                .orElseGet(() -> new Bytes(memory.exceeds(SMALL) ? memory.value() / 4 * 3 : memory.value() / 3 * 2));
    }
}
