package dev.fairlead.agent.cuda.gpu;

import dev.fairlead.agent.machine.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/** The driver's management library, called directly. Signatures are those of nvml.h; each call returns 0 on success. */
final class Nvml {
    private static final String LIBRARY = "libnvidia-ml.so.1";
    private static final int NAME_BYTES = 96;
    private static final int MIG_ENABLED = 1;

    private static final MemoryLayout[] POINTER = {ValueLayout.ADDRESS};
    private static final MemoryLayout[] TEXT = {ValueLayout.ADDRESS, ValueLayout.JAVA_INT};
    private static final MemoryLayout[] HANDLE_BY_INDEX = {ValueLayout.JAVA_INT, ValueLayout.ADDRESS};
    private static final MemoryLayout[] DEVICE_TEXT = {ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT};
    private static final MemoryLayout[] DEVICE_POINTER = {ValueLayout.ADDRESS, ValueLayout.ADDRESS};
    private static final MemoryLayout[] DEVICE_TWO_POINTERS = {
        ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS
    };

    private final SymbolLookup symbols;
    private final Arena arena;

    private Nvml(SymbolLookup symbols, Arena arena) {
        this.symbols = symbols;
        this.arena = arena;
    }

    static GpuSurvey survey() {
        try (var arena = Arena.ofConfined()) {
            SymbolLookup symbols;
            try {
                symbols = SymbolLookup.libraryLookup(LIBRARY, arena);
            } catch (IllegalArgumentException e) {
                return new GpuSurvey.None(LIBRARY + " was not found");
            }
            return new Nvml(symbols, arena).gpus();
        }
    }

    private GpuSurvey gpus() {
        int initialised = call("nvmlInit_v2", new MemoryLayout[0]);
        if (initialised != 0) {
            return new GpuSurvey.None(LIBRARY + ": nvmlInit_v2 returned " + initialised);
        }
        try {
            var count = arena.allocate(ValueLayout.JAVA_INT);
            int status = call("nvmlDeviceGetCount_v2", POINTER, count);
            int devices = count.get(ValueLayout.JAVA_INT, 0);
            if (status != 0 || devices == 0) {
                return new GpuSurvey.None(LIBRARY + ": " + devices + " GPUs, nvmlDeviceGetCount_v2 returned " + status);
            }
            var driver = arena.allocate(NAME_BYTES);
            String version =
                    call("nvmlSystemGetDriverVersion", TEXT, driver, NAME_BYTES) == 0 ? driver.getString(0) : "";
            List<Gpu> gpus = new ArrayList<>();
            for (int index = 0; index < devices; index++) {
                gpus.add(gpu(index, version));
            }
            return new GpuSurvey.Found(gpus);
        } finally {
            var _ = call("nvmlShutdown", new MemoryLayout[0]);
        }
    }

    private Gpu gpu(int index, String driver) {
        var slot = arena.allocate(ValueLayout.ADDRESS);
        require("nvmlDeviceGetHandleByIndex_v2", call("nvmlDeviceGetHandleByIndex_v2", HANDLE_BY_INDEX, index, slot));
        MemorySegment device = slot.get(ValueLayout.ADDRESS, 0);
        var name = arena.allocate(NAME_BYTES);
        require("nvmlDeviceGetName", call("nvmlDeviceGetName", DEVICE_TEXT, device, name, NAME_BYTES));
        var uuid = arena.allocate(NAME_BYTES);
        require("nvmlDeviceGetUUID", call("nvmlDeviceGetUUID", DEVICE_TEXT, device, uuid, NAME_BYTES));
        // nvmlMemory_t: total, free, used.
        var memory = arena.allocate(ValueLayout.JAVA_LONG, 3);
        require("nvmlDeviceGetMemoryInfo", call("nvmlDeviceGetMemoryInfo", DEVICE_POINTER, device, memory));
        var current = arena.allocate(ValueLayout.JAVA_INT);
        var pending = arena.allocate(ValueLayout.JAVA_INT);
        // A GPU without MIG answers "not supported".
        boolean mig = call("nvmlDeviceGetMigMode", DEVICE_TWO_POINTERS, device, current, pending) == 0
                && current.get(ValueLayout.JAVA_INT, 0) == MIG_ENABLED;
        return new Gpu(
                index,
                name.getString(0),
                uuid.getString(0),
                new Bytes(memory.getAtIndex(ValueLayout.JAVA_LONG, 0)),
                new Bytes(memory.getAtIndex(ValueLayout.JAVA_LONG, 1)),
                driver,
                mig);
    }

    private static void require(String function, int status) {
        if (status != 0) {
            throw new IllegalStateException(LIBRARY + ": " + function + " returned " + status);
        }
    }

    private int call(String function, MemoryLayout[] parameters, Object... arguments) {
        MethodHandle handle = Linker.nativeLinker()
                .downcallHandle(
                        symbols.find(function)
                                .orElseThrow(
                                        () -> new IllegalStateException(LIBRARY + ": " + function + " is missing")),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(LIBRARY + ": " + function, e);
        }
    }
}
