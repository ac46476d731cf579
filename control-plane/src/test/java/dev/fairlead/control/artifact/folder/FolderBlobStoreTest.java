package dev.fairlead.control.artifact.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.artifact.BlobRef;
import dev.fairlead.control.artifact.BlobStore;
import dev.fairlead.control.artifact.BlobStore.Mode;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.Manifest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTest {
    @TempDir
    Path folder;

    @Test
    void aBlobAppearsWholeAndOnlyWhenPublished() throws IOException {
        BlobStore store = new FolderBlobStore(folder);
        byte[] bytes = random(100_000, 1);
        BlobRef blob = ref(bytes);

        try (BlobStore.Upload upload = store.upload(blob)) {
            upload.append(0, ByteBuffer.wrap(bytes));
            assertThat(store.size(blob.digest())).isEmpty();
            assertThat(upload.settle()).isTrue();
            assertThat(store.size(blob.digest())).isEmpty();
            upload.publish();
        }

        assertThat(store.size(blob.digest())).hasValue(bytes.length);
        assertThat(content(store, blob)).isEqualTo(bytes);
        assertThat(folder.resolve("partial")).isEmptyDirectory();
    }

    @Property(tries = 50)
    void goesOnWhereverItWasCut(@ForAll @Size(max = 6) List<@IntRange(max = 5000) Integer> cuts) throws IOException {
        Path fresh = Files.createTempDirectory("fairlead-blobs");
        byte[] bytes = random(5000, 2);
        BlobRef blob = ref(bytes);
        for (int cut : cuts) {
            // A new store each time: the service was killed in between.
            BlobStore store = new FolderBlobStore(fresh);
            int from = Math.toIntExact(store.received(blob.digest()));
            try (BlobStore.Upload upload = store.upload(blob)) {
                if (cut > from) {
                    upload.append(from, ByteBuffer.wrap(bytes, from, cut - from));
                }
                assertThat(upload.received()).isEqualTo(Math.max(from, cut));
            }
        }
        BlobStore store = new FolderBlobStore(fresh);
        int from = Math.toIntExact(store.received(blob.digest()));
        try (BlobStore.Upload upload = store.upload(blob)) {
            upload.append(from, ByteBuffer.wrap(bytes, from, bytes.length - from));
            assertThat(upload.settle()).isTrue();
            upload.publish();
        }
        assertThat(content(store, blob)).isEqualTo(bytes);
    }

    @Test
    void dropsBytesWithTheWrongHash() {
        BlobStore store = new FolderBlobStore(folder);
        byte[] bytes = random(1000, 3);
        BlobRef blob = ref(bytes);
        byte[] wrong = bytes.clone();
        wrong[500]++;

        try (BlobStore.Upload upload = store.upload(blob)) {
            upload.append(0, ByteBuffer.wrap(wrong));
            fails(upload::settle, ErrorCode.BLOB_CORRUPT);
        }

        assertThat(store.received(blob.digest())).isZero();
        assertThat(folder.resolve("partial")).isEmptyDirectory();
        put(store, bytes);
        assertThat(store.size(blob.digest())).hasValue(1000);
    }

    @Test
    void refusesAGapAndBytesBeyondTheSize() {
        BlobStore store = new FolderBlobStore(folder);
        byte[] bytes = random(1000, 4);

        try (BlobStore.Upload upload = store.upload(ref(bytes))) {
            upload.append(0, ByteBuffer.wrap(bytes, 0, 10));
            fails(() -> upload.append(11, ByteBuffer.wrap(bytes, 11, 10)), ErrorCode.UPLOAD_OFFSET_MISMATCH);
            fails(() -> upload.append(10, ByteBuffer.allocate(991)), ErrorCode.BLOB_SIZE_MISMATCH);
            assertThat(upload.settle()).isFalse();
        }
        assertThat(store.received(ref(bytes).digest())).isEqualTo(10);
    }

    @Test
    void manyWritersOfOneBlobHelpEachOther() throws Exception {
        BlobStore store = new FolderBlobStore(folder);
        byte[] bytes = random(1_000_003, 5);
        BlobRef blob = ref(bytes);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                int chunk = 1000 + 777 * writer;
                writers.add(threads.submit(() -> {
                    try (BlobStore.Upload upload = store.upload(blob)) {
                        for (int at = 0; at < bytes.length; at += chunk) {
                            upload.append(at, ByteBuffer.wrap(bytes, at, Math.min(chunk, bytes.length - at)));
                        }
                        assertThat(upload.settle()).isTrue();
                        upload.publish();
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(content(store, blob)).isEqualTo(bytes);
    }

    @Test
    void knowsAnEmptyBlob() {
        BlobStore store = new FolderBlobStore(folder);

        put(store, new byte[0]);

        assertThat(store.size(ref(new byte[0]).digest())).hasValue(0);
    }

    @Test
    void saysWithNumbersThatTheDiskIsFull() {
        BlobStore store = new FolderBlobStore(folder, () -> 999);
        byte[] bytes = random(1000, 6);

        assertThatThrownBy(() -> store.upload(ref(bytes)))
                .hasMessage("the disk of the artifact store is full: "
                        + ref(bytes).digest() + " needs 1000 bytes more and 999 are free");
    }

    @Test
    void refusesAnotherSizeForAKnownBlob() {
        BlobStore store = new FolderBlobStore(folder);
        byte[] bytes = random(10, 7);
        put(store, bytes);

        fails(() -> store.upload(new BlobRef(ref(bytes).digest(), 11)), ErrorCode.BLOB_SIZE_MISMATCH);
    }

    @Test
    void sparesPartialsThatSomebodyStillWrites() {
        BlobStore store = new FolderBlobStore(folder);
        byte[] bytes = random(100, 8);
        Instant later = InstantSource.system().instant().plusSeconds(60);
        BlobStore.Upload upload = store.upload(ref(bytes));
        upload.append(0, ByteBuffer.wrap(bytes, 0, 50));

        assertThat(store.dropStalePartials(later, Mode.REMOVE).count()).isZero();
        upload.close();
        assertThat(store.dropStalePartials(later, Mode.DRY_RUN)).isEqualTo(new BlobStore.Removed(1, 50));
        assertThat(store.dropStalePartials(later, Mode.REMOVE)).isEqualTo(new BlobStore.Removed(1, 50));
        assertThat(store.received(ref(bytes).digest())).isZero();
    }

    @Test
    void sweepsPastAnUploadThatVanishesMeanwhile() throws IOException {
        FolderBlobStore store = new FolderBlobStore(folder);
        Path vanished = folder.resolve("partial").resolve("ab".repeat(32));
        Files.createSymbolicLink(vanished, folder.resolve("gone"));

        assertThat(store.dropStalePartials(Instant.MAX, Mode.REMOVE)).isEqualTo(new BlobStore.Removed(0, 0));
    }

    @Test
    void visitsAndDeletesBlobs() {
        BlobStore store = new FolderBlobStore(folder);
        put(store, random(10, 9));
        put(store, random(20, 10));
        List<BlobRef> seen = new ArrayList<>();

        store.forEach(stored -> seen.add(stored.blob()));

        assertThat(seen).containsExactlyInAnyOrder(ref(random(10, 9)), ref(random(20, 10)));
        store.delete(ref(random(10, 9)).digest());
        assertThat(store.read(ref(random(10, 9)).digest())).isEmpty();
    }

    private static void put(BlobStore store, byte[] bytes) {
        try (BlobStore.Upload upload = store.upload(ref(bytes))) {
            upload.append(0, ByteBuffer.wrap(bytes));
            assertThat(upload.settle()).isTrue();
            upload.publish();
        }
    }

    private static byte[] content(BlobStore store, BlobRef blob) throws IOException {
        try (SeekableByteChannel channel = store.read(blob.digest()).orElseThrow()) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            while (buffer.hasRemaining()) {
                assertThat(channel.read(buffer)).isPositive();
            }
            return buffer.array();
        }
    }

    private static void fails(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static BlobRef ref(byte[] bytes) {
        return new BlobRef(new Digest(HexFormat.of().formatHex(Manifest.sha256().digest(bytes))), bytes.length);
    }
}
