package dev.fairlead.agent.process;

import dev.fairlead.agent.machine.Bytes;
import java.util.Set;

/** What the operating system knows of process groups. */
public interface ProcessGroups {
    /** Ends the group at once, or asks it to end. A group that is gone is fine. */
    void signal(long group, Signal signal);

    /** Resident memory of all the group's processes together; 0 where there are none. */
    Bytes resident(long group);

    /** The members' process ids; a zombie does not count. */
    Set<Long> members(long group);

    enum Signal {
        TERM,
        KILL
    }
}
