package dev.fairlead.agent.attempt;

import dev.fairlead.agent.artifact.Artifacts;
import dev.fairlead.agent.artifact.Cache;
import dev.fairlead.agent.process.ProcessGroups;
import dev.fairlead.agent.process.Supervisor;

/** What attempts work with. */
public record Workshop(
        Cache cache, Artifacts artifacts, Supervisor supervisor, ProcessGroups groups, Programs programs) {}
