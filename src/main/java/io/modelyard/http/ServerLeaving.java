package io.modelyard.http;

/** The event that the server begins to stop: it is not ready any more, and what never ends by itself must be ended now. */
public record ServerLeaving() {}
