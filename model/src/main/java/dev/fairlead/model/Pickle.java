package dev.fairlead.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Python pickles, which run code when they are loaded, and the archives that PyTorch packs them in. No reader here takes one. */
public final class Pickle {
    private static final int PROTOCOL = 0x80;
    private static final int NEWEST = 5;
    private static final int ZIP = 0x04034B50;

    private Pickle() {}

    /**
     * Refuses a pickle by its first bytes, whatever its file is called.
     *
     * @throws ModelException UNSUPPORTED
     */
    public static void refuse(MemorySegment file, String name) {
        if (file.byteSize() < 4) {
            return;
        }
        int first = file.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
        int version = file.get(ValueLayout.JAVA_BYTE, 1);
        if (first == PROTOCOL && version >= 2 && version <= NEWEST) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    name,
                    "magic",
                    "is a Python pickle, which could run any code: export safetensors");
        }
        int magic = 0;
        for (int i = 3; i >= 0; i--) {
            magic = (magic << 8) | (file.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
        }
        if (magic == ZIP) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    name,
                    "magic",
                    "is a ZIP archive, as PyTorch packs pickles in: export safetensors");
        }
    }
}
