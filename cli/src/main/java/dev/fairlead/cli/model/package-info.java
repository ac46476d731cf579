/** The commands on models, with the control plane and offline. */
@NullMarked
package dev.fairlead.cli.model;

import org.jspecify.annotations.NullMarked;
