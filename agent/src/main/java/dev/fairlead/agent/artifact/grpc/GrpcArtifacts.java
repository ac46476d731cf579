package dev.fairlead.agent.artifact.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.fairlead.agent.artifact.Artifacts;
import dev.fairlead.agent.artifact.Digest;
import dev.fairlead.agent.artifact.Tree;
import dev.fairlead.agent.artifact.TreeFile;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.proto.v1.ArtifactsGrpc;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.DownloadBlobRequest;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.MissingRequest;
import dev.fairlead.proto.v1.PartialBlob;
import dev.fairlead.proto.v1.UploadBlobResponse;
import dev.fairlead.proto.v1.UploadChunk;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The artifact store over gRPC. */
public final class GrpcArtifacts implements Artifacts {
    private static final int CHUNK = 1 << 20;
    private static final int BLOBS_A_QUESTION = 10_000;
    private static final long CALL_SECONDS = 60;
    // A blob may be hundreds of gigabytes: the deadline only ends what hangs for ever.
    private static final long TRANSFER_HOURS = 24;

    private final Channel channel;

    public GrpcArtifacts(Channel channel) {
        this.channel = channel;
    }

    @Override
    public Tree tree(Digest digest) {
        try {
            var answer = calls().getTree(GetTreeRequest.newBuilder()
                    .setDigest(digest.toString())
                    .build());
            return new Tree(answer.getFilesList().stream()
                    .map(file -> new TreeFile(
                            file.getPath(),
                            Digest.parse(file.getBlob().getDigest()),
                            file.getBlob().getSize()))
                    .toList());
        } catch (StatusException e) {
            throw CallFailures.of("tree " + digest, e);
        }
    }

    @Override
    public void download(Digest blob, long offset, Sink sink) throws IOException {
        var request = DownloadBlobRequest.newBuilder()
                .setDigest(blob.toString())
                .setOffset(offset)
                .build();
        var call = transfers().downloadBlob(request);
        try {
            while (call.hasNext()) {
                sink.accept(call.read().getData().toByteArray());
            }
        } catch (StatusException e) {
            throw CallFailures.of("blob " + blob, e);
        } catch (InterruptedException e) {
            throw CallFailures.interrupted();
        } finally {
            call.cancel("done", null);
        }
    }

    @Override
    public Digest commit(OutputFolder output, String attemptId, long fence) throws IOException {
        Map<Digest, TreeFile> blobs = new LinkedHashMap<>();
        output.files().forEach(file -> blobs.putIfAbsent(file.digest(), file));
        List<TreeFile> all = List.copyOf(blobs.values());
        try {
            for (int from = 0; from < all.size(); from += BLOBS_A_QUESTION) {
                upload(output.folder(), blobs, all.subList(from, Math.min(all.size(), from + BLOBS_A_QUESTION)));
            }
            var request = CommitTreeRequest.newBuilder()
                    .setAttemptId(attemptId)
                    .setFence(fence)
                    .setDigest(output.tree().digest().toString());
            output.files()
                    .forEach(file ->
                            request.addFilesBuilder().setPath(file.path()).setBlob(ref(file)));
            return Digest.parse(calls().commitTree(request.build()).getDigest());
        } catch (StatusException e) {
            throw CallFailures.of("commit", e);
        } catch (InterruptedException e) {
            throw CallFailures.interrupted();
        }
    }

    private void upload(Path folder, Map<Digest, TreeFile> blobs, List<TreeFile> some)
            throws StatusException, InterruptedException, IOException {
        var question = MissingRequest.newBuilder();
        some.forEach(file -> question.addBlobs(ref(file)));
        for (PartialBlob missing : calls().missing(question.build()).getMissingList()) {
            TreeFile file = blobs.get(Digest.parse(missing.getDigest()));
            if (file != null) {
                upload(folder.resolve(file.path()), file, missing.getReceived());
            }
        }
    }

    private void upload(Path path, TreeFile file, long from) throws StatusException, InterruptedException, IOException {
        BlockingClientCall<UploadChunk, UploadBlobResponse> call = transfers().uploadBlob();
        try (var source = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long offset = from;
            boolean first = true;
            while (first || offset < file.size()) {
                var chunk = UploadChunk.newBuilder().setOffset(offset);
                if (first) {
                    chunk.setBlob(ref(file));
                    first = false;
                }
                byte[] data = read(source, offset, (int) Math.min(CHUNK, file.size() - offset));
                if (data.length == 0 && offset < file.size()) {
                    throw new AgentFailure(
                            FailureCode.BAD_OUTPUT, file.path() + ": became shorter while it was being kept");
                }
                offset += data.length;
                if (!call.write(
                        chunk.setData(UnsafeByteOperations.unsafeWrap(data)).build())) {
                    break;
                }
            }
            call.halfClose();
            @Nullable UploadBlobResponse answer = call.read();
            if (answer == null || !answer.getComplete()) {
                throw new AgentFailure(
                        FailureCode.UNAVAILABLE, file.path() + ": the store did not confirm the whole blob");
            }
        } finally {
            call.cancel("done", null);
        }
    }

    private static byte[] read(FileChannel source, long offset, int size) throws IOException {
        var buffer = ByteBuffer.allocate(size);
        while (buffer.hasRemaining() && source.read(buffer, offset + buffer.position()) >= 0) {
            // Reads until full or at the end.
        }
        byte[] data = new byte[buffer.position()];
        buffer.flip().get(data);
        return data;
    }

    private static BlobRef ref(TreeFile file) {
        return BlobRef.newBuilder()
                .setDigest(file.digest().toString())
                .setSize(file.size())
                .build();
    }

    private ArtifactsGrpc.ArtifactsBlockingV2Stub calls() {
        return ArtifactsGrpc.newBlockingV2Stub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
    }

    private ArtifactsGrpc.ArtifactsBlockingV2Stub transfers() {
        return ArtifactsGrpc.newBlockingV2Stub(channel).withDeadlineAfter(TRANSFER_HOURS, TimeUnit.HOURS);
    }
}
