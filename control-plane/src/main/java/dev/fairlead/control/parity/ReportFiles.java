package dev.fairlead.control.parity;

import dev.fairlead.control.artifact.Digest;

/** Reads reports, which are no model files, from the artifact store. */
public interface ReportFiles {
    /** Longer reports are refused: bytes. */
    long LONGEST = 4L << 20;

    /**
     * The text of report.json in this tree.
     *
     * @throws dev.fairlead.control.error.FairleadException where the tree or the file is not there, is longer than {@link
     *     #LONGEST}, or is not UTF-8
     */
    String read(Digest tree);
}
