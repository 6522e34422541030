package io.modelyard.database;

/** What kind of database it is, for the few statements that differ. */
public enum Product {
    /** A file that belongs to one server. */
    SQLITE,
    /** A server that several replicas share. */
    POSTGRESQL
}
