package io.modelyard.serving;

/** Why a model leaves memory though nobody unloaded it. */
public enum EvictionCause {
    /** Another one needs its place. */
    ROOM,
    /** More is in memory than allowed, since models took more than was estimated. */
    LIMIT,
    /** Nobody asked for it for a long time. */
    IDLE
}
