/** The registry's documents kept in an SQLite file. */
@NullMarked
package io.modelyard.registry.sqlite;

import org.jspecify.annotations.NullMarked;
