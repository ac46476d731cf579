package dev.fairlead.control.wiring;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** {@code fairlead.artifacts.*}. */
@ConfigMapping(prefix = "fairlead.artifacts")
public interface ArtifactSettings {
    /** Bytes that blobs may take in all; 0 for any number. */
    @WithDefault("0")
    long quota();

    /** How long garbage collection spares what somebody relied on last. */
    @WithDefault("1h")
    Duration grace();
}
