package dev.fairlead.agent.wiring;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Holds an agent's home for one process: two over the same attempts would fight for them. */
record HomeLock(FileChannel channel) implements AutoCloseable {

    static HomeLock take(Path home) throws IOException {
        var channel = FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IOException(home + ": another agent uses this home");
        }
        return new HomeLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
