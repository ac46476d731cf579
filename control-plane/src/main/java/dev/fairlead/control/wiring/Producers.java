package dev.fairlead.control.wiring;

import dev.fairlead.control.access.AgentKeys;
import dev.fairlead.control.artifact.ArtifactStore;
import dev.fairlead.control.artifact.Artifacts;
import dev.fairlead.control.artifact.BlobStore;
import dev.fairlead.control.artifact.FenceCheck;
import dev.fairlead.control.artifact.GarbageCollector;
import dev.fairlead.control.artifact.References;
import dev.fairlead.control.artifact.Uploads;
import dev.fairlead.control.artifact.folder.FolderBlobStore;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.tx.Transactions;
import dev.fairlead.control.tx.jdbc.Databases;
import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.All;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/** What features are given from outside: the database, the clock, randomness, the home folder, their settings. */
final class Producers {
    private Producers() {}

    @Produces
    @Singleton
    static Jdbi jdbi(AgroalDataSource pool) {
        return Databases.over(pool);
    }

    /** Ticks in microseconds, as PostgreSQL keeps them: what was just made equals what is read back. */
    @Produces
    @Singleton
    static InstantSource clock() {
        return Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS));
    }

    @Produces
    @Singleton
    static SecureRandom random() {
        return new SecureRandom();
    }

    @Produces
    @Singleton
    static Home home(@ConfigProperty(name = "fairlead.home") String folder) {
        return new Home(Path.of(folder));
    }

    @Produces
    @Singleton
    static BlobStore blobs(Home home) {
        return new FolderBlobStore(home.blobs());
    }

    @Produces
    @Singleton
    static Artifacts artifacts(
            BlobStore blobs, ArtifactStore store, Transactions transactions, FenceCheck fences, InstantSource clock) {
        return new Artifacts(blobs, store, transactions, fences, clock);
    }

    @Produces
    @Singleton
    static Uploads uploads(
            BlobStore blobs,
            ArtifactStore store,
            Transactions transactions,
            InstantSource clock,
            ArtifactSettings settings) {
        return new Uploads(blobs, store, transactions, clock, settings.quota());
    }

    @Produces
    @Singleton
    static GarbageCollector garbage(
            BlobStore blobs,
            ArtifactStore store,
            Transactions transactions,
            @All List<References> references,
            InstantSource clock,
            ArtifactSettings settings) {
        return new GarbageCollector(blobs, store, transactions, references, clock, settings.grace());
    }

    @Produces
    @DefaultBean
    @Singleton
    static AgentKeys noAgents() {
        return _ -> Optional.empty();
    }

    @Produces
    @DefaultBean
    @Singleton
    static FenceCheck noAttempts() {
        return (attempt, _) -> {
            throw new FairleadException(
                    ErrorCode.ATTEMPT_NOT_FOUND, "attempt_id", "no attempt " + attempt + " is known");
        };
    }
}
