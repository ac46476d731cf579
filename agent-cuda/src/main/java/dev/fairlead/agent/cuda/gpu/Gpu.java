package dev.fairlead.agent.cuda.gpu;

import dev.fairlead.agent.machine.Bytes;

/**
 * One GPU.
 *
 * @param index the driver's ordinal
 * @param mig whether it is divided (MIG): then its memory is not one piece
 */
public record Gpu(int index, String name, String uuid, Bytes total, Bytes free, String driver, boolean mig) {
    public Gpu {
        if (index < 0) {
            throw new IllegalArgumentException("index: want at least 0, got " + index);
        }
    }
}
