package dev.fairlead.control.web;

import dev.fairlead.control.schedule.Placing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** Counts placements: only the control plane that leads makes any, so their sum over all of them is the rate of the fleet. */
@Singleton
final class PlacementMeter implements MeterBinder {
    private final Placing placing;

    PlacementMeter(Placing placing) {
        this.placing = placing;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("fairlead.placements", placing, Placing::placed)
                .description("Attempts placed on agents by this control plane since it started.")
                .register(registry);
    }
}
