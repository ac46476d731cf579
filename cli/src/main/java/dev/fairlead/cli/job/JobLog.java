package dev.fairlead.cli.job;

import dev.fairlead.cli.server.Connection;
import dev.fairlead.proto.v1.JobLogChunk;
import dev.fairlead.proto.v1.JobLogsRequest;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Prints one attempt's log, bytes that are no UTF-8 replaced; a character cut between two chunks is put together again. */
public final class JobLog {
    private final Connection connection;
    private final PrintWriter out;

    public JobLog(Connection connection, PrintWriter out) {
        this.connection = connection;
        this.out = out;
    }

    public void print(JobLogsRequest request) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        var rest = ByteBuffer.allocate(0);
        var chunks = connection.jobsStream().logs(request);
        while (chunks.hasNext()) {
            var bytes = join(rest, chunks.next());
            var characters = CharBuffer.allocate(bytes.remaining() + 1);
            decoder.decode(bytes, characters, false);
            out.print(characters.flip());
            out.flush();
            rest = bytes;
        }
    }

    private static ByteBuffer join(ByteBuffer rest, JobLogChunk chunk) {
        return ByteBuffer.allocate(rest.remaining() + chunk.getData().size())
                .put(rest)
                .put(chunk.getData().asReadOnlyByteBuffer())
                .flip();
    }
}
