package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.Tree;
import dev.fairlead.proto.v1.TreeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads and downloads through the commands that make them. */
final class UploadTest {
    @TempDir
    Path folder;

    private FakeControlPlane server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeControlPlane();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void resumesACutUploadWhereItWasCut() throws IOException {
        var bytes = new byte[3_000_000];
        new Random(7).nextBytes(bytes);
        var job = job(bytes);
        server.cutAfter.set(1_200_000);
        assertThat(new Cli().run(server, "job", "submit", job)).isZero();
        assertThat(server.uploads).hasValue(2);
        assertThat(server.blobs.values()).containsExactly(bytes);
    }

    @Test
    void sendsNothingThatTheStoreHolds() throws IOException {
        var job = job(new byte[] {1, 2, 3});
        new Cli().run(server, "job", "submit", job);
        new Cli().run(server, "job", "submit", job);
        assertThat(server.uploads).hasValue(1);
        assertThat(server.submitted).hasSize(2);
    }

    @Test
    void namesTheFileThatChangedMeanwhile() throws IOException {
        server.lost = true;
        var cli = new Cli();
        assertThat(cli.run(server, "job", "submit", job(new byte[] {1, 2, 3}))).isEqualTo(1);
        assertThat(cli.err()).contains("data.bin: changed while it was uploaded", "once nothing writes");
        assertThat(server.submitted).isEmpty();
    }

    @Test
    void uploadsEmptyFiles() throws IOException {
        assertThat(new Cli().run(server, "job", "submit", job(new byte[0]))).isZero();
        assertThat(server.blobs.values()).containsExactly(new byte[0]);
    }

    @Test
    void fetchesWhatWasUploaded() throws IOException {
        new Cli().run(server, "job", "submit", job(new byte[] {1, 2, 3}));
        var target = folder.resolve("fetched");
        assertThat(new Cli()
                        .run(server, "artifact", "get", server.trees.getFirst().getDigest(), target.toString()))
                .isZero();
        assertThat(Files.readAllBytes(target.resolve("data.bin"))).containsExactly(1, 2, 3);
    }

    @Test
    void writesNothingOutsideTheFolderThatWasNamed() {
        server.trees.add(Tree.newBuilder()
                .setDigest("sha256:0")
                .addFiles(TreeFile.newBuilder().setPath("../escaped").setBlob(BlobRef.getDefaultInstance()))
                .build());
        var cli = new Cli();
        assertThat(cli.run(
                        server,
                        "artifact",
                        "get",
                        "sha256:0",
                        folder.resolve("x").toString()))
                .isEqualTo(8);
        assertThat(cli.err()).contains("path: \"../escaped\" leaves its folder");
        assertThat(folder.resolve("escaped")).doesNotExist();
        assertThat(folder.resolve("x")).doesNotExist();
    }

    private String job(byte[] data) throws IOException {
        var source = Files.createDirectories(folder.resolve("source"));
        Files.write(source.resolve("data.bin"), data);
        var file = folder.resolve("job.yaml");
        Files.writeString(file, "kind: train\ninputs: [{name: source, ref: " + source + "}]\n");
        return file.toString();
    }
}
