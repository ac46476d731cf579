/** What both agents share. */
@NullMarked
package dev.fairlead.agent;

import org.jspecify.annotations.NullMarked;
