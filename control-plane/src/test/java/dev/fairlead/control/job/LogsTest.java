package dev.fairlead.control.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    private static final AttemptId ATTEMPT = new AttemptId(JobId.next(JobFixture.START, new Random(1)), 1);

    @TempDir
    Path folder;

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Logs logs) {
        return new String(logs.read(ATTEMPT, 0, 1000), StandardCharsets.UTF_8);
    }

    @Test
    void keepsRepeatedAndOverlappingChunksOnce() {
        Logs logs = new Logs(folder, 1000);
        assertThat(logs.append(ATTEMPT, 0, text("abc"))).isEqualTo(3);
        assertThat(logs.append(ATTEMPT, 0, text("abc"))).isEqualTo(3);
        assertThat(logs.append(ATTEMPT, 1, text("bcde"))).isEqualTo(5);
        assertThat(logs.append(ATTEMPT, 1, text("b"))).isEqualTo(5);
        assertThat(read(logs)).isEqualTo("abcde");
    }

    @Test
    void refusesAGapAndTellsWhereToGoOn() {
        Logs logs = new Logs(folder, 1000);
        logs.append(ATTEMPT, 0, text("abc"));
        assertThat(logs.append(ATTEMPT, 5, text("f"))).isEqualTo(3);
        assertThat(read(logs)).isEqualTo("abc");
    }

    @Test
    void saysThatAFullLogWasCut() {
        Logs logs = new Logs(folder, 4);
        assertThat(logs.append(ATTEMPT, 0, text("abcdef"))).isEqualTo(6);
        assertThat(logs.append(ATTEMPT, 6, text("ghi"))).isGreaterThanOrEqualTo(9);
        assertThat(read(logs)).isEqualTo("abcd\n[fairlead: the log is full; what follows was dropped]\n");
    }

    @Test
    void readsFromAnOffset() {
        Logs logs = new Logs(folder, 1000);
        logs.append(ATTEMPT, 0, text("abcdef"));
        assertThat(logs.read(ATTEMPT, 2, 3)).isEqualTo("cde".getBytes(StandardCharsets.UTF_8));
        assertThat(logs.read(ATTEMPT, 9, 3)).isEmpty();
        assertThat(logs.read(new AttemptId(ATTEMPT.job(), 2), 0, 3)).isEmpty();
    }

    @Test
    void readsTheEndAndSaysWhereItBegins() {
        Logs logs = new Logs(folder, 1000);
        assertThat(logs.tail(ATTEMPT, 4)).isEqualTo(new Logs.Tail(0, text("")));
        logs.append(ATTEMPT, 0, text("abcdef"));
        assertThat(logs.tail(ATTEMPT, 4)).isEqualTo(new Logs.Tail(2, text("cdef")));
        assertThat(logs.tail(ATTEMPT, 6)).isEqualTo(new Logs.Tail(0, text("abcdef")));
    }
}
