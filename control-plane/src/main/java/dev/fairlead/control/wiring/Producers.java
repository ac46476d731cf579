package dev.fairlead.control.wiring;

import dev.fairlead.control.tx.jdbc.Databases;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/** What features are given from outside: the database, the clock, the home folder. */
final class Producers {
    private Producers() {}

    @Produces
    @Singleton
    static Jdbi jdbi(AgroalDataSource pool) {
        return Databases.over(pool);
    }

    @Produces
    @Singleton
    static InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    static Home home(@ConfigProperty(name = "fairlead.home") String folder) {
        return new Home(Path.of(folder));
    }
}
