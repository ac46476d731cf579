package dev.fairlead.agent.runtime.onnx;

import dev.fairlead.agent.machine.ModelFormat;
import dev.fairlead.agent.runtime.ModelRuntime;
import dev.fairlead.agent.runtime.RuntimeProvider;

/** Chooses the execution provider by the device that a job was given. */
public final class OnnxRuntimeProvider implements RuntimeProvider {
    @Override
    public boolean serves(ModelFormat format) {
        return format == ModelFormat.ONNX;
    }

    @Override
    public ModelRuntime open(Request request) {
        return new OnnxRuntime(
                provider(request), request.standIn() ? OnnxRuntime.Role.STAND_IN : OnnxRuntime.Role.REAL);
    }

    private static OnnxProvider provider(Request request) {
        String device = request.device();
        if (device.startsWith("cuda:")) {
            var tf32 = request.options().getOrDefault("use_tf32", "0").equals("1")
                    ? OnnxProvider.Tf32.ALLOWED
                    : OnnxProvider.Tf32.REFUSED;
            return new OnnxProvider.Cuda(Integer.parseInt(device.substring("cuda:".length())), tf32);
        }
        if (device.startsWith("metal:")) {
            return new OnnxProvider.CoreMl(OnnxProvider.ComputeUnits.ALL);
        }
        return new OnnxProvider.Cpu();
    }
}
