package dev.fairlead.agent.attempt;

/** Where the steps of an attempt are recorded as spans of its job's trace. */
public interface Steps {
    Steps NONE = (name, assignment) -> new Step() {
        @Override
        public String traceparent() {
            return assignment.traceparent();
        }

        @Override
        public void close() {
            // Nothing is recorded.
        }
    };

    Step begin(String name, Assignment assignment);

    /** A step under way; closing it ends it. */
    interface Step extends AutoCloseable {
        /** W3C Trace Context for what the step starts; empty where there is none. */
        String traceparent();

        @Override
        void close();
    }
}
