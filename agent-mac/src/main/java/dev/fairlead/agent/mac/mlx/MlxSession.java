package dev.fairlead.agent.mac.mlx;

import dev.fairlead.agent.artifact.Folders;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.runtime.Inputs;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model in the Python child; tensors cross as safetensors files. */
final class MlxSession implements RuntimeSession {
    private final MlxProcess process;
    private final Signature signature;
    private final RuntimeInfo info;
    private final Path folder;
    private Optional<Safetensors> last = Optional.empty();
    private boolean closed;

    MlxSession(MlxProcess process, Signature signature, RuntimeInfo info) {
        this.process = process;
        this.signature = signature;
        this.info = info;
        try {
            this.folder = Files.createTempDirectory("fairlead-mlx");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public RuntimeInfo info() {
        return info;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps) {
        if (closed) {
            throw new IllegalStateException("mlx: the session is closed");
        }
        Inputs.check(signature, inputs);
        closeLast();
        Path given = folder.resolve("inputs.safetensors");
        Path found = folder.resolve("outputs.safetensors");
        try {
            Files.deleteIfExists(found);
        } catch (IOException e) {
            throw new AgentFailure(FailureCode.INTERNAL, found + ": " + e.getMessage(), e);
        }
        SafetensorsWriter.write(given, inputs, Map.of());
        var request = MlxProcess.request("run").put("inputs", given.toString()).put("outputs", found.toString());
        taps.forEach(request.putArray("tap")::add);
        process.ask(request);
        var outputs = Safetensors.open(found);
        last = Optional.of(outputs);
        return outputs.tensors();
    }

    private void closeLast() {
        last.ifPresent(Safetensors::close);
        last = Optional.empty();
    }

    @Override
    public void cancel() {
        process.cancel();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        process.close();
        closeLast();
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
