package dev.fairlead.control.parity;

import dev.fairlead.control.artifact.Artifacts;
import dev.fairlead.control.artifact.BlobStore;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.TreeFile;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reports in the blob store. */
@Singleton
final class StoredReportFiles implements ReportFiles {
    private static final String NAME = "report.json";

    private final Artifacts artifacts;
    private final BlobStore blobs;

    StoredReportFiles(Artifacts artifacts, BlobStore blobs) {
        this.artifacts = artifacts;
        this.blobs = blobs;
    }

    @Override
    public String read(Digest tree) {
        TreeFile file = artifacts.get(tree).files().stream()
                .filter(candidate -> candidate.path().equals(NAME))
                .findFirst()
                .orElseThrow(() -> bad(tree, "is not there"));
        if (file.size() > LONGEST) {
            throw bad(tree, "has %d bytes, more than %d".formatted(file.size(), LONGEST));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        try (SeekableByteChannel channel = blobs.read(file.digest()).orElseThrow(() -> bad(tree, "is gone"))) {
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until the announced size or the end.
            }
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw bad(tree, "is not UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FairleadException bad(Digest tree, String what) {
        return new FairleadException(
                ErrorCode.PARITY_REPORT_NOT_FOUND, "report_digest", NAME + " of " + tree + " " + what);
    }
}
