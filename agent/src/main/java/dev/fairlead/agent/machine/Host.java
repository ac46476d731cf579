package dev.fairlead.agent.machine;

/**
 * The operating system and the machine under it.
 *
 * @param cores logical processors
 * @param memory all of the machine's memory
 */
public record Host(String os, String osVersion, String arch, String hostname, String cpu, int cores, Bytes memory) {
    public Host {
        if (cores < 1) {
            throw new IllegalArgumentException("cores: want at least 1, got " + cores);
        }
    }
}
