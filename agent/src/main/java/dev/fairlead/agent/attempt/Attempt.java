package dev.fairlead.agent.attempt;

import java.io.IOException;
import java.util.List;

/** One attempt as the stream to the control plane sees it: what is to be sent, and what has arrived. */
public final class Attempt {
    private final AttemptLedger ledger;
    private final AttemptLog log;

    Attempt(AttemptLedger ledger, AttemptLog log) {
        this.ledger = ledger;
        this.log = log;
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
            return log.size();
        } catch (IOException e) {
            return 0;
        }
    }

    /** At most {@code limit} bytes of the log from {@code offset}; empty at its end. */
    public byte[] log(long offset, int limit) throws IOException {
        return log.read(offset, limit);
    }
}
