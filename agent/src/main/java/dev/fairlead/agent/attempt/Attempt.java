package dev.fairlead.agent.attempt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** One attempt as the stream to the control plane sees it: what is to be sent, and what has arrived. */
public final class Attempt {
    private final AttemptLedger ledger;
    private final Path log;

    Attempt(AttemptLedger ledger, Path folder) {
        this.ledger = ledger;
        this.log = new TaskFiles(folder).log();
    }

    AttemptLedger ledger() {
        return ledger;
    }

    public AttemptKey key() {
        return ledger.journal().assignment().key();
    }

    /** Updates that the control plane has not acknowledged, oldest first. */
    public List<AttemptUpdate> pending() {
        return ledger.pending();
    }

    /** Whether the last update is made. */
    public boolean ended() {
        return ledger.journal().phase() == Journal.Phase.ENDED;
    }

    /** Bytes of the log that the control plane holds. */
    public long logAcknowledged() {
        return ledger.journal().logAcknowledged();
    }

    public long logSize() {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** At most {@code limit} bytes of the log from {@code offset}; empty at its end. */
    public byte[] log(long offset, int limit) throws IOException {
        if (!Files.exists(log)) {
            return new byte[0];
        }
        try (var channel = FileChannel.open(log, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocate(Math.clamp(channel.size() - offset, 0, limit));
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
                // Reads until full or at the end.
            }
            byte[] data = new byte[buffer.position()];
            buffer.flip().get(data);
            return data;
        }
    }
}
