package dev.fairlead.control.job;

import java.time.Duration;

/**
 * What happens to an attempt whose agent is lost.
 *
 * @param grace how long its outcome stays open
 */
public record DisconnectPolicy(Action action, Duration grace) {
    public static final DisconnectPolicy DEFAULT = new DisconnectPolicy(Action.RECOVER, Action.RECOVER.grace());

    /** What follows the grace. */
    public enum Action {
        /** The attempt has failed. */
        WAIT(Duration.ofHours(24)),
        /** The attempt is fenced off and another one starts elsewhere. */
        RECOVER(Duration.ofSeconds(30));

        private final Duration grace;

        Action(Duration grace) {
            this.grace = grace;
        }

        /** The grace where none is stated. */
        public Duration grace() {
            return grace;
        }
    }
}
