/** The child process of the built-in job kinds: parses untrusted models in a JVM of its own. */
@NullMarked
package dev.fairlead.agent.worker;

import org.jspecify.annotations.NullMarked;
