/** What people and probes see over HTTP: the dashboard's pages, metrics, and health. Reads everything, changes nothing. */
@NullMarked
package dev.fairlead.control.web;

import org.jspecify.annotations.NullMarked;
