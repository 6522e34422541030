package io.modelyard.logging;

/** In what form lines are written. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** One object a line, for machines. */
    JSON
}
