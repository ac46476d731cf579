/** Tests of jobs, without and with a database. */
@NullMarked
package dev.fairlead.control.job;

import org.jspecify.annotations.NullMarked;
