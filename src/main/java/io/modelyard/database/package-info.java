/**
 * The database in which this server keeps what it observes: connections that are ready to be used, the two products it may
 * be (SQLite for one server, PostgreSQL for several), and its tables. What is kept is the business of those who connect.
 */
@NullMarked
package io.modelyard.database;

import org.jspecify.annotations.NullMarked;
