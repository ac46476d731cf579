package dev.fairlead.control.promotion;

import java.util.List;

/** The environments there are. */
public interface Environments {
    /** By name, or ENVIRONMENT_NOT_FOUND. */
    Environment get(String name);

    /** Sorted by name. */
    List<Environment> list();

    /** Creates or replaces. Promotions that have started keep the environment they started with. */
    void put(Environment environment);
}
