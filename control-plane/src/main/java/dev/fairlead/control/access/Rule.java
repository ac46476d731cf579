package dev.fairlead.control.access;

/** Who may make a call. */
public sealed interface Rule {
    /** Decides for a caller who has shown valid credentials. */
    boolean allows(Caller caller);

    /** What a refused caller would need, for the message. */
    String need();

    /** Needs no credentials at all. */
    record Open() implements Rule {
        @Override
        public boolean allows(Caller caller) {
            return true;
        }

        @Override
        public String need() {
            return "nothing";
        }
    }

    /** People and programs with a role. */
    record AtLeast(Role role) implements Rule {
        @Override
        public boolean allows(Caller caller) {
            return caller.agent().isEmpty() && caller.role().atLeast(role);
        }

        @Override
        public String need() {
            return "the role " + Rule.spoken(role);
        }
    }

    /** People and programs with a role, and any agent. */
    record AtLeastOrAgent(Role role) implements Rule {
        @Override
        public boolean allows(Caller caller) {
            return caller.agent().isPresent() || caller.role().atLeast(role);
        }

        @Override
        public String need() {
            return "the role " + Rule.spoken(role) + ", or an agent's key";
        }
    }

    /** Agents only. */
    record Agents() implements Rule {
        @Override
        public boolean allows(Caller caller) {
            return caller.agent().isPresent();
        }

        @Override
        public String need() {
            return "an agent's key";
        }
    }

    private static String spoken(Role role) {
        return switch (role) {
            case VIEWER -> "viewer";
            case SUBMITTER -> "submitter";
            case PROMOTER -> "promoter";
            case ADMIN -> "admin";
        };
    }
}
