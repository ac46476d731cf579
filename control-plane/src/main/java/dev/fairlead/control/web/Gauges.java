package dev.fairlead.control.web;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Values for Prometheus. A state that nothing is in is 0, not absent, so that alerts on it can be written. */
@Singleton
class Gauges {
    private final MeterRegistry registry;
    private final Map<String, AtomicLong> values = new ConcurrentHashMap<>();

    Gauges(MeterRegistry registry) {
        this.registry = registry;
    }

    <S extends Enum<S>> void byState(String name, Class<S> states, Map<S, Long> counts) {
        for (S state : states.getEnumConstants()) {
            String label = state.name().toLowerCase(Locale.ROOT);
            values.computeIfAbsent(name + "/" + label, _ -> {
                        AtomicLong value = new AtomicLong();
                        Gauge.builder(name, value, AtomicLong::doubleValue)
                                .tag("state", label)
                                .register(registry);
                        return value;
                    })
                    .set(counts.getOrDefault(state, 0L));
        }
    }

    void number(String name, long now) {
        values.computeIfAbsent(name, _ -> {
                    AtomicLong value = new AtomicLong();
                    Gauge.builder(name, value, AtomicLong::doubleValue).register(registry);
                    return value;
                })
                .set(now);
    }

    /** Shown in seconds. */
    void age(String name, Duration now) {
        values.computeIfAbsent(name, _ -> {
                    AtomicLong value = new AtomicLong();
                    TimeGauge.builder(name, value, TimeUnit.MILLISECONDS, AtomicLong::doubleValue)
                            .register(registry);
                    return value;
                })
                .set(now.toMillis());
    }
}
