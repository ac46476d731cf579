package dev.fairlead.control.access.grpc;

import dev.fairlead.control.access.Caller;
import io.grpc.Context;

/** The caller of the current call, in gRPC's context. */
public final class Callers {
    static final Context.Key<Caller> KEY = Context.key("fairlead-caller");

    private Callers() {}

    /**
     * Who calls.
     *
     * @throws IllegalStateException outside a call that needs credentials
     */
    public static Caller current() {
        Caller caller = KEY.get();
        if (caller == null) {
            throw new IllegalStateException("no caller: not inside a call, or the call needs no credentials");
        }
        return caller;
    }

    /** For tests of services without a server: {@code as(caller).run(…)}. */
    public static Context as(Caller caller) {
        return Context.current().withValue(KEY, caller);
    }
}
