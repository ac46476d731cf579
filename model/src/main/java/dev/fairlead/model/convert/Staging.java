package dev.fairlead.model.convert;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder beside its place, put there whole or not at all. */
final class Staging implements AutoCloseable {
    private static final int ROUNDS = 10;

    private final Path place;
    private final Path folder;
    // An interrupted program leaves nothing behind either.
    private final Thread sweeping = Thread.ofPlatform().unstarted(this::sweep);

    /**
     * Makes the folder.
     *
     * @param target does not exist, or is an empty folder
     * @throws ModelException IO when it cannot
     */
    Staging(Path target) {
        requireFree(target);
        place = target.toAbsolutePath().normalize();
        folder = place.resolveSibling("." + ModelException.name(place) + "." + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, target, "folder", e);
        }
        Runtime.getRuntime().addShutdownHook(sweeping);
    }

    /** @throws ModelException IO when there is something in the place already */
    static void requireFree(Path target) {
        if (!Files.exists(target)) {
            return;
        }
        boolean free = false;
        if (Files.isDirectory(target)) {
            try (Stream<Path> held = Files.list(target)) {
                free = held.findAny().isEmpty();
            } catch (IOException e) {
                throw new ModelException(ErrorCode.IO, target, "folder", e);
            }
        }
        if (!free) {
            throw new ModelException(ErrorCode.IO, ModelException.name(target), "folder", "exists already");
        }
    }

    Path folder() {
        return folder;
    }

    /** @throws ModelException IO when there is something in the place */
    void put() {
        try {
            // The system's rename takes an empty folder's place, and no other's.
            Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, place, "folder", e);
        }
    }

    @Override
    public void close() {
        sweep();
        try {
            var _ = Runtime.getRuntime().removeShutdownHook(sweeping);
        } catch (IllegalStateException e) {
            // The program is ending, and the hook finds nothing left.
            return;
        }
    }

    /** While a program ends, what writes goes on for a moment: a file that is new since the folder was listed takes another round. */
    private void sweep() {
        for (int round = 0; Files.exists(folder) && round < ROUNDS; round++) {
            try {
                empty();
            } catch (DirectoryNotEmptyException e) {
                if (round == ROUNDS - 1) {
                    throw new ModelException(ErrorCode.IO, folder, "folder", e);
                }
            } catch (IOException e) {
                throw new ModelException(ErrorCode.IO, folder, "folder", e);
            }
        }
    }

    private void empty() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
